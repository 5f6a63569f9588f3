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

/** May this acceptance be recorded? Null if so, else what is missing, naming the field. */
export function submissionFault(policy: Policy, submission: AcceptanceSubmission): Problem | null {
  if (!policy.audiences.includes(submission.audience)) {
    return {
      code: 'acceptance.audience',
      field: 'audience',
      detail: 'This policy is not for the role that was chosen. Choose another.',
    };
  }
  const outstanding = readingOutstanding(policy.reading, submission.reading);
  if (outstanding.toEnd) {
    return {
      code: 'acceptance.notRead',
      field: 'reading.depthPercent',
      detail: 'The policy has not been read to the end yet.',
    };
  }
  if (outstanding.seconds > 0) {
    return {
      code: 'acceptance.notRead',
      field: 'reading.readSeconds',
      detail: `The policy asks for ${policy.reading.minimumSeconds} seconds of reading; ${outstanding.seconds} are left.`,
    };
  }
  for (const statement of policy.form.statements) {
    if (!submission.statements.includes(statement.id)) {
      return {
        code: 'acceptance.statement',
        field: `statements.${statement.id}`,
        detail: 'Each statement has to be agreed to. Tick it, or choose "I do not accept".',
      };
    }
  }
  const known = new Set(policy.form.statements.map((statement) => statement.id));
  const strange = submission.statements.find((id) => !known.has(id));
  if (strange !== undefined) {
    return {
      code: 'acceptance.statement',
      field: `statements.${strange}`,
      detail: `The form has no statement "${strange}".`,
    };
  }
  return fieldsFault(policy.form.fields, submission.fields);
}

function fieldsFault(fields: readonly FormField[], values: Record<string, FieldValue>): Problem | null {
  const known = new Set(fields.map((field) => field.id));
  const strange = Object.keys(values).find((id) => !known.has(id));
  if (strange !== undefined) {
    return { code: 'acceptance.field', field: `fields.${strange}`, detail: `The form has no field "${strange}".` };
  }
  for (const field of fields) {
    const value = values[field.id];
    if (value === undefined || (value.kind === 'text' && value.value === '')) {
      if (!field.required) continue;
      return { code: 'acceptance.field', field: `fields.${field.id}`, detail: `"${field.label}" has to be filled in.` };
    }
    if (value.kind !== valueKindFor[field.kind]) {
      return {
        code: 'acceptance.field',
        field: `fields.${field.id}`,
        detail: `"${field.label}" takes a ${valueKindFor[field.kind]}, not a ${value.kind}.`,
      };
    }
  }
  return null;
}
