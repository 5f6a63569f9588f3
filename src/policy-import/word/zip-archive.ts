import { inflateRawSync } from 'node:zlib';
import { accepted, refused, type Outcome } from '../../contract/problem.ts';

/** One file inside a zip archive, not yet inflated. */
export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly encrypted: boolean;
  readonly compressedBytes: number;
  /** As the archive declares it; `inflate` holds it to the limit whatever it declares. */
  readonly declaredBytes: number;
  readonly headerOffset: number;
}

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const localSignature = 0x04034b50;
const longestComment = 65_557;
const mostEntries = 5_000;

const damaged = () =>
  refused('import.damaged', 'The Word document is damaged or cut off. Open it in Word, save it again and import that.');

/** The archive's own list of its files (PKWARE APPNOTE 6.3.10, 4.3.12 and 4.3.16). */
export function zipEntries(bytes: Buffer): Outcome<ZipEntry[]> {
  const end = endOfDirectory(bytes);
  if (end < 0) return damaged();
  const count = bytes.readUInt16LE(end + 10);
  if (count > mostEntries) return damaged();
  const entries: ZipEntry[] = [];
  let position = bytes.readUInt32LE(end + 16);
  for (let index = 0; index < count; index += 1) {
    if (position + 46 > bytes.length || bytes.readUInt32LE(position) !== entrySignature) return damaged();
    const nameLength = bytes.readUInt16LE(position + 28);
    entries.push({
      name: bytes.toString('utf8', position + 46, position + 46 + nameLength),
      method: bytes.readUInt16LE(position + 10),
      encrypted: (bytes.readUInt16LE(position + 8) & 1) === 1,
      compressedBytes: bytes.readUInt32LE(position + 20),
      declaredBytes: bytes.readUInt32LE(position + 24),
      headerOffset: bytes.readUInt32LE(position + 42),
    });
    position += 46 + nameLength + bytes.readUInt16LE(position + 30) + bytes.readUInt16LE(position + 32);
  }
  return accepted(entries);
}

function endOfDirectory(bytes: Buffer): number {
  for (let at = bytes.length - 22; at >= Math.max(0, bytes.length - longestComment); at -= 1) {
    if (bytes.readUInt32LE(at) === endSignature) return at;
  }
  return -1;
}

/** Inflates one file, stopping at the limit. Null when it is damaged; 'tooLarge' when it does not fit. */
export function inflate(bytes: Buffer, entry: ZipEntry, mostBytes: number): Buffer | 'tooLarge' | null {
  const header = entry.headerOffset;
  if (header + 30 > bytes.length || bytes.readUInt32LE(header) !== localSignature) return null;
  const start = header + 30 + bytes.readUInt16LE(header + 26) + bytes.readUInt16LE(header + 28);
  const packed = bytes.subarray(start, start + entry.compressedBytes);
  if (packed.length !== entry.compressedBytes) return null;
  if (entry.method === 0) return packed.length > mostBytes ? 'tooLarge' : packed;
  if (entry.method !== 8) return null;
  try {
    return inflateRawSync(packed, { maxOutputLength: mostBytes });
  } catch (error) {
    return error instanceof RangeError ? 'tooLarge' : null;
  }
}
