import { sql } from 'kysely';
import type { packLimits } from '../../contract/pack.ts';
import { syncLimits } from '../../contract/sync.ts';
import type { ServerContext } from '../context.ts';
import { RequestRefused } from '../http/problems.ts';
import { recordsWanted, type PackRequest } from './make-pack.ts';

/** Most that one line takes besides the record's own text, in bytes, by the form in docs/record-format.md. */
const recordBytes = 350;
const linkBytes = 130;
const segmentBytes = 150;
const anchorBytes = 800;
/** One hash of a proof with its marks. */
const proofStepBytes = 67;
/** The files that are the same size whatever the pack is about: words, checkpoints, the index. */
const otherBytes = 1_000_000;

export type PackLimits = { readonly [L in keyof typeof packLimits]: number };

/** Bytes a pack unpacks to, and its largest file: never less than it will be. */
export interface PackSize {
  bytes: number;
  largestFile: number;
}

/** Reckons a pack's size from what the database counts, without reading a record. `leaves`: entries of the log. */
export async function packSize(
  context: Pick<ServerContext, 'store' | 'owner'>,
  request: PackRequest,
  leaves: number,
): Promise<PackSize> {
  const { store, owner } = context;
  const chains = await store
    .with('spans', () =>
      recordsWanted(context, request)
        .select((row) => [
          'records.device_id',
          'records.epoch',
          row.fn.countAll<number>().as('wanted'),
          row.fn.min('records.seq').as('first'),
          row.fn.max('records.seq').as('last'),
          sql<number>`coalesce(sum(octet_length(records.body)), 0)`.as('bytes'),
        ])
        .groupBy(['records.device_id', 'records.epoch']),
    )
    .selectFrom('spans')
    .select(['spans.device_id', 'spans.wanted', 'spans.first', 'spans.last', 'spans.bytes'])
    .select((row) =>
      row
        .selectFrom('receipts')
        .select((inner) => inner.fn.countAll<number>().as('count'))
        .where('receipts.trust_id', '=', owner.trustId)
        .whereRef('receipts.device_id', '=', 'spans.device_id')
        .whereRef('receipts.epoch', '=', 'spans.epoch')
        .whereRef('receipts.seq', '>=', 'spans.first')
        .where('receipts.seq', '<=', (span) => span('spans.last', '+', syncLimits.records))
        .as('heads'),
    )
    .execute();
  const { bytes: policies } = await store
    .selectFrom('policies')
    .select(sql<number>`coalesce(sum(octet_length(signed)), 0)`.as('bytes'))
    .where('trust_id', '=', owner.trustId)
    .executeTakeFirstOrThrow();
  const closing = segmentBytes + anchorBytes + proofStepBytes * Math.ceil(Math.log2(leaves + 1));
  const files = new Map<string, number>();
  for (const chain of chains) {
    const wanted = Number(chain.wanted);
    // A segment is closed by the head of its last batch, so records of one batch may follow the last one wanted.
    const links = Number(chain.last) - Number(chain.first) + 1 - wanted + syncLimits.records;
    const segments = Math.min(wanted, Number(chain.heads));
    const bytes = Number(chain.bytes) + wanted * recordBytes + links * linkBytes + segments * closing;
    files.set(chain.device_id, (files.get(chain.device_id) ?? 0) + bytes);
  }
  const bytes = [...files.values()].reduce((sum, one) => sum + one, otherBytes + Number(policies));
  return { bytes, largestFile: Math.max(0, ...files.values()) };
}

const inGigabytes = (bytes: number): string =>
  bytes < 1e8 ? `${(bytes / 1e6).toPrecision(2)} MB` : `${(bytes / 1e9).toPrecision(2)} GB`;

/** @throws RequestRefused before anything is made, where nobody could check the pack with `usher verify` afterwards. */
export function refuseTooLarge({ bytes, largestFile }: PackSize, limits: PackLimits): void {
  if (bytes <= limits.bytes && largestFile <= limits.fileBytes) return;
  const what =
    bytes > limits.bytes
      ? `This pack would hold about ${inGigabytes(bytes)}, and one that can be checked holds at most ${inGigabytes(limits.bytes)}.`
      : `The records of one machine would be about ${inGigabytes(largestFile)} of this pack, and at most ${inGigabytes(limits.fileBytes)} can be checked.`;
  throw new RequestRefused(400, {
    code: 'integrity.packTooLarge',
    detail: `from: ${what} Nothing was made. Choose a shorter time, or one person; several packs together prove the same.`,
    field: 'from',
  });
}
