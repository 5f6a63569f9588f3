import type { FormField } from '../contract/policy.ts';
import { tidy } from './source-line.ts';

/** One blank of a form, as found on a line. */
export interface FieldMatch {
  readonly kind: FormField['kind'];
  /** As printed, without colon and dots. */
  readonly label: string;
  /** Offset of the label in the line as typed. */
  readonly start: number;
  /** There is room to write: dots, underscores, a colon or a tab. */
  readonly hasBlank: boolean;
  /** The label says that somebody else than the person fills it in. */
  readonly byOther: boolean;
}

const other =
  /\b(?:authoris|accepted\b|countersign|counter-sign|head\b|head ?teacher|principal|manager|senior leader|SLT|SBM|witness|bursar|approved|administrator|DSL|technician|chair|parent|carer|guardian|pupil|student)/iu;
const person = String.raw`(?:staff|employee|user|volunteer|visitor|governor|member|your|full|first|last|family|applicant|adult|contractor)(?:['’]?s)?`;
const ofWhom = String.raw`(?:\s+(?:of|by|for)(?:\s+(?:the|a))?(?:\s+(?!date\b|name\b)[\p{L}'’/-]+){1,5}?(?=\s*(?:[:_.…(\t]|\s{2}|$|date\b|name\b|print|job\b)))?`;
const qualifier = String.raw`(?:\s*\([^()]{0,80}\))?`;

const grammar: readonly { kind: FormField['kind']; needsBlank: boolean; pattern: RegExp }[] = [
  {
    kind: 'school',
    needsBlank: true,
    pattern: new RegExp(
      `(?:name\\s+of\\s+)?(?:school|academy|setting|establishment|organisation)(?:\\s*/\\s*[\\p{L}]+)?(?:\\s+name)?${qualifier}`,
      'iuy',
    ),
  },
  {
    kind: 'signature',
    needsBlank: false,
    pattern: new RegExp(
      `(?:(?!date\\b|name\\b|print)[\\p{L}'’/-]+\\s+){0,3}?(?:(?:counter-?\\s?)?(?:signature|signed)|sign\\s+here)${ofWhom}${qualifier}`,
      'iuy',
    ),
  },
  {
    kind: 'signature',
    needsBlank: true,
    pattern: new RegExp(
      `(?:accepted|authorised|approved|witnessed|agreed)\\s+(?:by|for)(?:\\s+(?:the\\s+)?[\\p{L}'’/-]+){0,3}?${qualifier}(?=\\s*[:_.…])`,
      'iuy',
    ),
  },
  {
    kind: 'date',
    needsBlank: false,
    pattern:
      /(?:date(?:\s+(?:signed|of\s+(?:signature|signing|acceptance|agreement)))?|dated)(?:\s*\([^()]{0,40}\))?/iuy,
  },
  {
    kind: 'printedName',
    needsBlank: false,
    pattern: new RegExp(
      `(?:(?:please\\s+)?print(?:ed)?\\s+)?(?:${person}\\s+(?:member\\s+)?(?:\\/\\s*\\w+\\s+)?)*names?${ofWhom}(?:\\s*,?\\s*(?:in\\s+)?(?:please\\s+)?(?:block\\s+)?(?:capitals|capital\\s+letters|letters|print(?:ed)?))?${qualifier}`,
      'iuy',
    ),
  },
  {
    kind: 'printedName',
    needsBlank: true,
    pattern: /(?:print(?:ed)?|forenames?|surname|(?:block\s+)?capitals)(?:\s*\([^()]{0,40}\))?/iuy,
  },
  {
    kind: 'jobTitle',
    needsBlank: false,
    pattern: new RegExp(`job\\s+(?:title|role)(?:\\s*(?:/|or|and)\\s*(?:role|position|post))?${qualifier}`, 'iuy'),
  },
  {
    kind: 'jobTitle',
    needsBlank: true,
    pattern: new RegExp(
      `(?:role|position|post(?:\\s+held)?|designation)(?:\\s*(?:/|or)\\s*(?:role|position|post|job\\s+title|title))?(?:\\s+(?:in|at)\\s+(?:the\\s+)?school)?${qualifier}`,
      'iuy',
    ),
  },
  {
    kind: 'text',
    needsBlank: true,
    pattern:
      /(?:class|department|year\s+group|team|e-?mail(?:\s+address)?|(?:contact|telephone|phone|mobile)\s+(?:number|no\.?)|line\s+manager|user\s*name|asset\s+(?:number|tag)|serial\s+number)(?:\s*\([^()]{0,40}\))?/iuy,
  },
];
const blank = /(?:\s*[:;,]?\s*(?:[_.…·‥\-–—|/\s]|\[\s*\])*)/uy;

function matchAt(text: string, position: number): (FieldMatch & { end: number }) | null {
  for (const { kind, needsBlank, pattern } of grammar) {
    pattern.lastIndex = position;
    const match = pattern.exec(text);
    if (match === null || match[0] === '') continue;
    blank.lastIndex = pattern.lastIndex;
    const room = blank.exec(text)?.[0] ?? '';
    const end = pattern.lastIndex + room.length;
    const hasBlank = /[:_…\t]|\.\.|--/u.test(room);
    if (needsBlank && !hasBlank) continue;
    const after = text.slice(end);
    if (after !== '' && !startsField(text, end)) continue;
    const label = tidy(match[0]);
    return { kind, label, start: position, hasBlank, byOther: other.test(label), end };
  }
  return null;
}

function startsField(text: string, position: number): boolean {
  return grammar.some(({ pattern }) => {
    pattern.lastIndex = position;
    return pattern.test(text);
  });
}

/**
 * The blanks of a form line such as "Signed: ____ Print name: ____ Date: ____" or "SignatureDate",
 * or null when anything else than labels and room to write stands on it.
 * @param raw the line as typed, with its tabs
 */
export function fieldsIn(raw: string): FieldMatch[] | null {
  if (raw.length > 400 || raw.trim() === '') return null;
  const fields: FieldMatch[] = [];
  const lead = /^[\s_.…]*/u.exec(raw)?.[0].length ?? 0;
  let position = lead;
  while (position < raw.length) {
    const found = matchAt(raw, position);
    if (found === null) return null;
    const { end, ...field } = found;
    fields.push(field);
    position = end;
    if (fields.length > 12) return null;
  }
  return fields.length === 0 ? null : fields;
}

export function isFieldLine(text: string): boolean {
  return fieldsIn(text) !== null;
}
