import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { deviceId, sequenceNumber, sha256Hex } from '../contract/primitives.ts';
import { receipt } from '../contract/record.ts';
import { replaceFileDurably } from './durable-file.ts';
import type { JournalFiles } from './files.ts';

/**
 * What the machine must still know when its journal is gone: which epoch it was in and the last receipt of it.
 * Kept in a small file of its own, replaced as a whole when an epoch begins and when a receipt arrives.
 */
export const headMemory = z.strictObject({
  format: z.literal('usher/journal-head/1'),
  deviceId,
  /** 0 while the very first start is under way. */
  epoch: z.int().min(0).max(1_000_000),
  /** Newest receipt of `epoch`. */
  lastReceipt: receipt.nullable(),
  /** The end of the chain when the journal was closed in order; null while it is open and after a crash. */
  closedAt: z.strictObject({ seq: sequenceNumber, hash: sha256Hex }).nullable(),
});
export type HeadMemory = z.infer<typeof headMemory>;

/** `absent` and `unreadable` differ: a file that is there but broken is damage. */
export type RememberedHead = { state: 'known'; memory: HeadMemory } | { state: 'absent' } | { state: 'unreadable' };

export function readHeadMemory(files: JournalFiles): RememberedHead {
  if (!existsSync(files.memory)) return { state: 'absent' };
  try {
    return { state: 'known', memory: headMemory.parse(JSON.parse(readFileSync(files.memory, 'utf8'))) };
  } catch {
    return { state: 'unreadable' };
  }
}

/** @throws Error of `node:fs`; then the former file is untouched. */
export function writeHeadMemory(files: JournalFiles, memory: HeadMemory): void {
  replaceFileDurably(files.memory, `${JSON.stringify(memory, null, 2)}\n`, 0o600);
}
