import { describe, expect, test } from 'vitest';
import { publishablePolicy } from '../../src/contract/policy-publishing.ts';
import { policy, type Policy } from '../../src/contract/policy.ts';
import { problemFromZod } from '../../src/contract/problem.ts';
import { policyHash } from '../../src/proof/index.ts';
import { testPolicy } from '../support/test-device.ts';

const clause = 'passwords.1';

function refusal(change: Record<string, unknown>, schema: typeof policy = policy): string {
  const result = schema.safeParse({ ...testPolicy(), ...change });
  return result.success ? 'accepted' : problemFromZod(result.error, 'policy.invalid').detail;
}
const check = (question: Record<string, unknown>) => ({
  check: {
    questions: [
      {
        id: 'q1',
        text: 'Who may know your password?',
        options: [
          { id: 'nobody', text: 'Nobody' },
          { id: 'all', text: 'Everybody' },
        ],
        right: ['nobody'],
        clause,
        ...question,
      },
    ],
  },
});
const form = testPolicy().form;

describe('how a policy is asked: what cannot be right is refused with the place and the fix', () => {
  test.each<[string, Record<string, unknown>, string, string]>([
    [
      'a renewal of 0 days',
      { renewal: { kind: 'everyDays', days: 0 } },
      'renewal.days',
      'a renewal of 0 days would ask without end; for every sign-in use "eachSignIn"',
    ],
    ['half a day', { renewal: { kind: 'everyDays', days: 0.5 } }, 'renewal.days', 'whole days'],
    ['grace of 0 days', { renewal: { kind: 'onChange', graceDays: 0 } }, 'renewal.graceDays', 'leave it out'],
    ['grace without end', { renewal: { kind: 'onChange', graceDays: 91 } }, 'renewal.graceDays', '90 days or fewer'],
    ['grace at every sign-in', { renewal: { kind: 'eachSignIn', graceDays: 5 } }, 'renewal', 'graceDays'],
    ['a start that is no day', { renewal: { kind: 'once', startsOn: '2026-02-30' } }, 'renewal.startsOn', 'date'],
    [
      'no time to save',
      { decline: { mode: 'signOut', reason: 'optional', saveWorkSeconds: 0 } },
      'decline.saveWorkSeconds',
      'at least 5 seconds',
    ],
    [
      'a way of declining nobody knows',
      { decline: { mode: 'explode', reason: 'optional' } },
      'decline.mode',
      'signOut',
    ],
    [
      'a question with one option',
      check({ options: [{ id: 'nobody', text: 'Nobody' }] }),
      'check.questions.0.options',
      'at least two options',
    ],
    ['a question with no right answer', check({ right: [] }), 'check.questions.0.right', 'at least one right option'],
    [
      'a right answer that is no option',
      check({ right: ['somebody'] }),
      'check.questions.0.right.0',
      '"somebody" is none of the options (nobody, all)',
    ],
    [
      'an option twice',
      check({
        options: [
          { id: 'nobody', text: 'A' },
          { id: 'nobody', text: 'B' },
        ],
      }),
      'check.questions.0.options.1.id',
      '"nobody" is used twice',
    ],
    [
      'a question whose clause is not there',
      check({ clause: 'passwords.9' }),
      'check.questions.0.clause',
      '"passwords.9", which is not in this policy',
    ],
    ['a question with the id of a statement', check({ id: 'agree' }), 'question agree', '"agree" is used twice'],
    [
      'a second signature by nobody',
      { form: { ...form, counterSignature: { by: [], statement: 'I approve.' } } },
      'form.counterSignature.by',
      'at least one office',
    ],
    [
      'a second signature to nothing',
      { form: { ...form, counterSignature: { by: ['headteacher'], statement: ' ' } } },
      'form.counterSignature.statement',
      '',
    ],
    ['a form without a statement', { form: { ...form, statements: [] } }, 'form.statements', 'at least one statement'],
    [
      'a shared account that is every account',
      { rules: { sharedAccounts: { clause, accounts: ['*'], ask: [] } } },
      'rules.sharedAccounts.accounts.0',
      'would be every account',
    ],
    [
      'no shared account',
      { rules: { sharedAccounts: { clause, accounts: [], ask: [] } } },
      'rules.sharedAccounts.accounts',
      'name at least one',
    ],
    [
      'a rule whose clause is not there',
      { rules: { sharedAccounts: { clause: 'visitors.1', accounts: ['supply*'], ask: [] } } },
      'rules.sharedAccounts.clause',
      '"visitors.1", which is not in this policy',
    ],
    [
      'a rule without its clause',
      { rules: { sharedAccounts: { accounts: ['supply*'], ask: [] } } },
      'rules.sharedAccounts.clause',
      '',
    ],
    [
      'keeping for 0 months',
      { rules: { retention: { clause, months: 0, categories: ['sessions'] } } },
      'rules.retention.months',
      '',
    ],
    ['no clauses', { sections: [{ id: 'empty', title: 'Empty', clauses: [] }] }, 'sections', 'at least one clause'],
    [
      'an id twice',
      { sections: [{ id: 'a', title: 'A', clauses: [{ id: 'a', text: 'x' }] }] },
      'clause a',
      '"a" is used twice (also in section A)',
    ],
  ])('%s', (_what, change, place, words) => {
    const detail = refusal(change);
    expect(detail).toContain(place);
    expect(detail).toContain(words);
  });

  test('everything that is new is optional, so that a policy of before has the hash it had', () => {
    const before = testPolicy();
    expect(policyHash(policy.parse(before))).toBe(policyHash(before));
    expect(policy.parse(before)).toEqual(before);
  });

  test('what is right is taken', () => {
    expect(
      refusal({
        renewal: { kind: 'everyDays', days: 365, startsOn: '2026-09-01', graceDays: 14 },
        decline: { mode: 'signOut', reason: 'required', saveWorkSeconds: 300 },
        form: { ...form, counterSignature: { by: ['headteacher', 'businessManager'], statement: 'I approve.' } },
        lifecycle: {
          reviewEveryMonths: 60,
          history: [
            { version: '1', on: '2026-01-01', change: 'First', by: 'The head' },
            { version: '2', change: 'Later' },
          ],
        },
        rules: { sharedAccounts: { clause, accounts: ['supply*', 'visitor'], ask: ['organisation'] } },
        ...check({}),
      }),
    ).toBe('accepted');
  });
});

describe('publishing: no blank is left open', () => {
  const variable = (name: string, more: object = {}) => ({
    name,
    label: `The ${name}`,
    placeholder: `{{${name}}}`,
    ...more,
  });
  const publishing = (change: Partial<Policy>, text = 'Ask {{head}}.') =>
    refusal({ sections: [{ id: 's', title: 'S', clauses: [{ id: clause, text }] }], ...change }, publishablePolicy);

  test.each<[string, Partial<Policy>, string, string]>([
    [
      'a blank that is no variable, by its clause',
      { variables: [] },
      'sections.s.clauses.passwords.1.text',
      'clause "passwords.1" has the blank {{head}}',
    ],
    [
      'a required variable without a value, with where it stands',
      { variables: [variable('head', { required: true })] },
      'variables.head.value',
      '"The head" has to be filled in before this policy is published; it stands in clause "passwords.1"',
    ],
    [
      'a variable that stands for itself',
      { variables: [variable('head', { value: 'ask {{head}}' })] },
      'variables.head.value',
      'stands for itself: head → head',
    ],
    [
      'variables that stand for each other',
      { variables: [variable('head', { value: 'see {{deputy}}' }), variable('deputy', { value: 'see {{head}}' })] },
      'variables.head.value',
      'head → deputy → head',
    ],
    [
      'a variable in a variable',
      { variables: [variable('head', { value: 'see {{deputy}}' }), variable('deputy', { value: 'Room 2' })] },
      'variables.head.value',
      'has the blank {{deputy}} of "deputy"',
    ],
    [
      'two variables of one name',
      { variables: [variable('head', { value: 'A' }), variable('head', { value: 'B' })] },
      'variables.1.name',
      '"head" is used twice',
    ],
  ])('%s', (_what, change, place, words) => {
    const detail = publishing(change);
    expect(detail).toContain(place);
    expect(detail).toContain(words);
  });

  test('a filled one is published; one that is not required may stay as printed', () => {
    expect(publishing({ variables: [variable('head', { required: true, value: 'the headteacher' })] })).toBe(
      'accepted',
    );
    expect(publishing({ variables: [variable('head')] })).toBe('accepted');
  });

  test('a blank in a statement, a contact and a question is found too', () => {
    const variables = [variable('head', { value: 'H' })];
    const blank = { text: 'x {{who}}' };
    expect(publishing({ variables, form: { ...form, statements: [{ id: 'agree', ...blank }] } })).toContain(
      'statement "agree"',
    );
    expect(publishing({ variables, contacts: [{ purpose: 'faults', label: 'ICT', how: 'Ring {{who}}' }] })).toContain(
      'contact "ICT"',
    );
    expect(publishing({ variables, ...check({ text: 'Is it {{who}}?' }) } as Partial<Policy>)).toContain(
      'question "q1"',
    );
  });

  test('a policy of before that has such a blank can still be read', () => {
    expect(refusal({ sections: [{ id: 's', title: 'S', clauses: [{ id: clause, text: 'Ask {{nobody}}.' }] }] })).toBe(
      'accepted',
    );
  });
});
