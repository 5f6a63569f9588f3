/** The number, letter or bullet in front of a point, as printed. */
export interface PrintedLabel {
  readonly text: string;
  readonly kind: 'bullet' | 'number' | 'letter' | 'roman';
  /** 2.1 is [2, 1]; (c) is [3]; (iv) is [4]; a bullet is []. */
  readonly path: readonly number[];
  /** False where the same characters could be ordinary words: "7 Monitoring", "a. ", "o ". */
  readonly certain: boolean;
  /** What follows it. */
  readonly rest: string;
}

const bullet =
  /^([·•●▪◦‣∙⁃■□▫➢➤►▶✓✔❖◆♦★*\u2043\uf000-\uf0ff]|[-–—−]|[oØüv§](?=\s))\s*(?=\s|$|(?<=[·•●▪◦‣∙■□➢➤►✓✔❖\uf000-\uf0ff])\S)/u;
const dotted = /^(\d{1,3}(?:\.\d{1,3}){1,4})[.):]?(?=\s|$)/u;
const number = /^(\(?\d{1,3}(?:[.)]|\.\)|\s?[-–](?=\s)))(?=\s|$|\p{Lu})/u;
const bareNumber = /^(\d{1,2})(?=\s+\p{Lu})/u;
const enclosedLetter = /^(\([a-z]\)|[a-z]\))(?=\s|$|\p{Lu})/iu;
const enclosedRoman = /^(\([ivxlc]{1,6}\)|[ivxlc]{1,6}\))(?=\s|$|\p{Lu})/iu;
const dottedLetter = /^([a-z]\.)(?=\s)/iu;
const dottedRoman = /^([ivxlc]{1,6}\.)(?=\s)/iu;

const romanDigits: Readonly<Record<string, number>> = { i: 1, v: 5, x: 10, l: 50, c: 100 };

/** Value of a Roman numeral up to 100s, or 0 when it is none. */
export function romanValue(text: string): number {
  let total = 0;
  const digits = [...text.toLowerCase()].map((letter) => romanDigits[letter] ?? 0);
  if (digits.includes(0)) return 0;
  digits.forEach((digit, index) => (total += digit < (digits[index + 1] ?? 0) ? -digit : digit));
  return total;
}

/** The label at the start of a line, or null. `after` is the label before it, which decides between (i) and (i). */
export function labelOf(text: string, after: PrintedLabel | null = null): PrintedLabel | null {
  const found = (match: RegExpExecArray, kind: PrintedLabel['kind'], path: number[], certain: boolean) => ({
    text: match[0].trim(),
    kind,
    path,
    certain,
    rest: text.slice(match[0].length).trim(),
  });
  const bulleted = bullet.exec(text);
  if (bulleted !== null) return found(bulleted, 'bullet', [], !/^[oØüv*–—−-]/u.test(bulleted[0]));
  const several = dotted.exec(text);
  if (several !== null) return found(several, 'number', (several[1] ?? '').split('.').map(Number), true);
  const one = number.exec(text);
  if (one !== null) return found(one, 'number', [Number(/\d+/u.exec(one[0])?.[0] ?? 0)], true);
  const bare = bareNumber.exec(text);
  if (bare !== null) return found(bare, 'number', [Number(bare[1])], false);
  for (const [letters, romans, certain] of [
    [enclosedLetter, enclosedRoman, true],
    [dottedLetter, dottedRoman, false],
  ] as const) {
    const roman = romans.exec(text);
    const letter = letters.exec(text);
    const romanNumber = roman === null ? 0 : romanValue(roman[0].replace(/[().\s]/gu, ''));
    const letterNumber = letter === null ? 0 : letterValue(letter[0]);
    if (roman !== null && romanNumber > 0 && (letter === null || readsAsRoman(romanNumber, letterNumber, after)))
      return found(roman, 'roman', [romanNumber], certain);
    if (letter !== null) return found(letter, 'letter', [letterNumber], certain);
  }
  return null;
}

function letterValue(label: string): number {
  return (/[a-z]/iu.exec(label)?.[0].toLowerCase().codePointAt(0) ?? 96) - 96;
}

function readsAsRoman(romanNumber: number, letterNumber: number, after: PrintedLabel | null): boolean {
  if (after?.kind === 'letter' && after.path[0] === letterNumber - 1) return false;
  if (after?.kind === 'roman' && after.path[0] === romanNumber - 1) return true;
  return romanNumber === 1;
}

/** Does `next` count on from `previous` in the same way of numbering? */
export function countsOn(previous: PrintedLabel, next: PrintedLabel): boolean {
  if (previous.kind !== next.kind) return false;
  if (previous.kind === 'bullet') return previous.text === next.text;
  if (previous.path.length !== next.path.length) return false;
  const last = previous.path.length - 1;
  return (
    previous.path.slice(0, last).every((value, index) => value === next.path[index]) &&
    (next.path[last] ?? 0) - (previous.path[last] ?? 0) === 1
  );
}
