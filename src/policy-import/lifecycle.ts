import type { Policy } from '../contract/policy.ts';
import type { Questions } from './questions.ts';
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

type DatedField = 'approvedOn' | 'ratifiedOn' | 'reviewDueOn';

const datedFields: readonly (readonly [DatedField, RegExp, string])[] = [
  [
    'reviewDueOn',
    /^(?:date (?:of|for) )?(?:the )?next review|review due|^review date$/iu,
    'is the policy due for review',
  ],
  ['ratifiedOn', /ratif/iu, 'was the policy ratified'],
  ['approvedOn', /approv|adopt|^date$/iu, 'was the policy approved'],
];
const monthAndYear = /\b\p{L}{3,9}\.?\s+\d{4}\b|\b\d{1,2}[./-]\d{4}\b/u;

/** What the document-control rows say that Usher keeps: owner and the dates of approval and review. */
export function readLifecycle(rows: readonly SourceLine[], questions: Questions): Policy['lifecycle'] {
  const found: Policy['lifecycle'] = {};
  for (const row of rows) {
    const [key = '', ...rest] = row.raw.split(/[:\t]+/u).map(tidy);
    const value = tidy(rest.join(' '));
    if (/^(?:policy )?owner|^lead/iu.test(key) && value !== '') found.owner ??= value.slice(0, 200);
    const [field, , what] = datedFields.find(([, pattern]) => pattern.test(key)) ?? [];
    if (field === undefined || what === undefined || found[field] !== undefined) continue;
    const date = calendarDateIn(value) ?? (monthAndYear.test(value) ? askedDate(row, what, questions) : null);
    if (date !== null) found[field] = date;
  }
  return found;
}

/** A month without a day is no date; the school may give one. */
function askedDate(row: SourceLine, what: string, questions: Questions): string | null {
  const answer = questions.ask({
    kind: 'date',
    at: row,
    saw: row.text,
    asks: `On which day ${what}? The file names no day.`,
    choices: [{ answer: 'unknown', means: 'no date is kept' }],
    freely: 'date',
    assumed: 'unknown',
  });
  return answer === 'unknown' ? null : answer;
}
