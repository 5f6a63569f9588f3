import type { AcceptanceSubmission, DrawnSignature, FieldValue, Reading } from '../../src/contract/acceptance.ts';
import type { FormField, Policy } from '../../src/contract/policy.ts';
import type { Problem } from '../../src/contract/problem.ts';
import { submissionFaults } from '../../src/rules/submission.ts';
import type { Reader } from '../ui/reading/index.ts';
import { words } from './words.ts';

export interface SignatureDraft {
  how: 'typed' | 'drawn';
  typed: string;
  drawn: DrawnSignature | null;
}

/** What a person has put in the form so far, by field id. */
export interface FormDraft {
  statements: string[];
  texts: Record<string, string>;
  signatures: Record<string, SignatureDraft>;
}

export const emptySignature: SignatureDraft = { how: 'typed', typed: '', drawn: null };

/**
 * The form as it is first shown: filled with what is known, or with what was put in for an earlier version.
 * @param today calendar date, `YYYY-MM-DD`
 */
export function draftFor(policy: Policy, fullName: string, today: string, earlier: FormDraft | null): FormDraft {
  const known: Partial<Record<FormField['kind'], string>> = {
    printedName: fullName,
    school: policy.schoolName ?? '',
    date: today,
  };
  const draft: FormDraft = { statements: [], texts: {}, signatures: {} };
  for (const field of policy.form.fields) {
    if (field.kind === 'signature') draft.signatures[field.id] = earlier?.signatures[field.id] ?? emptySignature;
    else draft.texts[field.id] = earlier?.texts[field.id] ?? known[field.kind] ?? '';
  }
  return draft;
}

/** What Accept sends. Fields left empty are left out. */
export function submissionOf(
  policy: Policy,
  policyHash: string,
  reader: Reader,
  draft: FormDraft,
  reading: Reading,
): AcceptanceSubmission {
  const fields: Record<string, FieldValue> = {};
  for (const field of policy.form.fields) {
    const value = valueOf(field, draft);
    if (value !== null) fields[field.id] = value;
  }
  const statements = policy.form.statements.map(({ id }) => id).filter((id) => draft.statements.includes(id));
  return { policyHash, ...reader, statements, fields, reading };
}

function valueOf(field: FormField, draft: FormDraft): FieldValue | null {
  if (field.kind === 'signature') {
    const { how, typed, drawn } = draft.signatures[field.id] ?? emptySignature;
    if (how === 'drawn') return drawn === null ? null : { kind: 'signature', value: drawn };
    return typed.trim() === '' ? null : { kind: 'signature', value: { kind: 'typed', text: typed.trim() } };
  }
  const text = (draft.texts[field.id] ?? '').trim();
  if (text === '') return null;
  return field.kind === 'date' ? { kind: 'date', value: text } : { kind: 'text', value: text };
}

/** What is still missing, in the order of the form. */
export function draftFaults(policy: Policy, submission: AcceptanceSubmission, changesShown: boolean): Problem[] {
  const short = policy.form.fields
    .filter(({ id }) => {
      const value = submission.fields[id];
      return value?.kind === 'signature' && value.value.kind === 'typed' && value.value.text.length < 2;
    })
    .map(({ id }) => ({ code: 'acceptance.field', field: `fields.${id}`, detail: words.form.tooShort }));
  const order = policy.form.fields.map(({ id }) => `fields.${id}`);
  const place = (problem: Problem) => order.indexOf(problem.field ?? '');
  return [...submissionFaults(policy, submission, changesShown), ...short].sort(
    (one, other) => place(one) - place(other),
  );
}

/** Which statement or field a refusal is about: `statements.read`, `fields.printed-name`; null for the whole form. */
export function blamed(policy: Policy, problem: Problem): string | null {
  const names = [
    ...policy.form.statements.map(({ id }) => `statements.${id}`),
    ...policy.form.fields.map(({ id }) => `fields.${id}`),
  ];
  const fitting = names.filter((name) => problem.field === name || problem.field?.startsWith(`${name}.`));
  return fitting.sort((one, other) => other.length - one.length)[0] ?? null;
}
