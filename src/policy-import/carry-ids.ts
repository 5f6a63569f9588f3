import type { ImportedPolicy, SincePrevious } from '../contract/imported-policy.ts';
import { everySection, type Section } from '../contract/policy.ts';
import { essenceOf } from './identifiers.ts';
import { matchItems, movedItems, type Item } from './match-clauses.ts';

/** An earlier version: what an import printed, or a policy. */
export interface PreviousVersion {
  readonly sections: readonly Section[];
  readonly form: {
    readonly statements: readonly { readonly id: string; readonly text: string }[];
    readonly fields: readonly { readonly id: string }[];
  };
  readonly retiredIds?: readonly string[] | undefined;
}

const longestId = 64;

/**
 * Gives a newly imported version the ids of an earlier one: clauses, statements and sections that did not change, were
 * moved, or were reworded so that it is clear which they were keep theirs. Others get ids that no version had before.
 */
export function carryIds(imported: ImportedPolicy, previous: PreviousVersion): ImportedPolicy {
  const now = textsOf(imported);
  const then = textsOf(previous);
  const matched = matchItems(then, now);
  const sectionsThen = [...everySection(previous.sections)];
  const sectionsNow = [...everySection(imported.sections)];
  const matchedSections = matchSections(sectionsThen, sectionsNow, sameClauses(then, now, matched));
  const wanted = new Map<string, string | undefined>([
    ...sectionsNow.map((section, index): [string, string | undefined] => [
      section.id,
      sectionsThen[matchedSections.get(index) ?? -1]?.id,
    ]),
    ...now.map((item, index): [string, string | undefined] => [item.id, then[matched.get(index) ?? -1]?.id]),
  ]);
  const everUsed = new Set([
    ...then.map(({ id }) => id),
    ...sectionsThen.map(({ id }) => id),
    ...(previous.retiredIds ?? []),
  ]);
  const ids = newIds(wanted, everUsed, imported.form.fields);
  const inUse = new Set(ids.values());
  return {
    ...imported,
    sections: imported.sections.map((section) => renamed(section, ids)),
    form: {
      ...imported.form,
      statements: imported.form.statements.map((one) => ({ ...one, id: ids.get(one.id) ?? one.id })),
    },
    trace: imported.trace.map((piece) => ({ ...piece, to: ids.get(piece.to) ?? piece.to })),
    sincePrevious: comparison(then, now, matched, ids),
    retiredIds: [...everUsed].filter((id) => !inUse.has(id)).toSorted(),
  };
}

function textsOf({ sections, form }: PreviousVersion): Item[] {
  const clauses = [...everySection(sections)].flatMap((section) =>
    section.clauses.map(({ id, text }) => ({ id, text, place: essenceOf(section.title) })),
  );
  return [...clauses, ...form.statements.map(({ id, text }) => ({ id, text, place: 'form' }))];
}

/** Earlier clause ids by new ones. */
function sameClauses(then: readonly Item[], now: readonly Item[], matched: ReadonlyMap<number, number>) {
  return new Map([...matched].map(([after, before]) => [now[after]?.id ?? '', then[before]?.id ?? '']));
}

/** A section is the one with its title, or else the one that most of its clauses come from. */
function matchSections(
  then: readonly Section[],
  now: readonly Section[],
  clauses: ReadonlyMap<string, string>,
): Map<number, number> {
  const asItems = (sections: readonly Section[]) =>
    sections.map(({ id, title }) => ({ id, text: title, place: id.split('.').slice(0, -1).join('.') }));
  const matched = matchItems(asItems(then), asItems(now));
  const taken = new Set(matched.values());
  now.forEach((section, index) => {
    if (matched.has(index) || section.clauses.length === 0) return;
    const before = new Set(section.clauses.map(({ id }) => clauses.get(id)));
    const found = then.findIndex(
      (each, place) =>
        !taken.has(place) &&
        each.clauses.filter(({ id }) => before.has(id)).length * 2 >
          Math.max(each.clauses.length, section.clauses.length),
    );
    if (found < 0) return;
    matched.set(index, found);
    taken.add(found);
  });
  return matched;
}

/** The id each part goes by from now on. A new part gets its own unless an earlier version had it. */
function newIds(
  wanted: ReadonlyMap<string, string | undefined>,
  everUsed: ReadonlySet<string>,
  fields: readonly { readonly id: string }[],
): Map<string, string> {
  const taken = new Set([...everUsed, ...fields.map(({ id }) => id)]);
  return new Map(
    [...wanted].map(([own, carried]) => {
      if (carried !== undefined) return [own, carried];
      let id = own;
      for (let copy = 2; taken.has(id); copy += 1) id = `${own.slice(0, longestId - 6)}-${copy}`;
      taken.add(id);
      return [own, id];
    }),
  );
}

function renamed(section: Section, ids: ReadonlyMap<string, string>): Section {
  return {
    ...section,
    id: ids.get(section.id) ?? section.id,
    clauses: section.clauses.map((clause) => ({ ...clause, id: ids.get(clause.id) ?? clause.id })),
    ...(section.sections === undefined ? {} : { sections: section.sections.map((inner) => renamed(inner, ids)) }),
  };
}

function comparison(
  then: readonly Item[],
  now: readonly Item[],
  matched: ReadonlyMap<number, number>,
  ids: ReadonlyMap<string, string>,
): SincePrevious {
  const idOf = (index: number) => ids.get(now[index]?.id ?? '') ?? '';
  const found = new Set(matched.values());
  const isSame = (after: number, before: number) => now[after]?.text === then[before]?.text;
  return {
    kept: [...matched].filter(([after, before]) => isSame(after, before)).length,
    reworded: [...matched]
      .toSorted(([one], [other]) => one - other)
      .filter(([after, before]) => !isSame(after, before))
      .map(([after, before]) => ({ id: idOf(after), before: then[before]?.text ?? '' })),
    moved: [...movedItems(matched)].map(idOf),
    added: now.flatMap((_, index) => (matched.has(index) ? [] : [idOf(index)])),
    gone: then.filter((_, index) => !found.has(index)).map(({ id, text }) => ({ id, text })),
  };
}
