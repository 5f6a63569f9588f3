import { eventBody } from '../../contract/event.ts';
import type { SealedRecord } from '../../contract/record.ts';
import { genesisHash, headHolds, receiptHolds, recordFault } from '../../proof/index.ts';
import type { ServerContext } from '../context.ts';
import type { FindingKind } from '../../contract/console-integrity.ts';

/** Records read and verified at a time: a page is over in milliseconds, and others get their turn between pages. */
export const recordsPerPage = 250;

/** A machine's epoch and how far a check of it came. */
export interface ChainPlace {
  deviceId: string;
  publicKey: string;
  hostname: string;
  epoch: number;
  /** The newest record there must be. */
  headSeq: number;
  headHash: string;
  /** The last record that was verified; 0 before the first. */
  afterSeq: number;
  /** Its hash; null before the first. */
  afterHash: string | null;
}

export interface ChainFault {
  kind: FindingKind;
  seq: number;
  detail: string;
}

export interface CheckedPage {
  seq: number;
  hash: string | null;
  records: number;
  fault: ChainFault | null;
}

type Reads = Pick<ServerContext, 'store' | 'owner' | 'key'>;

/** Verifies the next records of a chain as they are stored, with the heads and receipts that cover them. */
export async function checkPage(context: Reads, chain: ChainPlace): Promise<CheckedPage> {
  const rows = await readPage(context, chain);
  let seq = chain.afterSeq;
  let hash = chain.afterHash;
  const hashes = new Map<number, string>();
  const stopped = (fault: ChainFault): CheckedPage => ({ seq, hash, records: rows.length, fault });
  const named = (bad: number) => `Record ${bad} of epoch ${chain.epoch} of ${chain.hostname}`;
  for (const row of rows) {
    if (row.seq !== seq + 1) return stopped(missing(named(seq + 1), seq + 1));
    const record = sealedRow(row);
    const fault = record === null ? 'what is stored of it cannot be read' : recordFault(record, chain.deviceId);
    if (fault !== null) return stopped(changed(named(row.seq), row.seq, fault));
    const prev = seq === 0 ? genesisHash(chain.deviceId, chain.epoch) : hash;
    if (prev !== null && row.prev !== prev)
      return stopped(changed(named(row.seq), row.seq, 'it does not follow from the record before it'));
    seq = row.seq;
    hash = row.hash;
    hashes.set(seq, hash);
  }
  if (rows.length < recordsPerPage && seq < chain.headSeq) return stopped(missing(named(seq + 1), seq + 1));
  if (seq === chain.headSeq && hash !== null && hash !== chain.headHash)
    return stopped(changed(named(seq), seq, 'the server noted another hash as the end of the chain'));
  const fault = await signatureFault(context, chain, hashes);
  return { seq, hash, records: rows.length, fault };
}

const changed = (name: string, seq: number, why: string): ChainFault => ({
  kind: 'recordChanged',
  seq,
  detail: `${name} was changed in the database after it was received: ${why}.`,
});
const missing = (name: string, seq: number): ChainFault => ({
  kind: 'recordMissing',
  seq,
  detail: `${name} is missing from the database, though the server confirmed it.`,
});

const readPage = ({ store, owner }: Reads, chain: ChainPlace) =>
  store
    .selectFrom('records')
    .select(['epoch', 'seq', 'prev', 'body_hash', 'hash', 'salt', 'body', 'at', 'type', 'account_name'])
    .where('trust_id', '=', owner.trustId)
    .where('device_id', '=', chain.deviceId)
    .where('epoch', '=', chain.epoch)
    .where('seq', '>', chain.afterSeq)
    .where('seq', '<=', chain.headSeq)
    .orderBy('seq')
    .limit(recordsPerPage)
    .execute();

/**
 * A row as a sealed record; null when what is stored is none, or when the columns that lists show say something other
 * than the body they were taken from.
 */
export function sealedRow(row: {
  epoch: number;
  seq: number;
  prev: string;
  body_hash: string;
  hash: string;
  salt: string | null;
  body: string | null;
  at: string | null;
  type: string | null;
  account_name: string | null;
}): SealedRecord | null {
  const body = row.body === null ? null : bodyOf(row.body);
  if (body === undefined || (row.salt === null) !== (body === null)) return null;
  if (body !== null && (row.at !== body.at || row.type !== body.type)) return null;
  if (body !== null && row.account_name !== (body.account?.name ?? null)) return null;
  const { epoch, seq, prev, hash, salt } = row;
  return { epoch, seq, prev, bodyHash: row.body_hash, hash, salt, body };
}

function bodyOf(text: string) {
  try {
    return eventBody.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Are the heads and receipts over these records signed, and about these records? */
async function signatureFault(
  { store, owner, key }: Reads,
  chain: ChainPlace,
  hashes: ReadonlyMap<number, string>,
): Promise<ChainFault | null> {
  const places = [...hashes.keys()];
  const [first, last] = [places[0], places.at(-1)];
  if (first === undefined || last === undefined) return null;
  const heads = await store
    .selectFrom('heads')
    .select(['epoch', 'seq', 'hash', 'signature'])
    .where('trust_id', '=', owner.trustId)
    .where('device_id', '=', chain.deviceId)
    .where('epoch', '=', chain.epoch)
    .where('seq', '>=', first)
    .where('seq', '<=', last)
    .orderBy('seq')
    .execute();
  const receipts = await store
    .selectFrom('receipts')
    .select(['epoch', 'seq', 'hash', 'at', 'signature'])
    .where('trust_id', '=', owner.trustId)
    .where('device_id', '=', chain.deviceId)
    .where('epoch', '=', chain.epoch)
    .where('seq', '>=', first)
    .where('seq', '<=', last)
    .orderBy('seq')
    .execute();
  const name = (seq: number) => `record ${seq} of epoch ${chain.epoch} of ${chain.hostname}`;
  for (const head of heads) {
    if (head.hash !== hashes.get(head.seq) || !headHolds(chain.publicKey, chain.deviceId, head))
      return {
        kind: 'badSignature',
        seq: head.seq,
        detail: `The machine's signature stored for ${name(head.seq)} does not hold.`,
      };
  }
  for (const receipt of receipts) {
    const whole = { deviceId: chain.deviceId, ...receipt };
    if (receipt.hash !== hashes.get(receipt.seq) || !receiptHolds(key.publicKey, whole))
      return {
        kind: 'badSignature',
        seq: receipt.seq,
        detail: `The server's receipt stored for ${name(receipt.seq)} does not hold.`,
      };
  }
  return null;
}
