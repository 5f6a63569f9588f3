import type { ImportedPolicy } from '../contract/imported-policy.ts';
import { accepted, problemFromZod, refused, type Outcome } from '../contract/problem.ts';
import { everySection, policy, type Audience, type FormField, type Policy } from '../contract/policy.ts';
import { slug } from './identifiers.ts';

/** What a file does not say and its school may. */
export interface PolicyChoices {
  title?: string;
  schoolName?: string;
  /** Who it is for; staff when absent. */
  audiences?: Audience[];
  /** Values of the document's blanks, by the variable's name. */
  values?: Readonly<Record<string, string>>;
}

export interface PolicyMade {
  policy: Policy;
  /** What was added or left open, in sentences for the person who publishes it. */
  notes: string[];
}

const usualStatement = { id: 'agree', text: 'I have read this policy and I will follow it.' };
const usualFields: FormField[] = [
  { id: 'printed-name', kind: 'printedName', label: 'Your name', required: true },
  { id: 'signature', kind: 'signature', label: 'Signature', required: true },
  { id: 'date', kind: 'date', label: 'Date', required: true },
];

/**
 * Makes an imported document publishable. What the file lacks gets the usual, and every such addition is told.
 * Refuses with `policy.notValid`, naming the field, what no policy can hold.
 */
export function toPolicy(imported: ImportedPolicy, choices: PolicyChoices = {}): Outcome<PolicyMade> {
  const empty = [...everySection(imported.sections)];
  if (empty.every(({ clauses }) => clauses.length === 0))
    return refused(
      'policy.noClauses',
      `The file holds no clauses${empty[0] === undefined ? '' : `: nothing stands under "${empty[0].title}" or any other heading`}. Give staff something to read and import it again.`,
      'sections',
    );
  const notes: string[] = [];
  const counterSigned = new Set(imported.form.counterSigned ?? []);
  const own = imported.form.fields.filter((field) => !counterSigned.has(field.id));
  if (counterSigned.size > 0)
    notes.push(
      `The form has ${counterSigned.size === 1 ? 'a field' : `${counterSigned.size} fields`} for a second person; the staff form leaves ${counterSigned.size === 1 ? 'it' : 'them'} out.`,
    );
  const statements = imported.form.statements.length > 0 ? imported.form.statements : [usualStatement];
  if (imported.form.statements.length === 0)
    notes.push(`The file has no statement to agree to; "${usualStatement.text}" was added.`);
  const lacking = usualFields.filter((usual) => !own.some((field) => field.kind === usual.kind));
  if (lacking.length > 0)
    notes.push(
      `The form does not ask for ${lacking.map((field) => field.label.toLowerCase()).join(', ')}; it does now.`,
    );
  const variables = imported.variables.map((variable) => {
    const value = choices.values?.[variable.name] ?? variable.value;
    return value === undefined ? variable : { ...variable, value };
  });
  const open = [...new Set(variables.filter(({ value }) => value === undefined).map(({ name }) => name))];
  if (open.length > 0) notes.push(`Still to fill in: ${open.join(', ')}. Give each with --set name=value.`);

  const title = choices.title ?? imported.title;
  const schoolName = choices.schoolName ?? imported.schoolName;
  const made = policy.safeParse({
    format: 'usher/policy/1',
    id: slug(title, 60) || 'acceptable-use-policy',
    title,
    language: 'en-GB',
    ...(schoolName === undefined ? {} : { schoolName }),
    audiences: choices.audiences ?? ['staff'],
    sections: imported.sections,
    variables,
    form: { statements, fields: [...own, ...lacking] },
    reading: { toEnd: true, minimumSeconds: 0 },
    renewal: { kind: 'onChange' },
    contacts: [],
    lifecycle: imported.lifecycle ?? {},
    ...(imported.retiredIds === undefined || imported.retiredIds.length === 0
      ? {}
      : { retiredIds: imported.retiredIds }),
  });
  if (made.success) return accepted({ policy: made.data, notes });
  return { ok: false, problem: problemFromZod(made.error, 'policy.notValid') };
}
