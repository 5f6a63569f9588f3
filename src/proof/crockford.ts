const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The letter for a value of 0 to 31, and back (https://www.crockford.com/base32.html). */
export const crockfordLetter = (value: number): string => alphabet.charAt(value);
/** -1 for what is no such letter. */
export const crockfordValue = (letter: string): number => (letter.length === 1 ? alphabet.indexOf(letter) : -1);

/** The first bits of some bytes as so many letters, five bits each: none of I, L, O and U, which are misread. */
export function crockford(bytes: Uint8Array, letters: number): string {
  let bits = 0n;
  for (const byte of bytes.subarray(0, 16)) bits = (bits << 8n) | BigInt(byte);
  const spare = BigInt(Math.min(bytes.length, 16) * 8);
  return Array.from({ length: letters }, (_, place) =>
    crockfordLetter(Number((bits >> (spare - 5n * BigInt(place + 1))) & 31n)),
  ).join('');
}
