import { readWitnessKey } from '../../proof/index.ts';
import type { ServerContext } from '../context.ts';
import type { Job } from '../jobs/jobs.ts';
import { checkHeld } from './check-held.ts';
import { makeCheckpoint } from './checkpoints.ts';
import { askWitness, type WitnessSettings } from './witness.ts';

/** A checkpoint is promised every 15 minutes; every 5 keeps the promise when one run fails. */
const checkpointSeconds = 5 * 60;
const checkSeconds = 30;
/** Records one run verifies: some 300 ms of work in 30 s, and 57 million records a day. */
const recordsPerRun = 20_000;

/** Checkpoints, and going over everything held again and again. */
export function integrityJobs(context: ServerContext, witness: WitnessSettings | null): Job[] {
  return [
    { name: 'checkpoint', everySeconds: checkpointSeconds, run: () => checkpointAndWitness(context, witness) },
    { name: 'integrity check', everySeconds: checkSeconds, run: () => checkHeld(context, { budget: recordsPerRun }) },
  ];
}

/** Makes a checkpoint when anything is new, and has it signed by the witness, where there is one. */
export async function checkpointAndWitness(context: ServerContext, witness: WitnessSettings | null): Promise<void> {
  const checkpoint = await makeCheckpoint(context);
  if (checkpoint !== null && witness !== null) await askWitness(context, witness, checkpoint);
}

/** @throws Error naming the setting when only one of the two is there, or the key is none. */
export function witnessFrom(url: string | undefined, key: string | undefined): WitnessSettings | null {
  if (url === undefined && key === undefined) return null;
  if (url === undefined || key === undefined)
    throw new Error('A witness needs both USHER_WITNESS_URL and USHER_WITNESS_KEY. Set the other, or neither.');
  const witness = readWitnessKey(key);
  if (witness === null)
    throw new Error('The setting USHER_WITNESS_KEY is not the key of a witness. Copy it as the witness publishes it.');
  return { ...witness, url };
}
