import type { Witness } from '../../proof/index.ts';
import { cosignedAt, readCheckpoint } from '../../proof/index.ts';
import type { ServerContext } from '../context.ts';
import { openFinding, settleFindings } from './findings.ts';
import type { KeptCheckpoint } from './checkpoints.ts';
import { consistencyProof } from './log.ts';
import { TileReader } from './tiles.ts';

/** Where a witness listens, and the key it signs with. */
export interface WitnessSettings extends Witness {
  url: string;
}

/** How long a witness may take for one answer. */
const patienceMs = 10_000;
/** A witness that names another size than asked about is asked once more, with the proof from that size. */
const attempts = 3;

/** What came of asking. `refused`: it saw another history of this log; `unreachable`: it gave no answer of use. */
export type WitnessOutcome = 'cosigned' | 'refused' | 'unreachable';

/**
 * Asks the witness to sign a checkpoint (https://c2sp.org/tlog-witness, `add-checkpoint`), keeps its signature, and
 * keeps a refusal as a finding: a witness that cannot follow from what it signed before saw another history.
 */
export async function askWitness(
  context: ServerContext,
  witness: WitnessSettings,
  checkpoint: KeptCheckpoint,
): Promise<WitnessOutcome> {
  const { store, owner, log } = context;
  let old = await cosignedSize(context, witness.name);
  if (old === checkpoint.size) return 'cosigned';
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    let answer: { status: number; text: string };
    try {
      answer = await addCheckpoint(context, witness, old, checkpoint);
    } catch (error) {
      log.warn({ err: error, witness: witness.name }, 'the witness could not be reached');
      return 'unreachable';
    }
    if (answer.status === 200) {
      const line = answer.text;
      const read = readCheckpoint(checkpoint.note + line);
      const at = read === null ? null : cosignedAt(witness, read);
      if (at === null) return await refused(context, witness, checkpoint, 'it answered without its own signature');
      await store
        .insertInto('cosignatures')
        .values({
          trust_id: owner.trustId,
          size: checkpoint.size,
          witness: witness.name,
          line: line.split('\n').find((one) => one.startsWith(`— ${witness.name} `)) + '\n',
          at: at.toISOString(),
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      await settleFindings(context, 'witnessRefused');
      return 'cosigned';
    }
    const named = answer.status === 409 ? /^(\d{1,16})\n?$/.exec(answer.text)?.[1] : undefined;
    if (named !== undefined && Number(named) !== old && Number(named) <= checkpoint.size) {
      old = Number(named);
      continue;
    }
    return await refused(context, witness, checkpoint, reasonOf(answer.status, named, checkpoint.size));
  }
  return 'unreachable';
}

function reasonOf(status: number, named: string | undefined, size: number): string {
  if (status === 422) return 'the proof does not lead from what it signed before to this checkpoint';
  if (status === 409 && named !== undefined && Number(named) > size)
    return `it has signed a larger log of ${named} entries, and this server now shows only ${size}`;
  if (status === 409) return 'it has signed another log of the same size';
  if (status === 404 || status === 403) return 'it does not know this log. Give its operator the key shown here';
  return `it answered with status ${status}`;
}

async function refused(
  context: ServerContext,
  witness: WitnessSettings,
  checkpoint: KeptCheckpoint,
  why: string,
): Promise<WitnessOutcome> {
  await openFinding(context, {
    kind: 'witnessRefused',
    place: null,
    schoolId: null,
    detail: `The witness ${witness.name} did not sign the checkpoint of ${checkpoint.size} entries: ${why}.`,
    pass: 0,
  });
  return 'refused';
}

/** The size of the newest checkpoint the witness signed; 0 before the first. */
async function cosignedSize({ store, owner }: ServerContext, witness: string): Promise<number> {
  const row = await store
    .selectFrom('cosignatures')
    .select('size')
    .where('trust_id', '=', owner.trustId)
    .where('witness', '=', witness)
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.size ?? 0;
}

async function addCheckpoint(
  { store, owner }: ServerContext,
  witness: WitnessSettings,
  old: number,
  checkpoint: KeptCheckpoint,
): Promise<{ status: number; text: string }> {
  const proof = await consistencyProof(new TileReader(store, owner.trustId), old, checkpoint.size);
  const lines = [`old ${old}`, ...proof.map((hash) => hash.toString('base64')), '', checkpoint.note];
  const answer = await fetch(`${witness.url.replace(/\/$/, '')}/add-checkpoint`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body: lines.join('\n'),
    redirect: 'error',
    signal: AbortSignal.timeout(patienceMs),
  });
  return { status: answer.status, text: await boundedText(answer) };
}

/** A witness's answer is a few lines; what is longer is none. */
async function boundedText(answer: Response): Promise<string> {
  const most = 16 * 1024;
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of answer.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > most) throw new Error('The witness answered with more than a signature');
  }
  return text + decoder.decode();
}
