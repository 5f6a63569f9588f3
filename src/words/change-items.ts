import type { Policy } from '../contract/policy.ts';
import type { ComparedLine } from '../rules/compare-policies/compare-lines.ts';
import { saysTheSame, type PolicyComparison } from '../rules/compare-policies/compare-policies.ts';
import { compareTexts, type WordRun } from '../rules/compare-policies/compare-texts.ts';
import type { PolicyLine } from '../rules/compare-policies/policy-lines.ts';
import { factsSaid } from './change-words.ts';
import { audienceWords } from './policy-words.ts';

export type ChangeKind = 'added' | 'removed' | 'reworded' | 'emphasis' | 'moved' | 'audience' | 'blanks' | 'changed';

/** What became of something, in a word. */
export const changeKindWords: Record<ChangeKind, string> = {
  added: 'Added',
  removed: 'Taken out',
  reworded: 'Reworded',
  emphasis: 'Other words in bold',
  moved: 'Moved',
  audience: 'For other people',
  blanks: 'Other blanks',
  changed: 'Changed',
};

/** One change as a person reads it. */
export interface ChangeItem {
  key: string;
  kind: ChangeKind;
  /** Where it is: "2.1, Passwords", "When screens lock". */
  where: string;
  /** Its words; what stayed, went and came can be told apart. */
  runs: readonly WordRun[];
  /** What else is to be said: "It was in Passwords before." */
  note: string | null;
  /** Id of the clause or section in the newer version; null where there is none to go to. */
  at: string | null;
  /** In the document itself, or beside it. */
  part: 'document' | 'beside';
  /** `person`: who accepts the policy is told. `school`: only who looks after it. */
  concerns: 'person' | 'school';
}

export interface SaidComparison {
  /** In the order of reading; what stands beside the document comes last. */
  items: readonly ChangeItem[];
  /** Clauses that only have another number. */
  renumbered: number;
  /** Nothing at all differs. */
  same: boolean;
}

/** Everything that differs, as a list that a person reads from top to bottom. */
export function sayComparison(comparison: PolicyComparison, older: Policy, newer: Policy): SaidComparison {
  const { lines, facts } = comparison;
  const placeOf = placesIn(lines);
  const items = lines.flatMap((line) => lineItems(line, placeOf));
  const beside = factsSaid(facts, older, newer).map(({ key, concerns, what, older: was, newer: is }): ChangeItem => {
    const kind = was === null ? 'added' : is === null ? 'removed' : 'changed';
    return {
      key,
      kind,
      where: what,
      runs: compareTexts(was ?? '', is ?? ''),
      note: null,
      at: null,
      part: 'beside',
      concerns,
    };
  });
  const renumbered = lines.filter(
    ({ changes, place }) => place !== 'older' && changes.length === 1 && changes[0] === 'renumbered',
  );
  return { items: [...items, ...beside], renumbered: renumbered.length, same: saysTheSame(comparison) };
}

interface Places {
  of(line: PolicyLine, side: 'older' | 'newer'): string;
  section(line: PolicyLine, side: 'older' | 'newer'): string;
  /** Is every clause of this heading told by itself as well? */
  hasClauses(line: PolicyLine, side: 'older' | 'newer'): boolean;
}

function placesIn(lines: readonly ComparedLine[]): Places {
  const titles = { older: new Map<string, string>(), newer: new Map<string, string>() };
  const parents = { older: new Set<string>(), newer: new Set<string>() };
  for (const compared of lines) {
    for (const side of ['older', 'newer'] as const) {
      const line = compared[side];
      if (line === null) continue;
      if (line.kind === 'section') titles[side].set(line.id, line.text);
      else if (line.parent !== null) parents[side].add(line.parent);
    }
  }
  const section: Places['section'] = (line, side) => titles[side].get(line.parent ?? '') ?? '';
  return {
    section,
    of: (line, side) => {
      const title = line.kind === 'section' ? 'Heading' : section(line, side);
      return [line.number, title].filter((part) => part !== undefined && part !== '').join(', ');
    },
    hasClauses: (line, side) => parents[side].has(line.id),
  };
}

/** What became of a line, in one word; null where it is the same or only has another number. */
export function kindOf({ changes }: ComparedLine): ChangeKind | null {
  if (changes.includes('reworded')) return 'reworded';
  return changes.find((one) => one !== 'renumbered') ?? null;
}

/** Names a line of a comparison, and its item. */
export const lineKey = ({ kind, older, newer }: ComparedLine): string =>
  newer === null ? `${kind}.${older?.id ?? ''}.older` : `${kind}.${newer.id}.newer`;

function lineItems(compared: ComparedLine, places: Places): ChangeItem[] {
  const { older, newer, place, words } = compared;
  // What moved is told where it is now.
  if (place === 'older' && newer !== null) return [];
  const line = newer ?? older;
  if (line === null) return [];
  const side = newer === null ? 'older' : 'newer';
  const base = {
    key: lineKey(compared),
    where: places.of(line, side),
    note: null,
    at: newer?.id ?? null,
    part: 'document' as const,
    concerns: 'person' as const,
  };
  const kind = kindOf(compared);
  switch (kind) {
    case null:
    case 'changed':
      return [];
    case 'added':
    case 'removed': {
      if (line.kind === 'section' && places.hasClauses(line, side)) return [];
      return [{ ...base, kind, runs: [{ kind, text: line.text }] }];
    }
    case 'reworded':
    case 'emphasis':
    case 'moved':
    case 'audience':
    case 'blanks': {
      const runs = words ?? [{ kind: 'same', text: line.text }];
      const concerns = kind === 'audience' || kind === 'blanks' ? 'school' : 'person';
      return [{ ...base, kind, runs, note: noteOf(compared, places), concerns }];
    }
  }
}

function noteOf({ older, newer, changes }: ComparedLine, places: Places): string | null {
  if (older === null || newer === null) return null;
  const notes: string[] = [];
  if (changes.includes('moved')) {
    const [before, now] = [places.section(older, 'older'), places.section(newer, 'newer')];
    notes.push(
      newer.kind === 'clause' && before !== now && before !== ''
        ? `It was in “${before}” before.`
        : 'It stood in another place before.',
    );
  }
  if (changes.includes('audience')) notes.push(`For ${peopleOf(older)} before; now for ${peopleOf(newer)}.`);
  if (changes.includes('blanks') && older.written !== newer.written) {
    notes.push(`Written as “${newer.written}”, before as “${older.written}”.`);
  }
  return notes.length === 0 ? null : notes.join(' ');
}

function peopleOf({ audience, teachingOnly }: PolicyLine): string {
  const people = audience?.map((one) => audienceWords[one].toLowerCase()).join(', ') ?? 'everybody';
  return teachingOnly === true ? `${people} with a teaching role` : people;
}
