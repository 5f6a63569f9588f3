/** An element with its name as `prefix:local`, where the prefix stands for the namespace whatever the file calls it. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlNode[];
}
export type XmlNode = XmlElement | string;

/** Why a text is not taken as XML. */
export type XmlFault = 'documentType' | 'notWellFormed' | 'tooDeep' | 'tooMany';
export type XmlResult = { ok: true; root: XmlElement } | { ok: false; fault: XmlFault };

/** Word itself stays under 60. */
const deepest = 300;
/** A document of 10,000 clauses has about 100,000. */
const mostElements = 3_000_000;

/** Namespaces by the prefix that this code uses: ECMA-376 transitional and ISO 29500 strict. */
const prefixOf: Readonly<Record<string, string>> = {
  'http://schemas.openxmlformats.org/wordprocessingml/2006/main': 'w',
  'http://purl.oclc.org/ooxml/wordprocessingml/main': 'w',
  'http://schemas.openxmlformats.org/markup-compatibility/2006': 'mc',
  'http://schemas.openxmlformats.org/officeDocument/2006/math': 'm',
  'http://purl.oclc.org/ooxml/officeDocument/math': 'm',
  'http://schemas.openxmlformats.org/drawingml/2006/main': 'a',
  'http://purl.oclc.org/ooxml/drawingml/main': 'a',
  'http://schemas.openxmlformats.org/package/2006/relationships': 'rel',
};
const known = new Set(Object.values(prefixOf));

const openTag = /<([^\s/>=<]+)((?:\s+[^\s=/><]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/uy;
const attributeIn = /([^\s=/><]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/gu;
const namedEntities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

class NotWellFormed extends Error {}

interface Open {
  readonly tag: string;
  readonly children: XmlNode[];
  readonly scope: ReadonlyMap<string, string>;
}

/**
 * Reads XML 1.0 with namespaces. A document type declaration is refused, so no entity but the five of the standard
 * exists and nothing can expand. White space between elements is dropped unless it stands in a `t` element.
 */
export function parseXml(text: string): XmlResult {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof NotWellFormed) return { ok: false, fault: 'notWellFormed' };
    throw error;
  }
}

function parse(text: string): XmlResult {
  const top: XmlNode[] = [];
  const open: Open[] = [{ tag: '', children: top, scope: new Map() }];
  let elements = 0;
  let position = text.startsWith('\ufeff') ? 1 : 0;
  while (position < text.length) {
    const next = text.indexOf('<', position);
    addText(open, text.slice(position, next < 0 ? text.length : next));
    if (next < 0) break;
    position = next;
    if (text.startsWith('<!DOCTYPE', position)) return { ok: false, fault: 'documentType' };
    const skipped = afterOther(text, position, open);
    if (skipped !== null) {
      position = skipped;
      continue;
    }
    if (text[position + 1] === '/') {
      position = close(text, position, open);
      continue;
    }
    openTag.lastIndex = position;
    const match = openTag.exec(text);
    if (match === null) throw new NotWellFormed();
    const [whole, tag = '', attributes = '', selfClosing = ''] = match;
    elements += 1;
    if (elements > mostElements) return { ok: false, fault: 'tooMany' };
    if (open.length > deepest) return { ok: false, fault: 'tooDeep' };
    start(open, tag, attributes, selfClosing === '/');
    position += whole.length;
  }
  const roots = top.filter((node) => typeof node !== 'string');
  const [root] = roots;
  if (open.length !== 1 || root === undefined || roots.length !== 1) throw new NotWellFormed();
  return { ok: true, root };
}

/** Position after a comment, a processing instruction or a CDATA section, or null where there is none. */
function afterOther(text: string, position: number, open: readonly Open[]): number | null {
  for (const [begin, end] of [
    ['<!--', '-->'],
    ['<?', '?>'],
    ['<![CDATA[', ']]>'],
  ] as const) {
    if (!text.startsWith(begin, position)) continue;
    const stop = text.indexOf(end, position + begin.length);
    if (stop < 0) throw new NotWellFormed();
    if (begin === '<![CDATA[') open.at(-1)?.children.push(text.slice(position + begin.length, stop));
    return stop + end.length;
  }
  return null;
}

function close(text: string, position: number, open: Open[]): number {
  const end = text.indexOf('>', position);
  const closed = open.pop();
  if (end < 0 || open.length === 0 || closed?.tag !== text.slice(position + 2, end).trim()) throw new NotWellFormed();
  return end + 1;
}

function start(open: Open[], tag: string, attributesText: string, selfClosing: boolean): void {
  const parent = open.at(-1);
  if (parent === undefined) throw new NotWellFormed();
  const raw = [...attributesText.matchAll(attributeIn)].map(([, name = '', double, single]): [string, string] => [
    name,
    unescaped(double ?? single ?? ''),
  ]);
  const declared = raw.filter(([name]) => name === 'xmlns' || name.startsWith('xmlns:'));
  const scope =
    declared.length === 0
      ? parent.scope
      : new Map([...parent.scope, ...declared.map(([name, uri]): [string, string] => [name.slice(6), uri])]);
  const attributes: Record<string, string> = {};
  for (const [name, value] of raw) attributes[name.includes(':') ? qualified(name, scope) : name] = value;
  const children: XmlNode[] = [];
  parent.children.push({ name: qualified(tag, scope), attributes, children });
  if (!selfClosing) open.push({ tag, children, scope });
}

function qualified(name: string, scope: ReadonlyMap<string, string>): string {
  const colon = name.indexOf(':');
  const own = colon < 0 ? '' : name.slice(0, colon);
  const local = name.slice(colon + 1);
  const uri = scope.get(own) ?? '';
  const prefix = prefixOf[uri] ?? (known.has(own) ? `other-${own}` : own);
  return prefix === '' ? local : `${prefix}:${local}`;
}

function addText(open: readonly Open[], raw: string): void {
  if (raw === '') return;
  const parent = open.at(-1);
  if (parent === undefined) return;
  if (raw.trim() === '' && !/(?:^|:)t$/u.test(parent.tag)) return;
  if (open.length === 1) throw new NotWellFormed();
  parent.children.push(unescaped(raw));
}

function unescaped(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&([^;&]*);?/gu, (whole, name: string) => {
    const named = namedEntities[name];
    if (named !== undefined && whole.endsWith(';')) return named;
    const code = /^#(?:x([\da-f]{1,6})|(\d{1,7}))$/iu.exec(name);
    const point = code === null ? -1 : code[1] === undefined ? Number(code[2]) : Number.parseInt(code[1], 16);
    if (point <= 0 || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) throw new NotWellFormed();
    return String.fromCodePoint(point);
  });
}

export function isElement(node: XmlNode): node is XmlElement {
  return typeof node !== 'string';
}

/** The child elements of that name. */
export function childrenNamed(parent: XmlElement | undefined, name: string): XmlElement[] {
  return (parent?.children ?? []).filter(isElement).filter((child) => child.name === name);
}

/** The first child element at the end of a path of names. */
export function childAt(parent: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
  return path.reduce<XmlElement | undefined>(
    (found, name) => found?.children.filter(isElement).find((child) => child.name === name),
    parent,
  );
}

/** Every element below, outermost first. */
export function* everyElement(parent: XmlElement): Generator<XmlElement> {
  for (const child of parent.children) {
    if (!isElement(child)) continue;
    yield child;
    yield* everyElement(child);
  }
}

/** `w:val` of a child such as `<w:numFmt w:val="decimal"/>`. */
export function valueOf(parent: XmlElement | undefined, name: string): string | undefined {
  return childAt(parent, name)?.attributes['w:val'];
}

/** A switch such as `<w:b/>` or `<w:b w:val="0"/>`: on, off, or absent. */
export function switchOf(parent: XmlElement | undefined, name: string): boolean | undefined {
  const element = childAt(parent, name);
  if (element === undefined) return undefined;
  return !/^(?:0|false|off|none)$/u.test(element.attributes['w:val'] ?? 'true');
}
