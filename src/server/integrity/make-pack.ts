import { Readable } from 'node:stream';
import type { PackAbout, PackConsistency, PackHeader, PackLine } from '../../contract/pack.ts';
import {
  PackArchive,
  logOrigin,
  machineFile,
  packFiles,
  packJson,
  packLineText,
  policyFile,
} from '../../proof/index.ts';
import type { ServerContext } from '../context.ts';
import { sealedRow } from './check-chain.ts';
import type { KeptCheckpoint } from './checkpoints.ts';
import { consistencyProof, inclusionProof } from './log.ts';
import { packReadme, type ReadmeRow } from './pack-readme.ts';
import { TileReader } from './tiles.ts';

/** Earlier checkpoints whose proofs are in a pack, so that somebody who kept one can compare without a network. */
const earlierCheckpoints = 50;
/** Records told in words in README.html; the files of the machines have all of them. */
const readmeRows = 500;

export interface PackRequest {
  about: PackAbout;
  /** For a person: their id. */
  personId: string | null;
  from: string;
  to: string;
  reason: string;
  madeBy: string;
}

/** Writes a pack while it is read, so that a large one is never held whole. `checkpoint` must cover every receipt. */
export function packStream(context: ServerContext, request: PackRequest, checkpoint: KeptCheckpoint): Readable {
  return Readable.from(packPieces(context, request, checkpoint), { objectMode: false });
}

/** What has been written so far. */
interface Written {
  machines: number;
  records: number;
  rows: ReadmeRow[];
}

async function* packPieces(
  context: ServerContext,
  request: PackRequest,
  checkpoint: KeptCheckpoint,
): AsyncGenerator<Uint8Array> {
  const { key, owner } = context;
  const archive = new PackArchive(key);
  const { about, from, to, reason, madeBy } = request;
  const header: PackHeader = {
    format: 'usher/pack/1',
    about,
    from,
    to,
    madeAt: context.now().toISOString(),
    madeBy,
    reason,
    serverPublicKey: key.publicKey,
    origin: logOrigin(key.publicKey, owner.trustId),
    size: checkpoint.size,
  };
  yield* archive.file(packFiles.header, [packJson(header)]);
  yield* archive.file(packFiles.checkpoint, [checkpoint.note]);
  const tiles = new TileReader(context.store, owner.trustId);
  const earlier = await earlierProofs(context, tiles, checkpoint.size);
  yield* archive.file(packFiles.consistency, [packJson(earlier)]);
  for (const { hash, signed } of await publishedPolicies(context))
    yield* archive.file(policyFile(hash), [packJson(JSON.parse(signed))]);
  const written: Written = { machines: 0, records: 0, rows: [] };
  for (const device of await devicesIn(context, request)) {
    tiles.forget();
    const lines = machineLines(context, request, checkpoint, tiles, device, written);
    yield* archive.file(machineFile(device.deviceId), lines);
    written.machines += 1;
  }
  yield* archive.file(packFiles.readme, [packReadme(header, checkpoint, written)]);
  yield* archive.end({ machines: written.machines, records: written.records });
}

async function earlierProofs(
  { store, owner }: ServerContext,
  tiles: TileReader,
  size: number,
): Promise<PackConsistency> {
  const rows = await store
    .selectFrom('checkpoints')
    .select(['size', 'root'])
    .where('trust_id', '=', owner.trustId)
    .where('size', '<', size)
    .orderBy('size', 'desc')
    .limit(earlierCheckpoints)
    .execute();
  const proofs: PackConsistency = [];
  for (const { size: old, root } of rows)
    proofs.push({ old, root, proof: (await consistencyProof(tiles, old, size)).map((hash) => hash.toString('hex')) });
  return proofs;
}

/** Every text published, in its newest publication. */
async function publishedPolicies({ store, owner }: ServerContext): Promise<{ hash: string; signed: string }[]> {
  const rows = await store
    .selectFrom('policies')
    .select(['hash', 'signed'])
    .where('trust_id', '=', owner.trustId)
    .orderBy('publication')
    .execute();
  return [...new Map(rows.map((row) => [row.hash, row])).values()];
}

interface PackDevice {
  deviceId: string;
  publicKey: string;
  hostname: string;
}

/** Records a pack is about. */
export function recordsWanted(
  { store, owner }: Pick<ServerContext, 'store' | 'owner'>,
  { about, personId, from, to }: PackRequest,
) {
  const rows = store
    .selectFrom('records')
    .where('records.trust_id', '=', owner.trustId)
    .where('records.school_id', '=', about.schoolId)
    .where('records.at', '>=', from)
    .where('records.at', '<=', to);
  return personId === null ? rows : rows.where('records.person_id', '=', personId);
}

async function devicesIn(context: ServerContext, request: PackRequest): Promise<PackDevice[]> {
  return await recordsWanted(context, request)
    .innerJoin('devices', (join) =>
      join.onRef('devices.trust_id', '=', 'records.trust_id').onRef('devices.device_id', '=', 'records.device_id'),
    )
    .select(['devices.device_id as deviceId', 'devices.public_key as publicKey', 'devices.hostname'])
    .distinct()
    .orderBy('deviceId')
    .execute();
}

async function* machineLines(
  context: ServerContext,
  request: PackRequest,
  checkpoint: KeptCheckpoint,
  tiles: TileReader,
  device: PackDevice,
  written: Written,
): AsyncGenerator<string> {
  yield packLineText({
    kind: 'machine',
    deviceId: device.deviceId,
    devicePublicKey: device.publicKey,
    hostname: device.hostname,
  });
  let after = { epoch: 0, seq: 0 };
  for (;;) {
    const first = await nextWanted(context, request, device.deviceId, after);
    if (first === undefined) return;
    const anchor = await anchorFor(context, device.deviceId, first, checkpoint.size, tiles);
    // A record that came after the checkpoint was made is for the next pack.
    if (anchor === null) return;
    for (const line of await segmentLines(context, request, device, first, anchor, written)) yield packLineText(line);
    after = { epoch: first.epoch, seq: anchor.head.seq };
  }
}

const nextWanted = (
  context: ServerContext,
  request: PackRequest,
  deviceId: string,
  after: { epoch: number; seq: number },
) =>
  recordsWanted(context, request)
    .select(['records.epoch', 'records.seq'])
    .where('records.device_id', '=', deviceId)
    .where((row) =>
      row.or([
        row('records.epoch', '>', after.epoch),
        row.and([row('records.epoch', '=', after.epoch), row('records.seq', '>', after.seq)]),
      ]),
    )
    .orderBy('records.epoch')
    .orderBy('records.seq')
    .limit(1)
    .executeTakeFirst();

type Anchor = Extract<PackLine, { kind: 'anchor' }>;

/** The first head at or after the record that is signed, receipted and in the log of this size. */
async function anchorFor(
  { store, owner }: ServerContext,
  deviceId: string,
  at: { epoch: number; seq: number },
  size: number,
  tiles: TileReader,
): Promise<Anchor | null> {
  const row = await store
    .selectFrom('log_leaves')
    .innerJoin('receipts', (join) =>
      join
        .onRef('receipts.trust_id', '=', 'log_leaves.trust_id')
        .onRef('receipts.device_id', '=', 'log_leaves.device_id')
        .onRef('receipts.epoch', '=', 'log_leaves.epoch')
        .onRef('receipts.seq', '=', 'log_leaves.seq'),
    )
    .innerJoin('heads', (join) =>
      join
        .onRef('heads.trust_id', '=', 'log_leaves.trust_id')
        .onRef('heads.device_id', '=', 'log_leaves.device_id')
        .onRef('heads.epoch', '=', 'log_leaves.epoch')
        .onRef('heads.seq', '=', 'log_leaves.seq'),
    )
    .select([
      'log_leaves.leaf_index',
      'log_leaves.epoch',
      'log_leaves.seq',
      'heads.hash as headHash',
      'heads.signature as headSignature',
      'receipts.hash',
      'receipts.at',
      'receipts.signature',
    ])
    .where('log_leaves.trust_id', '=', owner.trustId)
    .where('log_leaves.device_id', '=', deviceId)
    .where('log_leaves.epoch', '=', at.epoch)
    .where('log_leaves.seq', '>=', at.seq)
    .where('log_leaves.leaf_index', '<', size)
    .orderBy('log_leaves.seq')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return null;
  const { epoch, seq } = row;
  const proof = await inclusionProof(tiles, row.leaf_index, size);
  return {
    kind: 'anchor',
    head: { epoch, seq, hash: row.headHash, signature: row.headSignature },
    receipt: { deviceId, epoch, seq, hash: row.hash, at: row.at, signature: row.signature },
    index: row.leaf_index,
    proof: proof.map((hash) => hash.toString('hex')),
  };
}

/** Records from the first wanted one to the anchor: those wanted whole, the others as hashes only. */
async function segmentLines(
  { store, owner }: ServerContext,
  request: PackRequest,
  device: PackDevice,
  first: { epoch: number; seq: number },
  anchor: Anchor,
  written: Written,
): Promise<PackLine[]> {
  const rows = await store
    .selectFrom('records')
    .select(['epoch', 'seq', 'prev', 'body_hash', 'hash', 'salt', 'body', 'at', 'type', 'account_name'])
    .select(['person_id', 'summary'])
    .where('trust_id', '=', owner.trustId)
    .where('device_id', '=', device.deviceId)
    .where('epoch', '=', first.epoch)
    .where('seq', '>=', first.seq)
    .where('seq', '<=', anchor.head.seq)
    .orderBy('seq')
    .execute();
  const lines: PackLine[] = [
    { kind: 'segment', epoch: first.epoch, fromSeq: first.seq, prev: rows[0]?.prev ?? '0'.repeat(64) },
  ];
  for (const row of rows) {
    const inRange = row.at !== null && row.at >= request.from && row.at <= request.to;
    const about = inRange && (request.personId === null || row.person_id === request.personId);
    const record = about ? sealedRow(row) : null;
    if (record === null) {
      lines.push({ kind: 'link', seq: row.seq, bodyHash: row.body_hash });
      continue;
    }
    lines.push({ kind: 'record', record });
    written.records += 1;
    if (written.rows.length < readmeRows && row.summary !== null && row.at !== null)
      written.rows.push({ at: row.at, machine: device.hostname, who: row.account_name, summary: row.summary });
  }
  lines.push(anchor);
  return lines;
}
