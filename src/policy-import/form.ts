import { fieldsIn, type FieldMatch } from './form-fields.ts';
import type { Paragraph } from './paragraphs.ts';

/** What a paragraph is in the form at the end. */
export type FormRole =
  | { readonly kind: 'heading'; readonly top: boolean }
  | { readonly kind: 'statement' }
  | { readonly kind: 'text' }
  | { readonly kind: 'fields'; readonly fields: readonly FieldMatch[]; readonly counter: boolean }
  | { readonly kind: 'approval' };

/** Roles by paragraph index; paragraphs that are not part of a form have none. */
export interface FormFound {
  readonly roles: ReadonlyMap<number, FormRole>;
  readonly hasForm: boolean;
  /** Text before the first field of each further form that was left as document text. */
  readonly otherForms: readonly number[];
}

const formHeading =
  /\b(?:agreement|acceptance|consent|declaration|acknowledge?ment|confirmation|undertaking|signatures?|sign(?:ed|ing)?|form|pledge)\b/iu;
const firstPerson =
  /^["'“‘]?(?:I\b|I['’](?:ve|m|ll)\b|We\b|My\b|By (?:signing|completing|accepting)\b|Having read\b|(?:As a )?(?:member of staff|staff member),? I\b)/u;
const counterHeading =
  /\b(?:authoris|countersign|head ?teacher|principal|line manager|SLT|SBM|approv(?:al|ed)|witness|office use|for (?:school|admin|IT|ICT) use)/iu;
const notForStaff = /\b(?:pupils?|students?|parents?|carers?|child(?:ren)?(?:'s|’s)?|KS[1-4]|key stage)\b/iu;
const audienceWord =
  /^(?:all|staff|members?|of|volunteers?|governors?|trustees?|visitors?|contractors?|supply|employees?|users?|agency|and|or|&|students?|trainees?|teachers?|adults?|the|school|community|-)$/iu;

const paragraphsBack = 40;
const paragraphsBetween = 6;
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

interface Cluster {
  readonly first: number;
  readonly last: number;
}

/** Finds the form a person signs, and tells it from approval signatures and from forms for other people. */
export function findForm(paragraphs: readonly Paragraph[]): FormFound {
  const fields = paragraphs.map((paragraph) =>
    paragraph.lines.length === 1 && paragraph.label === null && paragraph.lines[0]?.marks.headingDepth === undefined
      ? fieldsIn(paragraph.lines[0]?.raw ?? '')
      : null,
  );
  const isBlockHeading = (index: number) => {
    const own = fields[index];
    const only = own?.[0];
    if (own?.length !== 1 || only?.kind !== 'signature' || only.hasBlank) return false;
    return fields[index + 1] === null && index + 1 < paragraphs.length;
  };
  const lines = fields.flatMap((own, index) => (own !== null && !isBlockHeading(index) ? [index] : []));
  const clusters = clustersOf(lines).filter((cluster) => isForm(fields, cluster));
  const drafts = clusters.map((cluster) => ({
    cluster,
    roles: formRoles(paragraphs, fields, isBlockHeading, cluster),
  }));
  const roles = new Map<number, FormRole>();
  const forPeople = drafts.filter(({ roles: own }) => !isApprovalOnly(own));
  for (const { roles: own } of drafts.filter(({ roles: own }) => isApprovalOnly(own))) {
    for (const [index, role] of own) if (role.kind === 'fields') roles.set(index, { kind: 'approval' });
  }
  const suits = ({ cluster, roles: own }: (typeof drafts)[number]) => {
    const about = [...own.keys(), cluster.first].map((index) => paragraphs[index]?.text ?? '').slice(0, 3);
    const hasStatement = [...own.values()].some((role) => role.kind === 'statement');
    return (about.some((text) => notForStaff.test(text) && !/\bstaff\b/iu.test(text)) ? 0 : 2) + (hasStatement ? 1 : 0);
  };
  const best = forPeople.reduce<(typeof drafts)[number] | null>(
    (chosen, draft) => (chosen === null || suits(draft) >= suits(chosen) ? draft : chosen),
    null,
  );
  for (const [index, role] of best?.roles ?? []) roles.set(index, role);
  return {
    roles,
    hasForm: best !== null,
    otherForms: forPeople.filter((draft) => draft !== best).map(({ cluster }) => cluster.first),
  };
}

function clustersOf(lines: readonly number[]): Cluster[] {
  const clusters: Cluster[] = [];
  for (const line of lines) {
    const open = clusters.at(-1);
    if (open !== undefined && line - open.last <= paragraphsBetween)
      clusters[clusters.length - 1] = { first: open.first, last: line };
    else clusters.push({ first: line, last: line });
  }
  return clusters;
}

function isForm(fields: readonly (readonly FieldMatch[] | null)[], cluster: Cluster): boolean {
  const kinds = new Set(
    fields.slice(cluster.first, cluster.last + 1).flatMap((own) => (own ?? []).map((field) => field.kind)),
  );
  return kinds.has('signature') || (kinds.has('printedName') && kinds.has('date'));
}

function isApprovalOnly(roles: ReadonlyMap<number, FormRole>): boolean {
  const all = [...roles.values()];
  const signed = all.flatMap((role) => (role.kind === 'fields' ? role.fields : []));
  const signatures = signed.filter((field) => field.kind === 'signature');
  return (
    !all.some((role) => role.kind === 'statement') &&
    signatures.length > 0 &&
    signatures.every((field) => field.byOther)
  );
}

function formRoles(
  paragraphs: readonly Paragraph[],
  fields: readonly (readonly FieldMatch[] | null)[],
  isBlockHeading: (index: number) => boolean,
  { first, last }: Cluster,
): Map<number, FormRole> {
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
  for (let index = first; index <= last; index += 1) {
    const paragraph = paragraphs[index];
    const own = fields[index] ?? null;
    if (paragraph === undefined) continue;
    if (own !== null && !isBlockHeading(index)) {
      counter ||= own.some((field) => field.byOther) || (signed && own.some((field) => field.kind === 'signature'));
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
  return roles;
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
