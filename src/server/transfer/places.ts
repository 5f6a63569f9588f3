import { existsSync } from 'node:fs';

/** @throws Error when there is no database file to read. */
export function refuseNoDatabase(path: string): void {
  if (existsSync(path)) return;
  throw new Error(
    `There is no database ${path}. Name the server's state folder in USHER_STATE, or its PostgreSQL in USHER_DATABASE_URL.`,
  );
}
