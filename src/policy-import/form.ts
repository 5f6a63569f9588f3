import { fieldsIn, type FieldMatch } from './form-fields.ts';
import { formRoles, type Blanks, type Cluster, type FormRole, type FormRoles } from './form-roles.ts';
import type { Paragraph } from './paragraphs.ts';
import type { Questions } from './questions.ts';

/** Roles by paragraph index; paragraphs that are not part of a form have none. */
export interface FormFound {
  readonly roles: ReadonlyMap<number, FormRole>;
  readonly hasForm: boolean;
  /** Text before the first field of each further form that was left as document text. */
  readonly otherForms: readonly number[];
}

const notForStaff = /\b(?:pupils?|students?|parents?|carers?|child(?:ren)?(?:'s|’s)?|KS[1-4]|key stage)\b/iu;

const paragraphsBetween = 6;

interface Draft extends FormRoles {
  readonly cluster: Cluster;
}

/** Finds the form a person signs, and tells it from approval signatures and from forms for other people. */
export function findForm(paragraphs: readonly Paragraph[], questions: Questions): FormFound {
  const blanks = blanksOf(paragraphs);
  const lines = blanks.fields.flatMap((own, index) => (own !== null && !blanks.isBlockHeading(index) ? [index] : []));
  const clusters = clustersOf(lines).filter((cluster) => isForm(blanks.fields, cluster));
  const drafts = clusters.map((cluster): Draft => ({ cluster, ...formRoles(blanks, cluster, true) }));
  const roles = new Map<number, FormRole>();
  for (const draft of drafts.filter(({ roles: own }) => isApprovalOnly(own))) {
    for (const [index, role] of draft.roles) if (role.kind === 'fields') roles.set(index, { kind: 'approval' });
  }
  const forPeople = drafts.filter(({ roles: own }) => !isApprovalOnly(own));
  const chosen = chooseForm(paragraphs, forPeople, questions);
  if (chosen !== null) for (const [index, role] of settledRoles(blanks, chosen, questions)) roles.set(index, role);
  return {
    roles,
    hasForm: chosen !== null,
    otherForms: forPeople.filter((draft) => draft !== chosen).map(({ cluster }) => cluster.first),
  };
}

function blanksOf(paragraphs: readonly Paragraph[]): Blanks {
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
  return { paragraphs, fields, isBlockHeading };
}

/** How well a form suits staff: not one for pupils or parents, and with something to agree to. */
function suitsStaff(paragraphs: readonly Paragraph[], { cluster, roles }: Draft): number {
  const about = [...roles.keys(), cluster.first].map((index) => paragraphs[index]?.text ?? '').slice(0, 3);
  const hasStatement = [...roles.values()].some((role) => role.kind === 'statement');
  return (about.some((text) => notForStaff.test(text) && !/\bstaff\b/iu.test(text)) ? 0 : 2) + (hasStatement ? 1 : 0);
}

function chooseForm(paragraphs: readonly Paragraph[], forms: readonly Draft[], questions: Questions): Draft | null {
  const best = forms.reduce<Draft | null>(
    (chosen, draft) =>
      chosen === null || suitsStaff(paragraphs, draft) >= suitsStaff(paragraphs, chosen) ? draft : chosen,
    null,
  );
  if (best === null || forms.length < 2) return best;
  const opening = (draft: Draft) => paragraphs[Math.min(draft.cluster.first, ...draft.roles.keys())];
  const answer = questions.ask({
    kind: 'form',
    at: opening(best)?.lines[0],
    saw: forms.map((draft) => opening(draft)?.text ?? '').join(' / '),
    asks: `The file has ${forms.length} forms. Which one do staff sign? The others stay in the document as text.`,
    choices: forms.map((draft, index) => ({
      answer: `form-${index + 1}`,
      means: `the one that begins "${(opening(draft)?.text ?? '').slice(0, 80)}", at ${opening(draft)?.lines[0]?.line ?? 1}`,
    })),
    assumed: `form-${forms.indexOf(best) + 1}`,
  });
  return forms[Number(answer.replace('form-', '')) - 1] ?? best;
}

/** The roles of the form staff sign, once it is clear whose a second signature is. */
function settledRoles(blanks: Blanks, chosen: Draft, questions: Questions): ReadonlyMap<number, FormRole> {
  const second = chosen.secondSignature === null ? undefined : blanks.paragraphs[chosen.secondSignature];
  if (second === undefined) return chosen.roles;
  const answer = questions.ask({
    kind: 'counterSigned',
    at: second.lines[0],
    saw: second.text,
    asks: 'The form has a second signature and does not say whose it is. Who gives it, and fills in what follows?',
    choices: [
      { answer: 'another', means: 'somebody else, such as the head' },
      { answer: 'same', means: 'the person who signed above' },
    ],
    assumed: 'another',
  });
  return answer === 'another' ? chosen.roles : formRoles(blanks, chosen.cluster, false).roles;
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
