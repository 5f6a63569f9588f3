import type { Policy } from '../contract/policy.ts';
import { tidy, type SourceLine } from './source-line.ts';

const months = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

/** `YYYY-MM-DD` of a British date with a day (20/10/2023, 3rd May 2024), or null: a month alone is not guessed at. */
export function calendarDateIn(text: string): string | null {
  const figures = /\b(\d{1,2})[./-](\d{1,2})[./-](\d{4})\b/u.exec(text);
  const words = /\b(\d{1,2})(?:st|nd|rd|th)?\s+(\p{L}{3,9})\.?,?\s+(\d{4})\b/u.exec(text);
  const [day, month, year] =
    figures !== null
      ? [Number(figures[1]), Number(figures[2]), Number(figures[3])]
      : [Number(words?.[1]), monthNumber(words?.[2] ?? ''), Number(words?.[3])];
  const date = new Date(Date.UTC(year, month - 1, day));
  if (Number.isNaN(date.getTime()) || date.getUTCDate() !== day || date.getUTCMonth() !== month - 1) return null;
  return date.toISOString().slice(0, 10);
}

function monthNumber(name: string): number {
  return months.findIndex((month) => name.length >= 3 && month.startsWith(name.toLowerCase())) + 1;
}

/** What the document-control rows say that Usher keeps: owner and the dates of approval and review. */
export function readLifecycle(rows: readonly SourceLine[]): Policy['lifecycle'] {
  const found: Policy['lifecycle'] = {};
  for (const row of rows) {
    const [key = '', ...rest] = row.raw.split(/[:\t]+/u).map(tidy);
    const value = tidy(rest.join(' '));
    const date = calendarDateIn(value);
    if (/^(?:policy )?owner|^lead/iu.test(key) && value !== '') found.owner ??= value.slice(0, 200);
    if (date === null) continue;
    if (/^(?:date (?:of|for) )?(?:the )?next review|review due|^review date$/iu.test(key)) found.reviewDueOn ??= date;
    else if (/ratif/iu.test(key)) found.ratifiedOn ??= date;
    else if (/approv|adopt|^date$/iu.test(key)) found.approvedOn ??= date;
  }
  return found;
}
