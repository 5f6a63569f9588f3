import { closeSync, existsSync, openSync, readdirSync, readSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { syncFolder } from './durable-file.ts';
import type { JournalFiles } from './files.ts';

const suffixes = ['', '-wal', '-shm'] as const;

/** The free name under which the journal's file will be kept; null when there is no file to keep. */
export function setAsideName(files: JournalFiles, now: Date): string | null {
  if (!suffixes.some((suffix) => existsSync(files.database + suffix))) return null;
  const stamp = now.toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const first = `${files.database}.damaged-${stamp}`;
  const taken = (name: string) => suffixes.some((suffix) => existsSync(name + suffix));
  let name = first;
  for (let copy = 2; taken(name); copy += 1) name = `${first}-${copy}`;
  return name;
}

/** Renames the journal's file with its `-wal` and `-shm`. Nothing is deleted. */
export function setAside(files: JournalFiles, name: string): void {
  for (const suffix of suffixes)
    if (existsSync(files.database + suffix)) renameSync(files.database + suffix, name + suffix);
  syncFolder(files.folder);
}

/** Bodies are stored as canonical JSON, where only a real member can look like this. */
const epochInBody = /,"epoch":(\d{1,7}),"rule":/g;
const longestMatch = 32;

/**
 * The highest epoch that any journal file of the folder mentions, damaged ones included: what is left to go by when the
 * head memory is gone too. At least 1.
 */
export function highestEpochIn(files: JournalFiles): number {
  let highest = 1;
  for (const name of readdirSync(files.folder)) {
    if (!name.startsWith(basename(files.database)) || name.endsWith('-shm')) continue;
    for (const piece of piecesOf(join(files.folder, name)))
      for (const [, epoch] of piece.matchAll(epochInBody)) highest = Math.max(highest, Number(epoch));
  }
  return highest;
}

/** A file's bytes as Latin-1 text in pieces that overlap by a match's length. */
function* piecesOf(path: string): Iterable<string> {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(1024 * 1024);
    let tail = '';
    for (let read = readSync(file, bytes); read > 0; read = readSync(file, bytes)) {
      const piece = tail + bytes.toString('latin1', 0, read);
      yield piece;
      tail = piece.slice(-longestMatch);
    }
  } finally {
    closeSync(file);
  }
}
