import type { AcceptanceSubmission, FieldValue } from '../contract/acceptance.ts';
import type { FormField, Policy } from '../contract/policy.ts';
import type { Problem } from '../contract/problem.ts';
import { readingOutstanding } from './reading-condition.ts';

const valueKindFor: Record<FormField['kind'], FieldValue['kind']> = {
  printedName: 'text',
  jobTitle: 'text',
  school: 'text',
  text: 'text',
  date: 'date',
  signature: 'signature',
};

/** May this acceptance be recorded? Null if so, else the first thing that is missing, naming the field. */
export function submissionFault(
  policy: Policy,
  submission: AcceptanceSubmission,
  changesShown = false,
): Problem | null {
  return submissionFaults(policy, submission, changesShown)[0] ?? null;
}

/**
 * Everything that keeps this acceptance from being recorded, in the order of the page; empty when nothing does.
 * @param changesShown what changed since the version accepted before was shown
 */
export function submissionFaults(policy: Policy, submission: AcceptanceSubmission, changesShown = false): Problem[] {
  const audience = policy.audiences.includes(submission.audience)
    ? []
    : [
        {
          code: 'acceptance.audience',
          field: 'audience',
          detail: 'This policy is not for the role that was chosen. Choose another.',
        },
      ];
  return [
    ...audience,
    ...readingFaults(policy.reading, submission.reading, changesShown),
    ...statementFaults(policy.form.statements, submission.statements),
    ...fieldFaults(policy.form.fields, submission.fields),
  ];
}

function readingFaults(
  condition: Policy['reading'],
  reading: AcceptanceSubmission['reading'],
  changesShown: boolean,
): Problem[] {
  const outstanding = readingOutstanding(condition, reading, changesShown);
  if (outstanding.toEnd) {
    return [
      {
        code: 'acceptance.notRead',
        field: outstanding.of === 'changes' ? 'reading.changesPercent' : 'reading.depthPercent',
        detail:
          outstanding.of === 'changes'
            ? 'What changed has not been read to its end yet.'
            : 'The policy has not been read to the end yet.',
      },
    ];
  }
  if (outstanding.seconds > 0) {
    return [
      {
        code: 'acceptance.notRead',
        field: 'reading.readSeconds',
        detail: `The policy asks for ${reading.readSeconds + outstanding.seconds} seconds of reading; ${outstanding.seconds} are left.`,
      },
    ];
  }
  return [];
}

function statementFaults(statements: Policy['form']['statements'], agreed: readonly string[]): Problem[] {
  const known = new Set(statements.map((statement) => statement.id));
  const missing = statements
    .filter((statement) => !agreed.includes(statement.id))
    .map((statement) => ({
      code: 'acceptance.statement',
      field: `statements.${statement.id}`,
      detail: 'Each statement has to be agreed to. Tick it, or choose "I do not accept".',
    }));
  const strange = agreed
    .filter((id) => !known.has(id))
    .map((id) => ({
      code: 'acceptance.statement',
      field: `statements.${id}`,
      detail: `The form has no statement "${id}".`,
    }));
  return [...missing, ...strange];
}

function fieldFaults(fields: readonly FormField[], values: Record<string, FieldValue>): Problem[] {
  const known = new Set(fields.map((field) => field.id));
  const strange = Object.keys(values)
    .filter((id) => !known.has(id))
    .map((id) => ({
      code: 'acceptance.field',
      field: `fields.${id}`,
      detail: `The form has no field "${id}".`,
    }));
  return [...strange, ...fields.flatMap((field) => fieldFault(field, values[field.id]))];
}

function fieldFault(field: FormField, value: FieldValue | undefined): Problem[] {
  const blame = { code: 'acceptance.field', field: `fields.${field.id}` };
  if (value === undefined || (value.kind === 'text' && value.value === '')) {
    return field.required ? [{ ...blame, detail: `"${field.label}" has to be filled in.` }] : [];
  }
  if (value.kind === valueKindFor[field.kind]) return [];
  return [{ ...blame, detail: `"${field.label}" takes a ${valueKindFor[field.kind]}, not a ${value.kind}.` }];
}
