import { unzipSync } from 'fflate';
import type { SealedRecord } from '../../src/contract/record.ts';
import {
  GrowingTree,
  PackArchive,
  consistencyPlan,
  headOf,
  inclusionPlan,
  joinNodes,
  leafHash,
  logLeafHash,
  logOrigin,
  machineFile,
  packFiles,
  packJson,
  packLineText,
  signCheckpoint,
  signHead,
  type TreeHash,
  type TreeNode,
} from '../../src/proof/index.ts';
import { deviceId, exampleChain, machineKey, receiptAt, serverKey } from './an-export.ts';

/** A pack and what a verifier must find in it. */
export interface PackVector {
  name: string;
  exitCode: number;
  at: { epoch: number; seq: number } | null;
  bytes: Buffer;
}

const origin = logOrigin(serverKey.publicKey, 'trust');
const hex = (hash: TreeHash): string => hash.toString('hex');

function nodeOf(hashes: readonly TreeHash[], { level, index }: TreeNode): TreeHash {
  const tree = new GrowingTree();
  for (const hash of hashes.slice(index * 2 ** level, (index + 1) * 2 ** level)) tree.add(hash);
  return tree.root();
}
const proofOf = (hashes: readonly TreeHash[], plan: TreeNode[][]): string[] =>
  plan.map((nodes) => hex(joinNodes(nodes.map((node) => nodeOf(hashes, node)))));
function rootOf(hashes: readonly TreeHash[]): TreeHash {
  const tree = new GrowingTree();
  for (const hash of hashes) tree.add(hash);
  return tree.root();
}

/** The tree of the leaves "0", "1", "2" …: roots at every size, and every proof of the largest. */
export function treeVectors() {
  const leaves = Array.from({ length: 11 }, (_, place) => leafHash(Buffer.from(String(place))));
  const size = leaves.length;
  return {
    leaves: leaves.map((_, place) => String(place)),
    roots: [...leaves.keys(), size].map((count) => ({ size: count, root: hex(rootOf(leaves.slice(0, count))) })),
    inclusion: leaves.map((_, index) => ({ index, size, proof: proofOf(leaves, inclusionPlan(index, size)) })),
    consistency: [...leaves.keys(), size].map((old) => ({
      old,
      size,
      proof: proofOf(leaves, consistencyPlan(old, size)),
    })),
  };
}

interface Choices {
  records?: readonly SealedRecord[];
  /** Places told by their hash only. */
  links?: readonly number[];
  /** Changes an archive's files before it is packed again, index and all, without the server's key. */
  afterwards?: (files: Map<string, string>) => void;
  /** The entry of the log the first anchor claims to be. */
  index?: number;
}

/** A small pack about one school: one machine, five records, two receipts among other entries of the log. */
async function pack({ records = exampleChain(5), links = [2], afterwards, index: claimed }: Choices): Promise<Buffer> {
  const genuine = exampleChain(5);
  const receipts = [receiptAt(genuine, 3), receiptAt(genuine, 5)] as const;
  const hashes = Array.from({ length: 9 }, (_, place) => leafHash(Buffer.from(`another ${place}`)));
  const places = [4, 7] as const;
  for (const [nth, place] of places.entries()) hashes[place] = logLeafHash(receipts[nth === 0 ? 0 : 1]);
  const size = hashes.length;
  const checkpoint = signCheckpoint(serverKey, { origin, size, root: rootOf(hashes) });

  const lines = [
    packLineText({ kind: 'machine', deviceId, devicePublicKey: machineKey.publicKey, hostname: 'room-12' }),
  ];
  for (const [nth, receipt] of receipts.entries()) {
    const from = nth === 0 ? 1 : 4;
    const index = places[nth === 0 ? 0 : 1];
    const own = records.filter(({ seq }) => seq >= from && seq <= receipt.seq);
    lines.push(packLineText({ kind: 'segment', epoch: 1, fromSeq: from, prev: own[0]?.prev ?? '' }));
    for (const record of own)
      lines.push(
        packLineText(
          links.includes(record.seq)
            ? { kind: 'link', seq: record.seq, bodyHash: record.bodyHash }
            : { kind: 'record', record },
        ),
      );
    const signed = genuine[receipt.seq - 1];
    if (signed === undefined) throw new Error('The receipted record is there');
    lines.push(
      packLineText({
        kind: 'anchor',
        head: signHead(machineKey, deviceId, headOf(signed)),
        receipt,
        index: nth === 0 ? (claimed ?? index) : index,
        proof: proofOf(hashes, inclusionPlan(index, size)),
      }),
    );
  }
  const archive = new PackArchive(serverKey);
  const pieces: Uint8Array[] = [];
  const add = async (name: string, text: string) => {
    for await (const piece of archive.file(name, [text])) pieces.push(piece);
  };
  const at = '2026-09-02T09:00:00.000Z';
  await add(
    packFiles.header,
    packJson({
      format: 'usher/pack/1',
      about: { kind: 'school', schoolId: 'school', schoolName: 'Example School' },
      from: '2026-09-01T00:00:00.000Z',
      to: '2026-09-01T23:59:59.999Z',
      madeAt: at,
      madeBy: 'An auditor',
      reason: 'An example',
      serverPublicKey: serverKey.publicKey,
      origin,
      size,
    }),
  );
  await add(packFiles.checkpoint, checkpoint);
  const old = 6;
  const earlier = {
    old,
    root: rootOf(hashes.slice(0, old)).toString('base64'),
    proof: proofOf(hashes, consistencyPlan(old, size)),
  };
  await add(packFiles.consistency, packJson([earlier]));
  await add(machineFile(deviceId), lines.join(''));
  await add(packFiles.readme, '<!doctype html><title>Evidence pack</title>\n');
  pieces.push(...archive.end({ machines: 1, records: records.length - links.length }));
  const bytes = Buffer.concat(pieces);
  return afterwards === undefined ? bytes : await repacked(bytes, afterwards);
}

/** Takes an archive apart, changes its files, and packs them with the index as it was. */
async function repacked(bytes: Buffer, change: (files: Map<string, string>) => void): Promise<Buffer> {
  const files = new Map(
    Object.entries(unzipSync(bytes)).map(([name, content]) => [name, Buffer.from(content).toString('utf8')]),
  );
  change(files);
  const { zipSync, strToU8 } = await import('fflate');
  const mtime = new Date(1980, 0, 1);
  return Buffer.from(zipSync(Object.fromEntries([...files].map(([name, text]) => [name, strToU8(text)])), { mtime }));
}

const edit = (name: string, from: string | RegExp, to: string) => (files: Map<string, string>) => {
  files.set(name, (files.get(name) ?? '').replace(from, to));
};

/** The published packs: a sound one, and one for every way to be wrong. */
export async function packVectors(): Promise<PackVector[]> {
  const machine = machineFile(deviceId);
  const other = exampleChain(5, 'j.ashdown');
  const [first] = exampleChain(1);
  if (first === undefined) throw new Error('A chain has a first record');
  const split = [first, ...other.slice(1)];
  const vector = async (name: string, exitCode: number, seq: number | null, choices: Choices): Promise<PackVector> => ({
    name,
    exitCode,
    at: seq === null ? null : { epoch: 1, seq },
    bytes: await pack(choices),
  });
  const dropped = (kind: string) => (files: Map<string, string>) => {
    const lines = (files.get(machine) ?? '').split('\n');
    const place = lines.findIndex((line) => line.includes(`"kind":"${kind}"`));
    files.set(machine, lines.filter((_, at) => at !== place).join('\n'));
  };
  return [
    await vector('pack-sound', 0, null, {}),
    await vector('pack-unreadable', 2, null, {
      afterwards: (files) => {
        files.delete(packFiles.header);
      },
    }),
    await vector('pack-changed-body', 3, 3, { afterwards: edit(machine, '"policyVersion":3', '"policyVersion":4') }),
    await vector('pack-other-history', 3, 3, { records: split }),
    await vector('pack-readme-changed', 3, null, { afterwards: edit(packFiles.readme, 'Evidence', 'Other') }),
    await vector('pack-file-added', 3, null, {
      afterwards: (files) => {
        files.set('policies.txt', 'more');
      },
    }),
    await vector('pack-bad-checkpoint-signature', 4, null, {
      afterwards: edit(packFiles.checkpoint, /\n9\n/, '\n8\n'),
    }),
    await vector('pack-bad-receipt-signature', 4, 3, {
      afterwards: edit(machine, '"at":"2026-09-01T08:05:00.000Z"', '"at":"2026-09-01T08:06:00.000Z"'),
    }),
    await vector('pack-record-left-out', 5, 2, { afterwards: dropped('link') }),
    await vector('pack-anchor-left-out', 5, 4, { afterwards: dropped('anchor') }),
    await vector('pack-not-in-log', 7, 3, { index: 5 }),
    await vector('pack-log-rewritten', 7, null, {
      afterwards: edit(packFiles.consistency, /"root":"./, '"root":"+'),
    }),
  ];
}
