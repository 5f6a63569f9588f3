const romanSteps: readonly (readonly [number, string])[] = [
  [1000, 'm'],
  [900, 'cm'],
  [500, 'd'],
  [400, 'cd'],
  [100, 'c'],
  [90, 'xc'],
  [50, 'l'],
  [40, 'xl'],
  [10, 'x'],
  [9, 'ix'],
  [5, 'v'],
  [4, 'iv'],
  [1, 'i'],
];
const words =
  'Zero One Two Three Four Five Six Seven Eight Nine Ten Eleven Twelve Thirteen Fourteen Fifteen Sixteen Seventeen Eighteen Nineteen Twenty'.split(
    ' ',
  );
const ordinals = 'Zeroth First Second Third Fourth Fifth Sixth Seventh Eighth Ninth Tenth Eleventh Twelfth'.split(' ');
const mostInRoman = 3_999;

/** A number in one of Word's number formats (ECMA-376 Part 1, 17.18.59); in figures where the format is another. */
export function numberAsPrinted(value: number, format: string): string {
  if (format === 'lowerLetter' || format === 'upperLetter') return cased(letters(value), format);
  if (format === 'lowerRoman' || format === 'upperRoman') return cased(roman(value), format);
  if (format === 'decimalZero') return String(value).padStart(2, '0');
  if (format === 'ordinal') return `${value}${ordinalEnding(value)}`;
  if (format === 'cardinalText') return words[value] ?? String(value);
  if (format === 'ordinalText') return ordinals[value] ?? `${value}${ordinalEnding(value)}`;
  return String(value);
}

const cased = (text: string, format: string) => (format.startsWith('upper') ? text.toUpperCase() : text);

/** a … z, then aa, bb … as Word counts. */
function letters(value: number): string {
  const place = Math.max(0, value - 1);
  return String.fromCodePoint(97 + (place % 26)).repeat(Math.min(10, Math.floor(place / 26) + 1));
}

function roman(value: number): string {
  if (value < 1 || value > mostInRoman) return String(value);
  let rest = value;
  let text = '';
  for (const [size, digits] of romanSteps) {
    for (; rest >= size; rest -= size) text += digits;
  }
  return text;
}

function ordinalEnding(value: number): string {
  const tens = value % 100;
  if (tens >= 11 && tens <= 13) return 'th';
  return ['th', 'st', 'nd', 'rd'][value % 10] ?? 'th';
}
