import { z } from 'zod';
import { connectionFrom, postBatch } from './post-batch.ts';
import { readPrepared, type PreparedBatch } from './prepared-batches.ts';

/**
 * Program: sends prepared batches as fast as they are acknowledged, one connection for each machine, each machine's
 * batches in their order. A process of its own; told what to do over Node's IPC channel.
 */
export const sendOrder = z.strictObject({ kind: z.literal('send'), origin: z.url(), file: z.string() });
export const sendOutcome = z.strictObject({
  kind: z.literal('sent'),
  events: z.int(),
  batches: z.int(),
  seconds: z.number(),
  /** Processor seconds this program itself used. */
  cpuSeconds: z.number(),
});
export type SendOutcome = z.infer<typeof sendOutcome>;

async function send(order: z.infer<typeof sendOrder>): Promise<SendOutcome> {
  const prepared = readPrepared(order.file);
  const origin = new URL(order.origin);
  const ofMachine = new Map<number, { batch: PreparedBatch; body: Buffer }[]>();
  for (const batch of prepared.batches) {
    const list = ofMachine.get(batch.machine) ?? [];
    list.push({ batch, body: prepared.bodyOf(batch) });
    ofMachine.set(batch.machine, list);
  }
  const cpuBefore = process.cpuUsage();
  const began = performance.now();
  await Promise.all(
    [...ofMachine].map(async ([machine, list]) => {
      const agent = connectionFrom(machine);
      for (const { batch, body } of list) {
        const posted = await postBatch(origin, agent, batch, body);
        if (posted.kind !== 'stored') throw new Error(`A batch was not taken: ${JSON.stringify(posted)}`);
      }
      agent.destroy();
    }),
  );
  const seconds = (performance.now() - began) / 1_000;
  const { user, system } = process.cpuUsage(cpuBefore);
  prepared.close();
  const events = prepared.batches.reduce((sum, batch) => sum + batch.events, 0);
  return { kind: 'sent', events, batches: prepared.batches.length, seconds, cpuSeconds: (user + system) / 1e6 };
}

if (import.meta.main) {
  process.once('message', (message) => {
    send(sendOrder.parse(message)).then(
      (outcome) => process.send?.(outcome, () => process.exit(0)),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
  process.send?.({ kind: 'ready' });
}
