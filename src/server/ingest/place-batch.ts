import type { SealedRecord } from '../../contract/record.ts';
import { genesisHash } from '../../proof/index.ts';

/** What is held of one machine's epoch. */
export interface HeldChain {
  headSeq: number;
  /** Hash of a held record; undefined for one that is not held. */
  hashAt(seq: number): string | undefined;
}

export type Placement =
  /** `fresh` continues what is held; empty when everything was held already. */
  | { kind: 'continues'; fresh: readonly SealedRecord[] }
  | { kind: 'gap'; expectedSeq: number }
  /** The chain starts wrongly: no epoch may begin like this. */
  | { kind: 'broken'; record: SealedRecord; why: string }
  /** Another record stands where one is held. `seq` is the first place that differs, as far as the batch shows. */
  | { kind: 'fork'; seq: number; heldHash: string; givenHash: string; record: SealedRecord };

/** A batch that cannot go on what is held. */
export type NotPlaced = Exclude<Placement, { kind: 'continues' }>;

/** Decides where an unbroken batch belongs in what is held. `held` is null when nothing of the epoch is. */
export function placeBatch(
  deviceId: string,
  epoch: number,
  records: readonly SealedRecord[],
  held: HeldChain | null,
): Placement {
  const first = records[0];
  if (first === undefined) return { kind: 'continues', fresh: [] };
  if (held === null) {
    if (first.seq !== 1) return { kind: 'gap', expectedSeq: 1 };
    if (first.prev !== genesisHash(deviceId, epoch)) {
      return { kind: 'broken', record: first, why: 'it does not start the chain of this machine and epoch' };
    }
    if (first.body?.type !== 'journal.epochStarted') {
      return {
        kind: 'broken',
        record: first,
        why: 'the first record of an epoch says why the epoch began, this one does not',
      };
    }
    return { kind: 'continues', fresh: records };
  }
  if (first.seq > held.headSeq + 1) return { kind: 'gap', expectedSeq: held.headSeq + 1 };
  const before = first.seq === 1 ? undefined : held.hashAt(first.seq - 1);
  if (before !== undefined && before !== first.prev) {
    return { kind: 'fork', seq: first.seq - 1, heldHash: before, givenHash: first.prev, record: first };
  }
  for (const record of records) {
    const heldHash = held.hashAt(record.seq);
    if (heldHash !== undefined && heldHash !== record.hash) {
      return { kind: 'fork', seq: record.seq, heldHash, givenHash: record.hash, record };
    }
  }
  return { kind: 'continues', fresh: records.filter((record) => record.seq > held.headSeq) };
}
