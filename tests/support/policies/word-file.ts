import { strToU8, zipSync } from 'fflate';

const namespaces =
  'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"';

/** Further parts of a Word document, as the XML inside their root element. */
export interface WordFileParts {
  readonly numbering?: string;
  readonly styles?: string;
  readonly footnotes?: string;
  readonly comments?: string;
}

/** A Word document of hand-written XML, for what no writer makes. */
export function wordFile(body: string, parts: WordFileParts = {}): Buffer {
  const part = (root: string, inner: string) =>
    strToU8(`<?xml version="1.0" encoding="UTF-8"?><w:${root} ${namespaces}>${inner}</w:${root}>`);
  const files: Record<string, Uint8Array> = {
    '[Content_Types].xml': strToU8(
      '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
    ),
    'word/document.xml': part('document', `<w:body>${body}</w:body>`),
  };
  for (const [name, inner] of Object.entries(parts)) files[`word/${name}.xml`] = part(name, inner ?? '');
  return Buffer.from(zipSync(files));
}

/** A Word document whose main part is this text, well-formed or not. */
export function wordFileOf(documentXml: string): Buffer {
  return Buffer.from(zipSync({ 'word/document.xml': strToU8(documentXml) }));
}

export const run = (text: string, properties = '') =>
  `<w:r>${properties === '' ? '' : `<w:rPr>${properties}</w:rPr>`}<w:t xml:space="preserve">${text}</w:t></w:r>`;
export const paragraph = (content: string, properties = '') =>
  `<w:p>${properties === '' ? '' : `<w:pPr>${properties}</w:pPr>`}${content}</w:p>`;
export const inList = (numId: number, level = 0) =>
  `<w:numPr><w:ilvl w:val="${level}"/><w:numId w:val="${numId}"/></w:numPr>`;
/** A level of a list: its number format and its text such as `%1.`. */
export const level = (place: number, format: string, text: string, more = '') =>
  `<w:lvl w:ilvl="${place}"><w:start w:val="1"/><w:numFmt w:val="${format}"/>${more}<w:lvlText w:val="${text}"/></w:lvl>`;
export const tracked = (kind: 'ins' | 'del' | 'moveFrom' | 'moveTo', content: string) =>
  `<w:${kind} w:id="1" w:author="A reviewer">${content}</w:${kind}>`;
