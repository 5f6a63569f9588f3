import type { WordParts } from './word-package.ts';
import { tidy } from './source-line.ts';

interface Level {
  readonly format: string;
  /** Such as `%1.%2` or `(%1)`. */
  readonly text: string;
  readonly start: number;
}

/** Takes the printed label of the next paragraph with these words, or null when Word prints none. */
export type TakeLabel = (text: string) => string | null;

const attribute = (xml: string, element: string) =>
  new RegExp(`<w:${element}\\b[^>]*\\bw:val="([^"]*)"`, 'u').exec(xml)?.[1];

/** Plain words of a piece of WordprocessingML, entities resolved; tabs and breaks become white space. */
export function wordsOfXml(xml: string): string {
  const spaced = xml.replace(/<w:(?:tab|br|cr|noBreakHyphen)\b[^>]*>/gu, ' ');
  const words = [...spaced.matchAll(/<w:t(?:\s[^>]*)?>([^<]*)<\/w:t>|( )/gu)]
    .map((match) => match[1] ?? match[2] ?? '')
    .join('');
  return tidy(
    words
      .replace(/&lt;/gu, '<')
      .replace(/&gt;/gu, '>')
      .replace(/&quot;/gu, '"')
      .replace(/&apos;/gu, "'")
      .replace(/&#(x[\da-f]+|\d+);/giu, (_, code: string) => characterOf(code))
      .replace(/&amp;/gu, '&'),
  );
}

function characterOf(code: string): string {
  const point = code.startsWith('x') || code.startsWith('X') ? Number.parseInt(code.slice(1), 16) : Number(code);
  return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : ' ';
}

/** Each paragraph of a part in order, as XML. A text box's paragraphs come after the one that anchors it. */
export function paragraphsOfXml(xml: string): string[] {
  const inBoxes: string[] = [];
  const body = xml
    .replace(/<mc:Choice\b[\s\S]*?<\/mc:Choice>/gu, '')
    .replace(/<w:txbxContent\b[\s\S]*?<\/w:txbxContent>/gu, (box) => {
      inBoxes.push(...paragraphsOfXml(box.replace(/^<w:txbxContent[^>]*>|<\/w:txbxContent>$/gu, '')));
      return '';
    });
  const own = [...body.matchAll(/<w:p(?:\s(?:[^>]*[^/>])?)?>([\s\S]*?)<\/w:p>/gu)].map((match) => match[1] ?? '');
  return [...own, ...inBoxes];
}

/**
 * Works out the numbers and bullets that Word prints but does not store (ECMA-376 Part 1, 17.9),
 * keyed by the paragraph's words because that is what mammoth hands over.
 */
export function wordLabels(parts: WordParts): TakeLabel {
  const numbering = parts.get('word/numbering.xml') ?? '';
  const abstracts = new Map<string, Map<number, Level>>();
  for (const [, id = '', body = ''] of numbering.matchAll(
    /<w:abstractNum\b[^>]*w:abstractNumId="(\d+)"[^>]*>([\s\S]*?)<\/w:abstractNum>/gu,
  ))
    abstracts.set(id, levelsOf(body));
  const abstractOf = new Map<string, string>();
  for (const [, id = '', body = ''] of numbering.matchAll(/<w:num\b[^>]*w:numId="(\d+)"[^>]*>([\s\S]*?)<\/w:num>/gu))
    abstractOf.set(id, attribute(body, 'abstractNumId') ?? '');
  const styleNumbering = stylesWithNumbering(parts.get('word/styles.xml') ?? '');
  const counters = new Map<string, number[]>();
  const labels = new Map<string, (string | null)[]>();
  for (const paragraph of paragraphsOfXml(parts.get('word/document.xml') ?? '')) {
    const text = wordsOfXml(paragraph);
    if (text === '') continue;
    const place = placeOf(paragraph, styleNumbering);
    const abstract = place === null ? undefined : abstractOf.get(place.numId);
    const levels = abstracts.get(abstract ?? '');
    const label =
      place === null || levels === undefined ? null : nextLabel(levels, place.level, counters, abstract ?? '');
    labels.set(text, [...(labels.get(text) ?? []), label]);
  }
  return (text) => labels.get(tidy(text))?.shift() ?? null;
}

function levelsOf(body: string): Map<number, Level> {
  const levels = new Map<number, Level>();
  for (const [, level = '0', xml = ''] of body.matchAll(/<w:lvl\b[^>]*w:ilvl="(\d+)"[^>]*>([\s\S]*?)<\/w:lvl>/gu)) {
    levels.set(Number(level), {
      format: attribute(xml, 'numFmt') ?? 'decimal',
      text: attribute(xml, 'lvlText') ?? '',
      start: Number(attribute(xml, 'start') ?? 1),
    });
  }
  return levels;
}

interface Place {
  readonly numId: string;
  readonly level: number;
}

function placeOf(paragraph: string, styles: ReadonlyMap<string, Place>): Place | null {
  const properties = /<w:pPr\b[\s\S]*?<\/w:pPr>/u.exec(paragraph)?.[0] ?? '';
  const own = /<w:numPr\b[\s\S]*?<\/w:numPr>/u.exec(properties)?.[0];
  const styled = styles.get(attribute(properties, 'pStyle') ?? '') ?? null;
  if (own === undefined) return styled;
  const numId = attribute(own, 'numId') ?? styled?.numId ?? '0';
  return numId === '0' ? null : { numId, level: Number(attribute(own, 'ilvl') ?? styled?.level ?? 0) };
}

function stylesWithNumbering(styles: string): Map<string, Place> {
  const found = new Map<string, Place>();
  for (const [, id = '', body = ''] of styles.matchAll(
    /<w:style\b[^>]*w:styleId="([^"]*)"[^>]*>([\s\S]*?)<\/w:style>/gu,
  )) {
    const numId = attribute(/<w:numPr\b[\s\S]*?<\/w:numPr>/u.exec(body)?.[0] ?? '', 'numId');
    if (numId !== undefined && numId !== '0') found.set(id, { numId, level: Number(attribute(body, 'ilvl') ?? 0) });
  }
  return found;
}

function nextLabel(
  levels: ReadonlyMap<number, Level>,
  level: number,
  counters: Map<string, number[]>,
  key: string,
): string | null {
  const own = levels.get(level);
  if (own === undefined || own.format === 'none') return null;
  if (own.format === 'bullet') return /^[\p{L}\uf000-\uf0ff]?$/u.test(own.text) ? '•' : own.text;
  const counts = (counters.get(key) ?? []).slice(0, level + 1);
  counts[level] = (counts[level] ?? own.start - 1) + 1;
  for (let outer = 0; outer < level; outer += 1) counts[outer] ??= levels.get(outer)?.start ?? 1;
  counters.set(key, counts);
  const label = own.text.replace(/%(\d)/gu, (_, place: string) =>
    formatted(counts[Number(place) - 1] ?? 1, levels.get(Number(place) - 1)?.format ?? 'decimal'),
  );
  return label.trim() === '' ? null : label.trim().slice(0, 24);
}

const romanSteps: readonly (readonly [number, string])[] = [
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

function formatted(value: number, format: string): string {
  if (format === 'lowerLetter' || format === 'upperLetter') {
    const letter = String.fromCodePoint(97 + ((value - 1) % 26)).repeat(Math.floor((value - 1) / 26) + 1);
    return format === 'upperLetter' ? letter.toUpperCase() : letter;
  }
  if (format === 'lowerRoman' || format === 'upperRoman') {
    let rest = value;
    let roman = '';
    for (const [size, digits] of romanSteps) {
      for (; rest >= size; rest -= size) roman += digits;
    }
    return format === 'upperRoman' ? roman.toUpperCase() : roman;
  }
  return String(value);
}
