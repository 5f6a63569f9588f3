import { childAt, childrenNamed, switchOf, valueOf, type XmlElement } from './xml.ts';

/** Where a paragraph stands in a list. */
export interface ListPlace {
  readonly numId: string;
  readonly level: number;
}

/** What a style says of the paragraphs and runs in it, with what it is based on. */
export interface Style {
  readonly name: string;
  /** Heading depth from 1. */
  readonly headingDepth: number | undefined;
  readonly list: ListPlace | undefined;
  readonly bold: boolean | undefined;
  readonly hidden: boolean | undefined;
}

export type Styles = (id: string | undefined) => Style;

const none: Style = { name: '', headingDepth: undefined, list: undefined, bold: undefined, hidden: undefined };
const deepestBasis = 12;
/** Word's lists have nine levels. */
const deepestLevel = 8;

/** Reads `styles.xml` (ECMA-376 Part 1, 17.7): a style says what it says itself, else what it is based on says. */
export function stylesOf(part: XmlElement | undefined): Styles {
  const elements = new Map(
    childrenNamed(part, 'w:style').map((element) => [element.attributes['w:styleId'] ?? '', element]),
  );
  const normal = childrenNamed(part, 'w:style').find(
    (element) =>
      element.attributes['w:type'] === 'paragraph' && /^(?:1|true|on)$/u.test(element.attributes['w:default'] ?? ''),
  )?.attributes['w:styleId'];
  const read = new Map<string, Style>();
  const styleOf = (id: string, depth: number): Style => {
    const known = read.get(id);
    if (known !== undefined) return known;
    const element = elements.get(id);
    if (element === undefined || depth > deepestBasis) return { ...none, name: id };
    const basis = valueOf(element, 'w:basedOn');
    const style = merged(element, basis === undefined ? none : styleOf(basis, depth + 1), id);
    read.set(id, style);
    return style;
  };
  return (id) => {
    const wanted = id ?? normal;
    return wanted === undefined ? none : styleOf(wanted, 0);
  };
}

function merged(element: XmlElement, basis: Style, id: string): Style {
  const name = valueOf(element, 'w:name') ?? id;
  const paragraph = childAt(element, 'w:pPr');
  const run = childAt(element, 'w:rPr');
  return {
    name,
    headingDepth: depthOf(name, paragraph) ?? basis.headingDepth,
    list: listPlaceOf(paragraph, basis.list),
    bold: boldOf(run) ?? basis.bold,
    hidden: switchOf(run, 'w:vanish') ?? basis.hidden,
  };
}

function depthOf(name: string, properties: XmlElement | undefined): number | undefined {
  const heading = /^heading\s*(\d)$/iu.exec(name);
  return heading === null ? outlineDepth(properties) : Number(heading[1]);
}

/** `w:outlineLvl` 0 to 8 as a depth from 1; 9 is body text. */
export function outlineDepth(properties: XmlElement | undefined): number | undefined {
  const level = Number(valueOf(properties, 'w:outlineLvl') ?? 9);
  return Number.isInteger(level) && level >= 0 && level < 9 ? level + 1 : undefined;
}

/** Bold or all in capitals, which is how some schools set headings. */
export function boldOf(properties: XmlElement | undefined): boolean | undefined {
  const bold = switchOf(properties, 'w:b');
  return switchOf(properties, 'w:caps') === true ? true : bold;
}

/** List and level that the properties name; `numId` 0 takes a paragraph out of the list of its style. */
export function listPlaceOf(
  properties: XmlElement | undefined,
  inherited: ListPlace | undefined,
): ListPlace | undefined {
  const own = childAt(properties, 'w:numPr');
  if (own === undefined) return inherited;
  const numId = valueOf(own, 'w:numId') ?? inherited?.numId ?? '0';
  const level = Number(valueOf(own, 'w:ilvl') ?? inherited?.level ?? 0);
  return numId === '0' ? undefined : { numId, level: Math.min(deepestLevel, Math.max(0, Math.trunc(level) || 0)) };
}
