import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { shownPlace } from './engine.ts';

const markerOf = (folder: string): string => join(folder, 'moved');

/** Notes that the data of this folder lives elsewhere from now on. */
export function markMoved(folder: string, url: string, at: Date): void {
  writeFileSync(markerOf(folder), `${shownPlace(url)} on ${at.toISOString()}\n`, { mode: 0o600, flush: true });
}

/** @throws Error when the data of this folder was moved: two servers would go on with it, each for itself. */
export function refuseMoved(folder: string): void {
  const marker = markerOf(folder);
  if (!existsSync(marker)) return;
  throw new Error(
    `The data of ${folder} was moved to ${readFileSync(marker, 'utf8').trim()}. Give that database in USHER_DATABASE_URL. Only to go back to how things were before the move, remove ${marker}.`,
  );
}
