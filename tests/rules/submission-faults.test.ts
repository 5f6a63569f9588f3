import { describe, expect, test } from 'vitest';
import type { AcceptanceSubmission } from '../../src/contract/acceptance.ts';
import { policy } from '../../src/contract/policy.ts';
import { submissionFault, submissionFaults } from '../../src/rules/submission.ts';

const signed = policy.parse({
  format: 'usher/policy/1',
  id: 'staff',
  title: 'Acceptable use',
  language: 'en-GB',
  audiences: ['staff'],
  sections: [{ id: 's', title: 'Section', clauses: [{ id: 'c', text: 'Lock the screen.' }] }],
  variables: [],
  form: {
    statements: [
      { id: 'read', text: 'I have read this.' },
      { id: 'keep', text: 'I will keep to it.' },
    ],
    fields: [
      { id: 'name', kind: 'printedName', label: 'Printed name', required: true },
      { id: 'signature', kind: 'signature', label: 'Signature', required: true },
      { id: 'room', kind: 'text', label: 'Room', required: false },
    ],
  },
  reading: { toEnd: true, minimumSeconds: 0 },
  renewal: { kind: 'onChange' },
  contacts: [],
  lifecycle: {},
});
const complete: AcceptanceSubmission = {
  policyHash: '0'.repeat(64),
  audience: 'staff',
  teaching: false,
  statements: ['read', 'keep'],
  fields: {
    name: { kind: 'text', value: 'Ada Example' },
    signature: { kind: 'signature', value: { kind: 'typed', text: 'Ada Example' } },
  },
  reading: { readSeconds: 1, depthPercent: 100, sectionsRead: [] },
};

describe('what keeps an acceptance from being recorded', () => {
  test('is nothing when the form is complete, an optional field left empty', () => {
    expect(submissionFaults(signed, complete)).toEqual([]);
    expect(submissionFault(signed, complete)).toBeNull();
  });

  test('is listed whole, in the order of the page, with the first one first', () => {
    const empty = { ...complete, statements: [], fields: {} };
    expect(submissionFaults(signed, empty).map((fault) => fault.field)).toEqual([
      'statements.read',
      'statements.keep',
      'fields.name',
      'fields.signature',
    ]);
    expect(submissionFault(signed, empty)?.field).toBe('statements.read');
  });

  test('names a statement and a field the form does not have', () => {
    const strange = {
      ...complete,
      statements: ['read', 'keep', 'extra'],
      fields: { ...complete.fields, pin: { kind: 'text' as const, value: '1' } },
    };
    expect(submissionFaults(signed, strange).map((fault) => fault.detail)).toEqual([
      'The form has no statement "extra".',
      'The form has no field "pin".',
    ]);
  });
});
