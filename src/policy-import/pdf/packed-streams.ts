import { inflateSync } from 'node:zlib';

/** One stream of a policy's PDF: a page, a font, a picture of a page at 600 dots per inch. */
const mostStreamBytes = 128 * 1024 * 1024;
const mostBytes = 1024 * 1024 * 1024;
const longestDictionary = 2_048;

/**
 * Does a PDF hold streams that inflate to more than any policy's? Looked for before it is read, because the reader
 * inflates a stream whole (ISO 32000-1, 7.4.4, FlateDecode).
 */
export function packsTooMuch(bytes: Buffer): boolean {
  let total = 0;
  let at = bytes.indexOf('stream');
  while (at >= 0) {
    const dictionary = bytes.toString('latin1', Math.max(0, at - longestDictionary), at);
    const own = dictionary.slice(dictionary.lastIndexOf(' obj') + 1);
    const start = at + 6 + (bytes[at + 6] === 0x0d ? 2 : 1);
    const end = bytes.indexOf('endstream', start);
    if (end < 0) return false;
    if (/\/(?:FlateDecode|Fl)\b/u.test(own)) {
      const inflated = inflatedBytes(bytes.subarray(start, end));
      total += inflated;
      if (inflated > mostStreamBytes || total > mostBytes) return true;
    }
    at = bytes.indexOf('stream', end + 9);
  }
  return false;
}

function inflatedBytes(packed: Buffer): number {
  try {
    return inflateSync(packed, { maxOutputLength: mostStreamBytes }).length;
  } catch (error) {
    return error instanceof RangeError ? mostStreamBytes + 1 : 0;
  }
}
