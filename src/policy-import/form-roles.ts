import type { FieldMatch } from './form-fields.ts';
import type { Paragraph } from './paragraphs.ts';

/** What a paragraph is in the form at the end. */
export type FormRole =
  | { readonly kind: 'heading'; readonly top: boolean }
  | { readonly kind: 'statement' }
  | { readonly kind: 'text' }
  | { readonly kind: 'fields'; readonly fields: readonly FieldMatch[]; readonly counter: boolean }
  | { readonly kind: 'approval' };

const formHeading =
  /\b(?:agreement|acceptance|consent|declaration|acknowledge?ment|confirmation|undertaking|signatures?|sign(?:ed|ing)?|form|pledge)\b/iu;
const firstPerson =
  /^["'“‘]?(?:I\b|I['’](?:ve|m|ll)\b|(?:If|When|Where|Unless|Should) I\b|We\b|My\b|By (?:signing|completing|accepting)\b|Having read\b|(?:As a )?(?:member of staff|staff member),? I\b)/u;
const counterHeading =
  /\b(?:authoris|countersign|head ?teacher|principal|line manager|SLT|SBM|approv(?:al|ed)|witness|office use|for (?:school|admin|IT|ICT) use)/iu;
const audienceWord =
  /^(?:all|staff|members?|of|volunteers?|governors?|trustees?|visitors?|contractors?|supply|employees?|users?|agency|and|or|&|students?|trainees?|teachers?|adults?|the|school|community|-)$/iu;

const paragraphsBack = 40;
const statementItems = 10;

/** "All Staff, Volunteers, Governors": who the form is for. */
export function isAudienceLine(text: string): boolean {
  const words = text.split(/[\s,/():]+/u).filter((word) => word !== '');
  return words.length > 1 && words.length <= 14 && words.every((word) => audienceWord.test(word));
}

/** Written in the first person, as what people agree to is. */
export function isAgreementText(text: string): boolean {
  return firstPerson.test(text);
}

const isShort = (paragraph: Paragraph) => paragraph.text.length <= 120 && !/[.;,]$/u.test(paragraph.text);

function isFormHeading(paragraph: Paragraph): boolean {
  return (
    isShort(paragraph) &&
    formHeading.test(paragraph.text) &&
    !firstPerson.test(paragraph.body) &&
    paragraph.label?.kind !== 'bullet'
  );
}

/** The lines with blanks of one form, from the first to the last. */
export interface Cluster {
  readonly first: number;
  readonly last: number;
}

/** The paragraphs of a document and the blanks on each. */
export interface Blanks {
  readonly paragraphs: readonly Paragraph[];
  readonly fields: readonly (readonly FieldMatch[] | null)[];
  /** A line such as "User signature" that names the block of blanks under it. */
  readonly isBlockHeading: (index: number) => boolean;
}

/** The roles of one form's paragraphs. */
export interface FormRoles {
  readonly roles: Map<number, FormRole>;
  /** Where a second signature begins of which nothing says whose it is. */
  readonly secondSignature: number | null;
}

/** @param secondIsOther whether a second signature nobody is named for is somebody else's */
export function formRoles(blanks: Blanks, { first, last }: Cluster, secondIsOther: boolean): FormRoles {
  const { paragraphs, fields, isBlockHeading } = blanks;
  const roles = new Map<number, FormRole>();
  const nearest = nearestFormHeading(paragraphs, first);
  const top = nearest === null ? null : topOfForm(paragraphs, nearest);
  const start = top ?? first;
  const items = paragraphs.slice(start, first).filter((paragraph) => paragraph.label !== null);
  const itemsAgree = items.length <= statementItems && items.every((item) => firstPerson.test(item.body));
  if (top !== null) {
    for (let index = top; index < first; index += 1) {
      const paragraph = paragraphs[index];
      if (paragraph === undefined) continue;
      if (isAudienceLine(paragraph.text) && index > top) roles.set(index, { kind: 'text' });
      else if (index <= (nearest ?? -1) || isBlockHeading(index))
        roles.set(index, { kind: 'heading', top: index === top });
    }
  }
  markStatements(paragraphs, roles, { from: start, first, wholeRegion: top !== null && itemsAgree, itemsAgree });
  let counter = false;
  let signed = false;
  let secondSignature: number | null = null;
  for (let index = first; index <= last; index += 1) {
    const paragraph = paragraphs[index];
    const own = fields[index] ?? null;
    if (paragraph === undefined) continue;
    if (own !== null && !isBlockHeading(index)) {
      counter ||= own.some((field) => field.byOther);
      if (!counter && signed && own.some((field) => field.kind === 'signature')) {
        secondSignature ??= index;
        counter = secondIsOther;
      }
      signed ||= own.some((field) => field.kind === 'signature');
      roles.set(index, { kind: 'fields', fields: own, counter });
    } else if (
      isBlockHeading(index) ||
      (isShort(paragraph) && counterHeading.test(paragraph.text) && !firstPerson.test(paragraph.text))
    ) {
      counter ||= counterHeading.test(paragraph.text);
      roles.set(index, { kind: 'heading', top: false });
    } else roles.set(index, { kind: !counter && firstPerson.test(paragraph.body) ? 'statement' : 'text' });
  }
  return { roles, secondSignature };
}

function markStatements(
  paragraphs: readonly Paragraph[],
  roles: Map<number, FormRole>,
  region: { from: number; first: number; wholeRegion: boolean; itemsAgree: boolean },
): void {
  for (let index = region.first - 1; index >= Math.max(0, region.first - paragraphsBack); index -= 1) {
    const paragraph = paragraphs[index];
    if (paragraph === undefined || (region.wholeRegion && index < region.from)) return;
    if (roles.has(index)) {
      if (roles.get(index)?.kind === 'heading' && !region.wholeRegion) return;
      continue;
    }
    const agrees = firstPerson.test(paragraph.body) && (paragraph.label === null || region.wholeRegion);
    if (agrees) roles.set(index, { kind: 'statement' });
    else if (!region.wholeRegion) return;
    else roles.set(index, { kind: 'text' });
  }
}

function nearestFormHeading(paragraphs: readonly Paragraph[], first: number): number | null {
  for (let index = first - 1; index >= Math.max(0, first - paragraphsBack); index -= 1) {
    const paragraph = paragraphs[index];
    if (paragraph === undefined) return null;
    if (isFormHeading(paragraph)) return index;
    if (paragraph.lines[0]?.marks.headingDepth !== undefined) return null;
  }
  return null;
}

function topOfForm(paragraphs: readonly Paragraph[], nearest: number): number {
  let top = nearest;
  for (let index = nearest - 1; index >= Math.max(0, nearest - 3); index -= 1) {
    const paragraph = paragraphs[index];
    if (paragraph === undefined) break;
    if (isFormHeading(paragraph)) top = index;
    else if (!isAudienceLine(paragraph.text)) break;
  }
  return top;
}
