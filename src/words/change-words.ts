import type { Policy } from '../contract/policy.ts';
import { policyRules } from '../contract/policy-rules.ts';
import { compareItems } from '../rules/compare-policies/compare-items.ts';
import type { FactChange } from '../rules/compare-policies/compare-policies.ts';
import { fillVariables } from '../rules/policy-for-person.ts';
import {
  audienceWords,
  contactPurposeWords,
  fieldKindWords,
  declineWords,
  longDateWords,
  officeWords,
  readingWords,
  wholeRenewalWords,
} from './policy-words.ts';
import { ruleLines } from './rule-words.ts';

/** One difference beside the document, in words. */
export interface SaidChange {
  key: string;
  /** Whom it concerns: `person` is shown to who accepts, `school` only to who looks after the policy. */
  concerns: 'person' | 'school';
  /** What differs: "Screens that lock". */
  what: string;
  /** Null where the older version did not have it. */
  older: string | null;
  /** Null where the newer version does not have it. */
  newer: string | null;
}

const ruleNames = {
  idleLock: 'When screens lock',
  presentation: 'Presenting',
  concurrentSignIn: 'One computer at a time',
  passwordAge: 'Passwords',
  endOfDay: 'The end of the day',
  posture: 'How computers are protected',
  usb: 'USB devices',
  sharedAccounts: 'Shared accounts',
  retention: 'How long records are kept',
};

const lifecycleNames: Record<string, string> = {
  owner: 'Owner',
  approvedOn: 'Approved on',
  approvedBy: 'Approved by',
  ratifiedOn: 'Ratified on',
  ratifiedBy: 'Ratified by',
  reviewDueOn: 'Review due on',
  reviewEveryMonths: 'Months between reviews',
  history: 'Change history',
};

/** Says every difference beside the document. None is passed over: what has no words of its own is told by its name. */
export function factsSaid(facts: readonly FactChange[], older: Policy, newer: Policy): SaidChange[] {
  return facts.flatMap((fact) => said(fact, older, newer));
}

function said({ path, older: was, newer: is }: FactChange, older: Policy, newer: Policy): SaidChange[] {
  const [part, member] = path;
  const line = (
    concerns: SaidChange['concerns'],
    what: string,
    wordsOf: (policy: Policy) => string | undefined,
  ): SaidChange[] => [
    { key: path.join('.'), concerns, what, older: wordsOf(older) ?? null, newer: wordsOf(newer) ?? null },
  ];
  switch (part) {
    case 'title':
      return line('person', 'Title', ({ title }) => title);
    case 'schoolName':
      return line('person', 'School', ({ schoolName }) => schoolName);
    case 'audiences':
      return line('school', 'Who it is for', ({ audiences }) => audiences.map((one) => audienceWords[one]).join(', '));
    case 'renewal':
      return line('person', 'When you are asked again', ({ renewal }) => sentence(wholeRenewalWords(renewal)));
    case 'reading':
      return line('school', 'What has to be read', ({ reading }) => sentence(readingWords(reading)));
    case 'decline':
      return line('person', 'If you do not accept', ({ decline }) =>
        sentence(declineWords[decline?.mode ?? 'stays']),
      ).concat(generic('decline.figures', 'If somebody does not accept, as set', ...figuresThatDiffer(was, is)));
    case 'check':
      return items(older, newer, {
        key: 'check',
        concerns: 'school',
        listOf: ({ check }) => check?.questions ?? [],
        keyOf: ({ id }) => id,
        what: () => 'Question before signing',
        words: ({ text, options, right }) =>
          [text, ...options.map((option) => `${right.includes(option.id) ? '✓' : '–'} ${option.text}`)].join(' '),
      });
    case 'contacts':
      return contactsSaid(older, newer);
    case 'variables':
      return items(older, newer, {
        key: 'variables',
        concerns: 'school',
        listOf: ({ variables }) => variables,
        keyOf: ({ name }) => name,
        what: ({ label }) => `Blank: ${label}`,
        words: ({ value, placeholder }) => value ?? `not filled in: shown as ${placeholder}`,
      });
    case 'form':
      return formSaid(member ?? '', older, newer);
    case 'rules':
      return rulesSaid(member ?? '', was, is, older, newer);
    case 'lifecycle':
      return [
        {
          key: path.join('.'),
          concerns: 'school',
          what: lifecycleNames[member ?? ''] ?? spelled(member ?? ''),
          older: was === undefined ? null : plain(was),
          newer: is === undefined ? null : plain(is),
        },
      ];
    default:
      return [generic(path.join('.'), spelled(part), was, is)];
  }
}

interface ListWords<T> {
  key: string;
  concerns: SaidChange['concerns'];
  listOf: (policy: Policy) => readonly T[];
  keyOf: (item: T) => string;
  what: (item: T) => string;
  words: (item: T, policy: Policy) => string;
}

function items<T>(
  older: Policy,
  newer: Policy,
  { key, concerns, listOf, keyOf, what, words }: ListWords<T>,
): SaidChange[] {
  const changes = compareItems(listOf(older), listOf(newer), keyOf).flatMap(
    ({ older: was, newer: is }): SaidChange[] => {
      const either = is ?? was;
      if (either === undefined) return [];
      const [before, after] = [
        was === undefined ? null : words(was, older),
        is === undefined ? null : words(is, newer),
      ];
      if (before === after) return [];
      return [{ key: `${key}.${keyOf(either)}`, concerns, what: what(either), older: before, newer: after }];
    },
  );
  if (changes.length > 0) return changes;
  const inOrder = (policy: Policy): string =>
    listOf(policy)
      .map((one) => words(one, policy))
      .join(' · ');
  return [{ key, concerns: 'school', what: spelled(key), older: inOrder(older), newer: inOrder(newer) }];
}

function contactsSaid(older: Policy, newer: Policy): SaidChange[] {
  return items(older, newer, {
    key: 'contacts',
    concerns: 'person',
    listOf: ({ contacts }) => contacts,
    keyOf: ({ purpose, label }) => `${purpose} ${label}`,
    what: ({ purpose }) => `Who to ask: ${contactPurposeWords[purpose].toLowerCase()}`,
    words: ({ label, how }) => `${label}: ${how}`,
  });
}

function formSaid(member: string, older: Policy, newer: Policy): SaidChange[] {
  if (member === 'statements') {
    return items(older, newer, {
      key: 'form.statements',
      concerns: 'person',
      listOf: ({ form }) => form.statements,
      keyOf: ({ id }) => id,
      what: () => 'What you agree to when you sign',
      words: ({ text }, { variables }) => fillVariables(text, variables),
    });
  }
  if (member === 'fields') {
    return items(older, newer, {
      key: 'form.fields',
      concerns: 'person',
      listOf: ({ form }) => form.fields,
      keyOf: ({ id }) => id,
      what: () => 'What you fill in when you sign',
      words: ({ label, kind, required }) => `${label} (${fieldKindWords[kind]}${required ? '' : ', may stay blank'})`,
    });
  }
  if (member === 'counterSignature') {
    const words = ({ form: { counterSignature } }: Policy): string | null =>
      counterSignature === undefined
        ? null
        : `By the ${counterSignature.by.map((office) => officeWords[office]).join(' or ')}: ${counterSignature.statement}`;
    const key = 'form.counterSignature';
    return [{ key, concerns: 'person', what: 'A second signature', older: words(older), newer: words(newer) }];
  }
  const of = ({ form }: Policy): unknown => Object.entries(form).find(([name]) => name === member)?.[1];
  return [generic(`form.${member}`, `Form: ${spelled(member).toLowerCase()}`, of(older), of(newer))];
}

/** A rule by what machines do because of it, and by the figures themselves, which no sentence says all of. */
function rulesSaid(name: string, was: unknown, is: unknown, older: Policy, newer: Policy): SaidChange[] {
  const known = policyRules.keyof().safeParse(name);
  const what = known.success ? ruleNames[known.data] : spelled(name);
  const linesOf = (policy: Policy) => ruleLines(policy).filter(({ rule }) => rule === name);
  const changes = compareItems(linesOf(older), linesOf(newer), ({ key }) => key).flatMap(
    ({ older: before, newer: after }): SaidChange[] => {
      const words = (line: typeof before) => (line === undefined ? null : `${line.sentence} (Clause ${line.clause})`);
      if (words(before) === words(after)) return [];
      const key = `rules.${(after ?? before)?.key ?? name}`;
      return [{ key, concerns: 'person', what, older: words(before), newer: words(after) }];
    },
  );
  return [
    ...changes,
    { ...generic(`rules.${name}`, `${what}, as set`, ...figuresThatDiffer(was, is)), concerns: 'school' },
  ];
}

/** Of two values, the innermost figures that one of them has otherwise. */
function figuresThatDiffer(was: unknown, is: unknown): [unknown, unknown] {
  if (was === undefined || is === undefined) return [was, is];
  const [before, after] = [figures(was), figures(is)];
  const only = (one: Map<string, unknown>, other: Map<string, unknown>): string =>
    [...one]
      .filter(([name, value]) => other.get(name) !== value)
      .map(([name, value]) => `${name} ${String(value)}`)
      .join(', ');
  return [only(before, after) || undefined, only(after, before) || undefined];
}

function figures(value: unknown, name = ''): Map<string, unknown> {
  if (typeof value !== 'object' || value === null) return new Map([[name, value]]);
  const found = new Map<string, unknown>();
  for (const [member, inner] of Object.entries(value)) {
    if (inner === undefined) continue;
    for (const [path, one] of figures(inner, name === '' ? member : `${name}.${member}`)) found.set(path, one);
  }
  return found;
}

const generic = (key: string, what: string, was: unknown, is: unknown): SaidChange => ({
  key,
  concerns: 'school',
  what,
  older: was === undefined ? null : plain(was),
  newer: is === undefined ? null : plain(is),
});

/** A value in plain text: dates written out, lists of figures one after the other. */
function plain(value: unknown): string {
  if (typeof value === 'string') return /^\d{4}-\d{2}-\d{2}$/.test(value) ? longDateWords(value) : value;
  if (typeof value !== 'object' || value === null) return String(value);
  return [...figures(value)].map(([name, one]) => `${name} ${plain(one)}`).join(', ');
}

const sentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;

/** `counterSignature` as "Counter signature". */
const spelled = (name: string): string => {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll('.', ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
};
