import { z } from 'zod';
import { instant } from '../../contract/primitives.ts';

/**
 * A backup is gzip (RFC 1952) over lines of JSON, the same for both engines: the head; for each table a line that names
 * it, its rows as arrays and a line that ends it; and a last line with the SHA-256 of everything before it.
 */
export const backupFormat = 'usher/backup/1';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const name = z.string().regex(/^[A-Za-z0-9_]{1,100}$/);

export const backupHead = z.strictObject({
  format: z.literal(backupFormat),
  madeAt: instant,
  /** Version of Usher that made it. */
  version: z.string(),
  migrations: z.array(z.string()).min(1),
  tables: z.array(z.strictObject({ name, columns: z.array(name).min(1) })),
  /** The server's keys and secrets by their file names, base64. */
  files: z.record(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/), z.base64()),
});
export type BackupHead = z.infer<typeof backupHead>;

export const tableBegins = z.strictObject({ table: name });
export const tableEnds = z.strictObject({ end: name, rows: z.int().min(0), digest: sha256 });
export const backupEnds = z.strictObject({ finished: z.literal(true), rows: z.int().min(0), sha256 });
