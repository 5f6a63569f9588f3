import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DestinationStream } from 'pino';

/** A log that what it tells of does not depend on: a line that cannot be written is counted and left out. */
export interface LogFile extends DestinationStream {
  /** Goes on in a new file at the same path, after the old one was moved away. */
  reopen(): void;
}

export function logFile(path: string): LogFile {
  mkdirSync(dirname(path), { recursive: true });
  let file: number | null = null;
  let lost = 0;
  const reopen = (): void => {
    if (file !== null) closeSync(file);
    file = null;
  };
  const written = (text: string): boolean => {
    try {
      file ??= openSync(path, 'a', 0o600);
      writeSync(file, text);
      return true;
    } catch {
      return false;
    }
  };
  return {
    reopen,
    write(line) {
      const gap = { level: 40, time: Date.now(), lost, msg: 'lines of this log could not be written' };
      if (lost > 0 && written(`${JSON.stringify(gap)}\n`)) lost = 0;
      if (lost > 0 || !written(line)) lost += 1;
    },
  };
}
