import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { backoffSeconds } from '../../src/rules/backoff.ts';
import { loopbackAddress, postOnce, type Posted } from './post-batch.ts';
import { readPrepared, type PreparedBatch } from './prepared-batches.ts';

/**
 * Program: many machines that each send what they have at a moment of their own, whatever became of the others (an open
 * loop), over a connection of their own as the agent does, with the agent's own waits between tries. What counts is the
 * time from the moment a machine was due to the moment its last batch was acknowledged, so that a slow server is not
 * excused by senders that wait for it (coordinated omission).
 */
export const openLoopOrder = z.strictObject({
  kind: z.literal('openLoop'),
  origin: z.url(),
  file: z.string(),
  /** When each machine is due, in milliseconds after the beginning. */
  dueMs: z.array(z.number()),
  /** How many tries failed before the first of these, as after an outage. */
  failuresBefore: z.int().min(0),
  schools: z.int().min(1),
});
export const openLoopOutcome = z.strictObject({
  kind: z.literal('openLoopDone'),
  /** From due to acknowledged, one for each machine, in milliseconds. */
  ackMs: z.array(z.number()),
  /** From the beginning to the last acknowledgement. */
  lastAckSeconds: z.number(),
  /** Answers 429 or 503, and exchanges that broke off. */
  sentAway: z.int(),
  brokenOff: z.int(),
  refused: z.array(z.string()),
  /** How late this program itself was, at worst: beyond a few milliseconds its own load falsifies what it measures. */
  latestStartMs: z.number(),
});
export type OpenLoopOutcome = z.infer<typeof openLoopOutcome>;

async function run(order: z.infer<typeof openLoopOrder>): Promise<OpenLoopOutcome> {
  const origin = new URL(order.origin);
  const prepared = readPrepared(order.file);
  const ofMachine = new Map<number, PreparedBatch[]>();
  for (const batch of prepared.batches) ofMachine.set(batch.machine, [...(ofMachine.get(batch.machine) ?? []), batch]);
  const outcome: OpenLoopOutcome = {
    kind: 'openLoopDone',
    ackMs: [],
    lastAckSeconds: 0,
    sentAway: 0,
    brokenOff: 0,
    refused: [],
    latestStartMs: 0,
  };
  const began = performance.now();

  const deliver = async (machine: number, batches: readonly PreparedBatch[], dueMs: number): Promise<void> => {
    const from = loopbackAddress(machine % order.schools);
    let failures = order.failuresBefore;
    for (const batch of batches) {
      for (;;) {
        const posted: Posted = await postOnce(origin, from, batch, prepared.bodyOf(batch));
        if (posted.kind === 'stored') break;
        if (posted.kind === 'refused') return void outcome.refused.push(posted.why);
        if (posted.answered) outcome.sentAway += 1;
        else outcome.brokenOff += 1;
        failures += 1;
        await pause(backoffSeconds(failures, Math.random(), posted.afterSeconds) * 1_000);
      }
      failures = 0;
    }
    const now = performance.now() - began;
    outcome.ackMs.push(now - dueMs);
    outcome.lastAckSeconds = now / 1_000;
  };

  const due = [...ofMachine]
    .map(([machine, batches]) => ({ machine, batches, dueMs: order.dueMs[machine] ?? 0 }))
    .sort((one, other) => one.dueMs - other.dueMs);
  const underWay: Promise<void>[] = [];
  for (const { machine, batches, dueMs } of due) {
    const early = dueMs - (performance.now() - began);
    if (early > 0) await pause(early);
    outcome.latestStartMs = Math.max(outcome.latestStartMs, performance.now() - began - dueMs);
    underWay.push(deliver(machine, batches, dueMs));
  }
  await Promise.all(underWay);
  prepared.close();
  return outcome;
}

if (import.meta.main) {
  process.once('message', (message) => {
    run(openLoopOrder.parse(message)).then(
      (outcome) => process.send?.(outcome, () => process.exit(0)),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
  process.send?.({ kind: 'ready' });
}
