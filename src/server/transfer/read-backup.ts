import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { z } from 'zod';
import { backupEnds, backupFormat, backupHead, tableBegins, tableEnds, type BackupHead } from './backup-format.ts';
import { ContentSum, value, type Row, type TableContent } from './rows.ts';

/** A line longer than this is none of ours. */
const mostLineBytes = 64 * 1024 * 1024;

export type BackupPart =
  | { kind: 'head'; head: BackupHead }
  | { kind: 'row'; table: string; row: Row }
  | { kind: 'tableEnds'; table: string; content: TableContent };

const damaged = (why: string): Error =>
  new Error(`This backup cannot be used: ${why}. Nothing was changed; take another backup.`);

const row = z.array(value);

/**
 * Reads a backup from its beginning to its end and checks every count and digest in it. Whoever changes something by what
 * it says must have read all of it once before.
 * @throws Error in one sentence for a file that is none, is cut off, was changed or is of another format.
 */
export async function* readBackup(file: string): AsyncGenerator<BackupPart> {
  const hash = createHash('sha256');
  let head: BackupHead | null = null;
  let open: { name: string; columns: number; sum: ContentSum } | null = null;
  let tables = 0;
  let rows = 0;
  let finished = false;
  for await (const text of linesOf(file)) {
    if (finished) throw damaged('something follows after its end');
    const item = jsonOf(text);
    const isLast = backupEnds.safeParse(item);
    if (!isLast.success) hash.update(`${text}\n`);
    if (head === null) {
      head = headOf(item);
      yield { kind: 'head', head };
    } else if (open !== null && Array.isArray(item)) {
      const parsed = row.safeParse(item);
      if (!parsed.success || parsed.data.length !== open.columns) throw damaged(`a row of ${open.name} is damaged`);
      open.sum.add(parsed.data);
      rows += 1;
      yield { kind: 'row', table: open.name, row: parsed.data };
    } else if (open !== null) {
      const { name, sum } = open;
      const end = tableEnds.safeParse(item).data;
      const { content } = sum;
      if (end?.end !== name || end.rows !== content.rows || end.digest !== content.digest) {
        throw damaged(`the table ${name} is not as it was written`);
      }
      open = null;
      tables += 1;
      yield { kind: 'tableEnds', table: name, content };
    } else if (isLast.success) {
      const { data } = isLast;
      if (data.sha256 !== hash.digest('hex') || data.rows !== rows || tables !== head.tables.length) {
        throw damaged('its content does not match its own check sum');
      }
      finished = true;
    } else {
      const table = head.tables[tables];
      if (table === undefined || tableBegins.safeParse(item).data?.table !== table.name) {
        throw damaged('its tables are not those it says it has');
      }
      open = { name: table.name, columns: table.columns.length, sum: new ContentSum() };
    }
  }
  if (!finished) throw damaged('it is cut off');
}

function headOf(item: unknown): BackupHead {
  const head = backupHead.safeParse(item);
  if (head.success) return head.data;
  const format = z.object({ format: z.string().max(100) }).safeParse(item).data?.format;
  if (format === backupFormat) throw damaged('its first line is damaged');
  throw damaged(format === undefined ? 'it is no backup of Usher' : `its format is ${format}, not ${backupFormat}`);
}

async function* linesOf(file: string): AsyncGenerator<string> {
  const packed = createReadStream(file);
  const unpacked = createGunzip();
  packed.on('error', (error) => unpacked.destroy(error));
  let rest: Buffer = Buffer.alloc(0);
  try {
    for await (const part of packed.pipe(unpacked)) {
      const bytes = Buffer.concat([rest, part]);
      let from = 0;
      for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
        yield bytes.toString('utf8', from, end);
        from = end + 1;
      }
      rest = bytes.subarray(from);
      if (rest.length > mostLineBytes) throw damaged('it holds a line that is far too long');
    }
  } catch (error) {
    throw unpackingFault(error, file);
  } finally {
    packed.destroy();
  }
  if (rest.length > 0) throw damaged('it is cut off');
}

/** What zlib and the file system say, in words that help. */
function unpackingFault(error: unknown, file: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT') return new Error(`There is no file ${file}. Name the backup with --from.`);
  if (code === 'Z_BUF_ERROR') return damaged('it is cut off');
  if (code.startsWith('Z_')) return damaged('its bytes were changed, or it is no backup of Usher');
  return error;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw damaged('a line of it is damaged');
  }
}
