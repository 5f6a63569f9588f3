import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import type { z } from 'zod';
import { replaceFileDurably, syncFolder } from '../journal/durable-file.ts';
import { dirname } from 'node:path';

/** A small JSON file that is replaced as a whole and survives a power cut. */
export interface KeptFile<T> {
  read(): T | null;
  /** @throws Error of `node:fs`; then the former content is untouched. */
  write(value: T): void;
  forget(): void;
}

/**
 * A file whose content does not fit the schema any more is set aside as `<name>.damaged-<time>`, told to `onDamaged`
 * with one sentence, and read as absent.
 */
export function keptFile<T>(
  path: string,
  schema: z.ZodType<T>,
  now: () => number,
  onDamaged: (sentence: string) => void,
): KeptFile<T> {
  return {
    read() {
      if (!existsSync(path)) return null;
      try {
        return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
      } catch {
        const aside = `${path}.damaged-${now()}`;
        renameSync(path, aside);
        onDamaged(`The file ${path} was damaged. It was kept as ${aside} and begun anew.`);
        return null;
      }
    },
    write: (value) => replaceFileDurably(path, `${JSON.stringify(value)}\n`, 0o600),
    forget() {
      if (!existsSync(path)) return;
      rmSync(path);
      syncFolder(dirname(path));
    },
  };
}
