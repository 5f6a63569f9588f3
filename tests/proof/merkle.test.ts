import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  GrowingTree,
  consistencyHolds,
  consistencyPlan,
  emptyRoot,
  inclusionHolds,
  inclusionPlan,
  joinNodes,
  leafHash,
  rootPlan,
  type TreeHash,
  type TreeNode,
} from '../../src/proof/index.ts';

/** The definitions of RFC 6962 §2.1, word for word, over all leaves. */
const sha = (...parts: Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();
const split = (size: number): number => 2 ** Math.floor(Math.log2(size - 1));
function treeHead(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves;
  if (only === undefined) return sha();
  if (leaves.length === 1) return sha(Buffer.from([0]), only);
  const k = split(leaves.length);
  return sha(Buffer.from([1]), treeHead(leaves.slice(0, k)), treeHead(leaves.slice(k)));
}
function path(index: number, leaves: readonly Buffer[]): Buffer[] {
  if (leaves.length <= 1) return [];
  const k = split(leaves.length);
  return index < k
    ? [...path(index, leaves.slice(0, k)), treeHead(leaves.slice(k))]
    : [...path(index - k, leaves.slice(k)), treeHead(leaves.slice(0, k))];
}
function subProof(old: number, leaves: readonly Buffer[], whole: boolean): Buffer[] {
  if (old === leaves.length) return whole ? [] : [treeHead(leaves)];
  const k = split(leaves.length);
  return old <= k
    ? [...subProof(old, leaves.slice(0, k), whole), treeHead(leaves.slice(k))]
    : [...subProof(old - k, leaves.slice(k), false), treeHead(leaves.slice(0, k))];
}

/** Hashes of full subtrees straight from the leaves. */
const hashOf =
  (leaves: readonly Buffer[]) =>
  ({ level, index }: TreeNode): TreeHash =>
    treeHead(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level));
const proofOf = (plan: TreeNode[][], leaves: readonly Buffer[]) =>
  plan.map((nodes) => joinNodes(nodes.map(hashOf(leaves))));

const someLeaves = fc
  .array(fc.uint8Array({ maxLength: 6 }), { minLength: 1, maxLength: 70 })
  .map((all) => all.map((one) => Buffer.from(one)));
const leafAt = (leaves: readonly Buffer[], index: number): Buffer => leaves[index] ?? Buffer.alloc(0);

describe('the reference vectors of Certificate Transparency', () => {
  // https://github.com/google/certificate-transparency, cpp/merkletree/merkle_tree_test.cc
  const leaves = [
    '',
    '00',
    '10',
    '2021',
    '3031',
    '40414243',
    '5051525354555657',
    '606162636465666768696a6b6c6d6e6f',
  ].map((hex) => Buffer.from(hex, 'hex'));
  const roots = [
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ];

  test('give the published roots at every size, and the empty tree its own', () => {
    expect(emptyRoot().toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    const tree = new GrowingTree();
    for (const [index, leaf] of leaves.entries()) {
      tree.add(leafHash(leaf));
      expect(tree.root().toString('hex')).toBe(roots[index]);
    }
  });

  test('give the published proofs', () => {
    const hex = (proof: Buffer[]) => proof.map((one) => one.toString('hex'));
    expect(hex(proofOf(inclusionPlan(0, 8), leaves))).toEqual([
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ]);
    expect(hex(proofOf(inclusionPlan(2, 3), leaves))).toEqual([roots[1]]);
    expect(hex(proofOf(consistencyPlan(6, 8), leaves))).toEqual([
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      roots[3],
    ]);
    expect(hex(proofOf(consistencyPlan(2, 5), leaves))).toEqual([
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ]);
  });
});

describe('for any tree', () => {
  test('roots and proofs are those of the definitions, and are accepted', () => {
    fc.assert(
      fc.property(someLeaves, fc.nat(), fc.nat(), (leaves, somewhere, sometime) => {
        const size = leaves.length;
        const root = treeHead(leaves);
        expect(joinNodes(rootPlan(size).map(hashOf(leaves)))).toEqual(root);

        const index = somewhere % size;
        const inclusion = proofOf(inclusionPlan(index, size), leaves);
        expect(inclusion).toEqual(path(index, leaves));
        expect(inclusionHolds(leafHash(leafAt(leaves, index)), index, size, inclusion, root)).toBe(true);

        const old = 1 + (sometime % size);
        const consistency = proofOf(consistencyPlan(old, size), leaves);
        expect(consistency).toEqual(subProof(old, leaves, true));
        const before = { size: old, root: treeHead(leaves.slice(0, old)) };
        expect(consistencyHolds(before, { size, root }, consistency)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('no other leaf, place, size, root or proof is accepted', () => {
    fc.assert(
      fc.property(someLeaves, fc.nat(), fc.nat(), fc.nat(), (leaves, somewhere, sometime, bit) => {
        const size = leaves.length;
        const root = treeHead(leaves);
        const index = somewhere % size;
        const leaf = leafHash(leafAt(leaves, index));
        const proof = path(index, leaves);
        const flipped = (hash: Buffer): Buffer => {
          const changed = Buffer.from(hash);
          const place = bit % 32;
          changed[place] = (changed[place] ?? 0) ^ 1;
          return changed;
        };
        const damaged = proof.map((step, at) => (at === bit % proof.length ? flipped(step) : step));
        expect(inclusionHolds(flipped(leaf), index, size, proof, root)).toBe(false);
        expect(inclusionHolds(leaf, index, size, proof, flipped(root))).toBe(false);
        expect(inclusionHolds(leaf, index, size, [...proof, root], root)).toBe(false);
        expect(inclusionHolds(leaf, size, size, proof, root)).toBe(false);
        if (proof.length > 0) {
          expect(inclusionHolds(leaf, index, size, damaged, root)).toBe(false);
          expect(inclusionHolds(leaf, index, size, proof.slice(1), root)).toBe(false);
        }

        const old = { size: 1 + (sometime % size), root: treeHead(leaves.slice(0, 1 + (sometime % size))) };
        const consistency = subProof(old.size, leaves, true);
        expect(consistencyHolds({ ...old, root: flipped(old.root) }, { size, root }, consistency)).toBe(false);
        expect(consistencyHolds(old, { size, root: flipped(root) }, consistency)).toBe(false);
        expect(consistencyHolds(old, { size, root }, [...consistency, root])).toBe(false);
        expect(consistencyHolds({ size: size + 1, root }, { size, root }, [])).toBe(false);
        if (consistency.length > 0) expect(consistencyHolds(old, { size, root }, consistency.slice(0, -1))).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  test('a tree goes on from the hashes at its edge', () => {
    fc.assert(
      fc.property(someLeaves, fc.nat(), (leaves, somewhere) => {
        const first = new GrowingTree();
        const pause = somewhere % leaves.length;
        for (const leaf of leaves.slice(0, pause)) first.add(leafHash(leaf));
        const second = new GrowingTree(first.size, first.edge);
        for (const leaf of leaves.slice(pause)) second.add(leafHash(leaf));
        expect(second.root()).toEqual(treeHead(leaves));
      }),
    );
  });
});

test('a proof over ten million leaves is made of few nodes', () => {
  const nodes = inclusionPlan(7_654_321, 10_000_000).flat();
  expect(nodes.length).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(10_000_000)));
  expect(() => inclusionPlan(5, 5)).toThrow('no leaf 5');
  expect(() => consistencyPlan(6, 5)).toThrow('cannot begin');
});
