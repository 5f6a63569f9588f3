import { isAgreementText } from './form-roles.ts';
import { cells, leaveOut, type SourceLine } from './source-line.ts';

const documentType =
  /\b(?:polic(?:y|ies)|agreement|code of (?:conduct|practice)|guidelines|guidance|protocol|rules|contract|AUP|AUA)\b/iu;
const topic =
  /\b(?:acceptable|usage|use of|user|ICT|I\.?T\.?|internet|online|e-?safety|digital|computer|technology|technologies|email|e-mail|devices?|network|information|social media|data|cyber|AUP|AUA)\b/iu;
const schoolName = /\b(?:school|academy|college|nursery|federation|trust|infants?|juniors?|primary)\b/iu;
const postcode = /\b[A-Z]{1,2}\d[A-Z\d]?\s+\d[A-Z]{2}\b/u;
const contactLine =
  /\b(?:tel(?:ephone)?|phone|fax|e-?mail|web(?:site)?)\s*(?:no\.?|number)?\s*:|\b(?:www\.|https?:\/\/)\S+|^\S+@\S+$|\b(?:head ?teacher|principal|chair of governors|executive head)\s*:/iu;
const streetLine =
  /^[\w' .-]+\b(?:street|road|lane|avenue|drive|close|way|crescent|hill|square|place|gardens)\b[.,]?$/iu;

const controlKey =
  /^(?:(?:this )?(?:policy|document) )?(?:owner|author|version|status|issue|approv|ratif|adopt|agreed|review|next review|last review|date\b|created|updated|effective|signature|(?:governor|chair|head ?teacher)(?:'s|’s)? signature|document (?:control|owner|title|reference|name)|responsib|lead\b|committee|prepared by|written by|frequency|statutory|published|consult|policy (?:owner|lead|number|type|reference|created|reviewed|updated|review|adopted|approved|ratified|date))/iu;
const bareDate =
  /^(?:(?:version|v)\.?\s*[\d.]+|(?:(?:reviewed|updated|approved|adopted|issued)\s+)?(?:\d{1,2}(?:st|nd|rd|th)?\s+)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\s+\d{4}|\d{4}\s*[-/–]\s*\d{2,4}|\d{4}|\d{1,2}[./]\d{1,2}[./]\d{2,4})$/iu;
const historyHeading =
  /^(?:document|version|policy|review|change|revision|amendment)s?(?: and [a-z]+)? (?:control|history|log|record|table|status|information|details)(?: (?:sheet|table|log|history))?:?$/iu;

const preambleLimit = 40;

/** Reasons used here, as they appear under `leftOut`. */
export const reasons = {
  letterhead: 'page furniture: letterhead',
  control: 'document control (owner, approval and review)',
  titleAgain: 'title printed again',
  approval: 'document control (approval signatures)',
} as const;

/** "Owner: …", "Date of next review<tab>…": a row of a document-control table. */
export function isControlRow(line: SourceLine): boolean {
  const separated = /[:\t]/u.test(line.raw.trimEnd()) || /:\s*$/u.test(line.raw) || line.marks.tableRow === true;
  return (
    separated &&
    line.text.length <= 300 &&
    controlKey.test(line.text) &&
    !/\b(?:must|should|will|shall)\b/u.test(line.text)
  );
}

/** An address, a telephone number, a web address or a named head, as letter paper carries them. */
export function isLetterheadLine(text: string): boolean {
  return text.length <= 120 && (contactLine.test(text) || postcode.test(text) || streetLine.test(text));
}

/** A sentence or a long line: the document proper has begun. */
export function isBody(text: string): boolean {
  return text.length > 140 || (/[.!]["'”’)]?$/u.test(text) && text.split(' ').length > 6);
}

/** Does a short line read like the name of a policy? */
export function readsAsTitle(text: string): boolean {
  if (text.length > 160 || /[.;,]$/u.test(text) || /\b(?:this|must|should|will|please)\b/iu.test(text)) return false;
  if (/^acceptable use(?: of .*)?$/iu.test(text) || /\bacceptable use (?:policy|agreement|statement|code)/iu.test(text))
    return true;
  return documentType.test(text) && topic.test(text) && !/^(?:introduction|purpose|scope|aims?)\b/iu.test(text);
}

/** The document's own title and the lines around it that are not document text. */
export interface Preamble {
  readonly lines: SourceLine[];
  /** Index of the title's line, or -1. */
  readonly titleIndex: number;
  readonly schoolName: string | null;
}

/** Finds the title and leaves out the letterhead above it and the document-control table around it. */
export function markPreamble(lines: readonly SourceLine[]): Preamble {
  const end = preambleEnd(lines);
  const titleIndex = findTitle(lines, end);
  const titleText = lines[titleIndex]?.text.toLowerCase();
  let school: string | null = null;
  const marked = lines.map((line, index) => {
    if (line.marks.leftOut !== undefined || index === titleIndex) return line;
    if (index >= end) return line;
    if (line.text.toLowerCase() === titleText) return leaveOut(line, reasons.titleAgain);
    if (isControlRow(line)) return leaveOut(line, reasons.control);
    if (index < titleIndex) {
      const isName = school === null && schoolName.test(line.text) && !contactLine.test(line.text);
      if (isName) school = line.text;
      return leaveOut(line, reasons.letterhead, !isName && !isLetterheadLine(line.text));
    }
    if (isLetterheadLine(line.text)) return leaveOut(line, reasons.letterhead);
    return bareDate.test(line.text) ? leaveOut(line, reasons.control) : line;
  });
  return { lines: markHistoryTables(marked), titleIndex, schoolName: school };
}

function preambleEnd(lines: readonly SourceLine[]): number {
  let seen = 0;
  for (const [index, line] of lines.entries()) {
    if (line.marks.leftOut !== undefined) continue;
    if (seen >= preambleLimit) return index;
    if (begins(line) || (isBody(line.text) && !isControlRow(line) && !isLetterheadLine(line.text))) return index;
    seen += 1;
  }
  return Math.min(lines.length, preambleLimit);
}

/** A numbered point, a sentence in the first person: nothing that stands around a title. */
function begins(line: SourceLine): boolean {
  if (line.marks.tableRow === true || isControlRow(line)) return false;
  const label = line.marks.label ?? (/^(?:\d{1,2}[.)]|[•●▪])\s/u.test(line.text) ? line.text : '');
  return label !== '' || (isAgreementText(line.text) && /[.!]["'”’)]?$/u.test(line.text));
}

function findTitle(lines: readonly SourceLine[], end: number): number {
  const open = (line: SourceLine) => line.marks.leftOut === undefined;
  const styled = lines.findIndex((line) => open(line) && line.marks.isTitle === true);
  if (styled >= 0) return styled;
  const early = lines.slice(0, end);
  const candidates = early.flatMap((line, index) =>
    open(line) && readsAsTitle(line.text) && !isControlRow(line) ? [index] : [],
  );
  const loneTopHeading = lines.filter((line) => open(line) && line.marks.headingDepth === 1).length === 1;
  if (loneTopHeading) return lines.findIndex((line) => open(line) && line.marks.headingDepth === 1);
  if (candidates[0] !== undefined) return candidates[0];
  const firstOpen = early.findIndex(open);
  const first = early[firstOpen];
  const capitals = first !== undefined && /\p{Lu}/u.test(first.text) && first.text === first.text.toUpperCase();
  return capitals && documentType.test(first.text) ? firstOpen : -1;
}

/** "Policy history" and the table rows under it, wherever they stand; and control rows that close the document. */
export function markHistoryTables(lines: readonly SourceLine[]): SourceLine[] {
  const marked = [...lines];
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index];
    if (line === undefined || line.marks.leftOut !== undefined || !historyHeading.test(line.text)) continue;
    let after = index + 1;
    while (after < lines.length) {
      const row = lines[after];
      if (row === undefined) break;
      const isRow =
        row.marks.leftOut !== undefined || cells(row).length > 1 || isControlRow(row) || bareDate.test(row.text);
      if (!isRow) break;
      after += 1;
    }
    if (after === index + 1) continue;
    for (let row = index; row < after; row += 1) {
      const each = lines[row];
      if (each !== undefined && each.marks.leftOut === undefined) marked[row] = leaveOut(each, reasons.control);
    }
  }
  return markClosingControl(marked);
}

const closingKey =
  /^(?:(?:this )?policy )?(?:(?:date )?(?:approved|adopted|ratified|reviewed|agreed|updated)|next review|review(?:ed)? (?:date|due|by|on)?|date of (?:next |last )?review|version|policy (?:owner|adopted|reviewed|approved))\b/iu;

function markClosingControl(lines: readonly SourceLine[]): SourceLine[] {
  const marked = [...lines];
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    const line = lines[index];
    if (line === undefined || line.marks.leftOut !== undefined) continue;
    const isClosing = isControlRow(line) && closingKey.test(line.text) && !isBody(line.text);
    if (!isClosing) break;
    marked[index] = leaveOut(line, reasons.control);
  }
  return marked;
}
