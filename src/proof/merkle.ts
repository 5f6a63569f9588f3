import { hash as hashOnce } from 'node:crypto';

/** 32 bytes. */
export type TreeHash = Buffer;

const leafPrefix = Buffer.from([0]);
const nodePrefix = Buffer.from([1]);

const digest = (bytes: Uint8Array): TreeHash => hashOnce('sha256', bytes, 'buffer');

/** `SHA-256(0x00 ‖ leaf)` (RFC 6962 §2.1). */
export const leafHash = (leaf: Uint8Array): TreeHash => digest(Buffer.concat([leafPrefix, leaf]));

/** `SHA-256(0x01 ‖ left ‖ right)` (RFC 6962 §2.1). */
export const nodeHash = (left: Uint8Array, right: Uint8Array): TreeHash =>
  digest(Buffer.concat([nodePrefix, left, right]));

/** The root of a tree without leaves: SHA-256 of nothing. */
export const emptyRoot = (): TreeHash => digest(Buffer.alloc(0));

/** A full subtree: `index` counts those of `2^level` leaves from the left, so its leaves begin at `index · 2^level`. */
export interface TreeNode {
  level: number;
  index: number;
}

/** The largest power of two below `size`; `size` must be 2 or more. */
function splitOf(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

/**
 * The full subtrees that make up the leaves from `begin` to before `end`, left to right. Holds for the ranges that
 * RFC 6962 splits trees into, which begin at a multiple of the largest full subtree in them.
 */
function nodesOf(begin: number, end: number): TreeNode[] {
  const nodes: TreeNode[] = [];
  let from = begin;
  while (from < end) {
    let level = 0;
    while (2 ** (level + 1) <= end - from && from % 2 ** (level + 1) === 0) level += 1;
    nodes.push({ level, index: from / 2 ** level });
    from += 2 ** level;
  }
  return nodes;
}

/** The nodes whose hashes, joined by `joinNodes`, are the root of a tree of `size` leaves (1 or more). */
export const rootPlan = (size: number): TreeNode[] => nodesOf(0, size);

/** Joins hashes of full subtrees, left to right, into the hash of the tree they make up. */
export function joinNodes(hashes: readonly TreeHash[]): TreeHash {
  const last = hashes.at(-1);
  if (last === undefined) return emptyRoot();
  return hashes.slice(0, -1).reduceRight<TreeHash>((right, left) => nodeHash(left, right), last);
}

/**
 * What an inclusion proof for the leaf at `index` is made of (RFC 6962 §2.1.1): for each hash of the proof, the nodes
 * that `joinNodes` makes it from.
 * @throws RangeError when the tree has no such leaf.
 */
export function inclusionPlan(index: number, size: number): TreeNode[][] {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size)
    throw new RangeError(`A tree of ${size} leaves has no leaf ${index}`);
  const steps: TreeNode[][] = [];
  let begin = 0;
  let end = size;
  while (end - begin > 1) {
    const middle = begin + splitOf(end - begin);
    if (index < middle) {
      steps.push(nodesOf(middle, end));
      end = middle;
    } else {
      steps.push(nodesOf(begin, middle));
      begin = middle;
    }
  }
  return steps.reverse();
}

/**
 * What a proof is made of that a tree of `size` leaves begins with the tree of `old` leaves (RFC 6962 §2.1.2). Empty
 * when both are the same tree, and for `old` 0.
 * @throws RangeError when `old` is larger than `size`.
 */
export function consistencyPlan(old: number, size: number): TreeNode[][] {
  if (!Number.isSafeInteger(old) || old < 0 || old > size)
    throw new RangeError(`A tree of ${size} leaves cannot begin with one of ${old}`);
  if (old === 0 || old === size) return [];
  const steps: TreeNode[][] = [];
  let begin = 0;
  let end = size;
  let wholeOld = true;
  while (end !== old) {
    const middle = begin + splitOf(end - begin);
    if (old <= middle) {
      steps.push(nodesOf(middle, end));
      end = middle;
    } else {
      steps.push(nodesOf(begin, middle));
      begin = middle;
      wholeOld = false;
    }
  }
  if (!wholeOld) steps.push(nodesOf(begin, end));
  return steps.reverse();
}

/** Does the proof lead from the leaf's hash at `index` to the root of the tree of `size` leaves? (RFC 9162 §2.1.3.2) */
export function inclusionHolds(
  leaf: TreeHash,
  index: number,
  size: number,
  proof: readonly TreeHash[],
  root: TreeHash,
): boolean {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return false;
  let place = index;
  let last = size - 1;
  let reached = leaf;
  for (const step of proof) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      reached = nodeHash(step, reached);
      while (place % 2 === 0 && place !== 0) {
        place /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      reached = nodeHash(reached, step);
    }
    place = Math.floor(place / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && reached.equals(root);
}

/** Does the tree with `size` leaves begin with the one with `old` leaves? (RFC 9162 §2.1.4.2; `old` 0 begins every tree) */
export function consistencyHolds(
  old: { size: number; root: TreeHash },
  next: { size: number; root: TreeHash },
  proof: readonly TreeHash[],
): boolean {
  if (!Number.isSafeInteger(old.size) || !Number.isSafeInteger(next.size)) return false;
  if (old.size < 0 || old.size > next.size) return false;
  if (old.size === 0) return proof.length === 0 && old.root.equals(emptyRoot());
  if (old.size === next.size) return proof.length === 0 && old.root.equals(next.root);
  let place = old.size - 1;
  let last = next.size - 1;
  while (place % 2 === 1) {
    place = Math.floor(place / 2);
    last = Math.floor(last / 2);
  }
  // Where the old tree is a full subtree of the new one, it is itself where the proof begins.
  const [first, ...steps] = place === 0 ? [old.root, ...proof] : proof;
  if (first === undefined) return false;
  let oldRoot = first;
  let newRoot = first;
  for (const step of steps) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      oldRoot = nodeHash(step, oldRoot);
      newRoot = nodeHash(step, newRoot);
      while (place % 2 === 0 && place !== 0) {
        place /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      newRoot = nodeHash(newRoot, step);
    }
    place = Math.floor(place / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && oldRoot.equals(old.root) && newRoot.equals(next.root);
}

/** A tree that leaves are added to, of which only the hashes at its right edge are kept: as many as `size` has set bits. */
export class GrowingTree {
  #size: number;
  readonly #edge: TreeHash[];

  /** @param edge the hashes that `rootPlan(size)` names. */
  constructor(size = 0, edge: readonly TreeHash[] = []) {
    this.#size = size;
    this.#edge = [...edge];
  }
  get size(): number {
    return this.#size;
  }
  get edge(): readonly TreeHash[] {
    return this.#edge;
  }
  root(): TreeHash {
    return joinNodes(this.#edge);
  }
  add(hash: TreeHash): void {
    let added = hash;
    for (let below = this.#size; below % 2 === 1; below = Math.floor(below / 2)) {
      const left = this.#edge.pop();
      if (left === undefined) throw new Error('The edge of the tree is not that of its size');
      added = nodeHash(left, added);
    }
    this.#edge.push(added);
    this.#size += 1;
  }
}
