import { numberAsPrinted } from './number-format.ts';
import type { ListPlace, Styles } from './styles.ts';
import { childAt, childrenNamed, switchOf, valueOf, type XmlElement } from './xml.ts';

interface Level {
  readonly format: string;
  /** Such as `%1.%2` or `(%1)`. */
  readonly text: string;
  readonly start: number;
  /** Every number in it in figures, as law firms want it. */
  readonly inFigures: boolean;
  /** Counts on through outer levels. */
  readonly neverRestarts: boolean;
}

/** One list: the levels, and the count it shares with every list of the same definition. */
interface List {
  readonly definition: string;
  readonly levels: ReadonlyMap<number, Level>;
  /** First numbers of its own, by level. */
  readonly starts: ReadonlyMap<number, number>;
}

/** The label Word prints before the next paragraph, which stands at this place; null where it prints none. */
export type TakeLabel = (place: ListPlace | undefined) => string | null;

const longestLabel = 24;

/**
 * Works out the numbers and bullets that Word prints but does not store (ECMA-376 Part 1, 17.9).
 * Must be asked for every paragraph of the text in order, empty ones too, because each counts.
 */
export function wordLabels(part: XmlElement | undefined, styles: Styles): TakeLabel {
  const lists = listsOf(part, styles);
  const counters = new Map<string, (number | undefined)[]>();
  const begun = new Set<string>();
  return (place) => {
    const list = place === undefined ? undefined : lists.get(place.numId);
    const level = place === undefined ? undefined : list?.levels.get(place.level);
    if (place === undefined || list === undefined || level === undefined) return null;
    if (level.format === 'bullet') return bulletOf(level.text);
    const counts = counters.get(list.definition) ?? [];
    const own = list.starts.get(place.level);
    const key = `${place.numId}/${place.level}`;
    if (own !== undefined && !begun.has(key)) counts[place.level] = own;
    else counts[place.level] = (counts[place.level] ?? level.start - 1) + 1;
    begun.add(key);
    for (let outer = 0; outer < place.level; outer += 1) counts[outer] ??= list.levels.get(outer)?.start ?? 1;
    for (let inner = place.level + 1; inner < counts.length; inner += 1) {
      if (list.levels.get(inner)?.neverRestarts !== true) counts[inner] = undefined;
    }
    counters.set(list.definition, counts);
    return labelFrom(list, level, counts);
  };
}

function labelFrom(list: List, level: Level, counts: readonly (number | undefined)[]): string | null {
  if (level.format === 'none') return null;
  const label = level.text
    .replace(/%(\d)/gu, (_, digit: string) => {
      const at = Number(digit) - 1;
      const format = level.inFigures ? 'decimal' : (list.levels.get(at)?.format ?? 'decimal');
      return numberAsPrinted(counts[at] ?? 1, format);
    })
    .trim();
  return label === '' ? null : label.slice(0, longestLabel);
}

/** Symbol fonts keep their bullets at places of their own; those are shown as an ordinary bullet. */
function bulletOf(text: string): string {
  return /^[\p{L}\p{Co}]?$/u.test(text) ? '•' : text.slice(0, longestLabel);
}

function listsOf(part: XmlElement | undefined, styles: Styles): Map<string, List> {
  const definitions = new Map(
    childrenNamed(part, 'w:abstractNum').map((element) => [element.attributes['w:abstractNumId'] ?? '', element]),
  );
  const numbers = childrenNamed(part, 'w:num');
  const definitionOf = (numId: string): string =>
    valueOf(
      numbers.find((each) => each.attributes['w:numId'] === numId),
      'w:abstractNumId',
    ) ?? '';
  const lists = new Map<string, List>();
  for (const element of numbers) {
    const numId = element.attributes['w:numId'] ?? '';
    const named = definitionOf(numId);
    const linked = valueOf(definitions.get(named), 'w:numStyleLink');
    const definition = linked === undefined ? named : definitionOf(styles(linked).list?.numId ?? '');
    const levels = levelsOf(definitions.get(definition));
    const starts = new Map<number, number>();
    for (const override of childrenNamed(element, 'w:lvlOverride')) {
      const at = Number(override.attributes['w:ilvl'] ?? 0);
      const replaced = childAt(override, 'w:lvl');
      if (replaced !== undefined) levels.set(at, levelOf(replaced));
      const first = valueOf(override, 'w:startOverride');
      if (first !== undefined) starts.set(at, Number(first));
    }
    lists.set(numId, { definition, levels, starts });
  }
  return lists;
}

function levelsOf(definition: XmlElement | undefined): Map<number, Level> {
  return new Map(
    childrenNamed(definition, 'w:lvl').map((level) => [Number(level.attributes['w:ilvl'] ?? 0), levelOf(level)]),
  );
}

function levelOf(element: XmlElement): Level {
  return {
    format: valueOf(element, 'w:numFmt') ?? 'decimal',
    text: valueOf(element, 'w:lvlText') ?? '',
    start: Number(valueOf(element, 'w:start') ?? 1),
    inFigures: switchOf(element, 'w:isLgl') === true,
    neverRestarts: valueOf(element, 'w:lvlRestart') === '0',
  };
}
