import { describe, expect, test } from 'vitest';
import { importPolicyText } from '../../src/policy-import/index.ts';
import { asRead, clausesOf, imported, leftOutFor, valueOf } from '../support/policies/imported.ts';
import { paragraph, run, wordFile } from '../support/policies/word-file.ts';
import { accountedWords, wordsOf } from './accounted-words.ts';

const read = (text: string) => {
  const policy = valueOf(importPolicyText(text, 'txt'));
  // Labels that a file runs together ("SignatureDate") are two fields.
  expect(accountedWords(policy).join('')).toBe(wordsOf(text).join(''));
  return policy;
};
const control = 'document control (owner, approval and review)';

describe('policies in the shapes that schools write them', () => {
  test("a trust's agreement: sections of promises, a declaration with dotted lines, a policy history", () => {
    const policy = read(`Harbour Learning Trust

Staff Acceptable Use Agreement (ICT)

Version: 4.1
Owner: Director of IT
Approved: 12 May 2025
Next review: 12 May 2026

Contents
Passwords and devices	2
Whiteboards and screen sharing	3
Records and safeguarding systems	3
Declaration	4

Passwords and devices

I will not disclose any passwords provided to me by the Trust.
I will lock my screen or log off whenever I am away from my device.

Whiteboards and screen sharing

I will freeze or blank the display before opening email or records.
I will check that the projector is off before:
opening records
reading personal email
I understand that notifications may show pupil data to a class.

Records and safeguarding systems

I will only open records that I need for my role.

Declaration

I agree to follow this agreement and to support safe use of ICT throughout the Trust.

School ..............................................................
Signed ..............................................................
Print name ..........................................................
Date ................................................................

Policy history

Version	Date	Comment
1.0	May 2019	First issue
4.1	May 2025	Screen sharing added
`);
    expect(policy.title).toBe('Staff Acceptable Use Agreement (ICT)');
    expect(policy.schoolName).toBe('Harbour Learning Trust');
    expect(policy.lifecycle).toEqual({
      owner: 'Director of IT',
      approvedOn: '2025-05-12',
      reviewDueOn: '2026-05-12',
    });
    expect(policy.sections.map(({ title, clauses }) => [title, clauses.length])).toEqual([
      ['Passwords and devices', 2],
      ['Whiteboards and screen sharing', 5],
      ['Records and safeguarding systems', 1],
      ['Declaration', 0],
    ]);
    expect(policy.form.statements).toHaveLength(1);
    expect(policy.form.fields.map(({ kind }) => kind)).toEqual(['school', 'signature', 'printedName', 'date']);
    expect(leftOutFor(policy, control)).toContain('Policy history');
  });

  test('a short primary policy: headings without empty lines, and one line to sign on', () => {
    const policy = read(`ACORN PRIMARY SCHOOL
ACCEPTABLE USE OF ICT POLICY

Headteacher: A. Person

Introduction
This policy applies to all staff, governors and volunteers who use the school's computers.
Principles
Staff must:
- keep passwords secret
- lock the computer when unattended; it locks by itself after 10 minutes or less
Exceptions
Any exception to this policy must be approved by the head and recorded in the log of exceptions.
Compliance
The head reports compliance to the governors each term. The report includes:
(a) the number of staff who have signed
(b) exceptions granted.
Staff Declaration
I have read and understood the policy and agree to abide by it.
Name: 		Signature:		Date:
`);
    expect(policy.sections.map(({ title }) => title)).toEqual([
      'Introduction',
      'Principles',
      'Exceptions',
      'Compliance',
      'Staff Declaration',
    ]);
    expect(
      clausesOf(policy)
        .map(({ number }) => number)
        .filter(Boolean),
    ).toEqual(['-', '-', '(a)', '(b)']);
    expect(policy.form.fields.map(({ kind }) => kind)).toEqual(['printedName', 'signature', 'date']);
  });

  test('34 numbered points, one for teachers only, and a form with a second signature by the head', () => {
    const points = Array.from(
      { length: 33 },
      (_, index) => `${index + 1}. I will keep to rule ${index + 1} at school.`,
    );
    const policy = read(`Acceptable Use Agreement: All Staff, Volunteers and Governors

${points.join('\n\n')}

34. Staff that have a teaching role only: I will teach safe use of the network.

Acceptable Use Policy: Agreement Form

All Staff, Volunteers, Governors

User Signature

I agree to abide by all the points above.

SignatureDate

Full Name (printed)

Job title / Role

Authorised Signature (Head Teacher / SBM)

I approve this user to be set-up on the school systems relevant to their role

Signature Date.....

Full Name (printed)
`);
    const numbered = clausesOf(policy).filter(({ number }) => /^\d+\.$/.test(number ?? ''));
    expect(numbered.map(({ number }) => number)).toEqual(Array.from({ length: 34 }, (_, index) => `${index + 1}.`));
    expect(numbered.filter(({ teachingOnly }) => teachingOnly === true).map(({ number }) => number)).toEqual(['34.']);
    expect(policy.form.statements.map(({ text }) => text)).toEqual(['I agree to abide by all the points above.']);
    expect(policy.form.counterSigned).toEqual(['counter-signature', 'counter-date', 'counter-printed-name']);
  });

  test('an appendix statement whose contacts the school names', () => {
    const policy = read(`ICT Usage Policy

1. Scope

This policy applies to everybody who is employed by the school, wherever they work.

2. Screens

Employees use a password-protected screen saver when they leave their computer for a short time.

Statement of Acceptance of the ICT Usage Policy

I agree to follow the rules set out in the ICT Usage Policy.

If I am in any doubt I will consult (name of Headteacher/designated ICT person).

I agree to report any misuse to (name of headteacher/designated ICT person).

Name of Employee:
Signature of Employee:
Date:
`);
    expect(policy.form.statements.map(({ text }) => text.slice(0, 24))).toEqual([
      'I agree to follow the ru',
      'If I am in any doubt I w',
      'I agree to report any mi',
    ]);
    expect(policy.variables.map(({ placeholder }) => placeholder)).toEqual([
      '(name of Headteacher/designated ICT person)',
      '(name of headteacher/designated ICT person)',
    ]);
    expect(new Set(policy.variables.map(({ name }) => name)).size).toBe(1);
  });

  test('lettered points that go on over two lines stay points of their own', () => {
    const policy = read(`Acceptable Use Policy

1. Rules
1.1 Lock your screen. It locks by itself within 10 minutes.
1.2 You must not:
    a. share your password with anybody else at any time of the day
    b. use another person's account
    c. connect a stick unless
       it is encrypted
2. Review
This policy is reviewed every two years.

I confirm that I have read the Acceptable Use Policy.

Signed: _______________________   Date: ______________
Countersigned by Headteacher: ____________________ Date: ________
`);
    expect(asRead(policy).slice(1, 5)).toEqual([
      '1.2 You must not:',
      'a. share your password with anybody else at any time of the day',
      "b. use another person's account",
      'c. connect a stick unless it is encrypted',
    ]);
    expect(policy.form.counterSigned).toEqual(['counter-signature', 'counter-date']);
  });

  test('a form that is a table with empty cells, in Word', async () => {
    const row = (...cells: string[]) =>
      `<w:tr>${cells.map((text) => `<w:tc>${paragraph(text === '' ? '' : run(text))}</w:tc>`).join('')}</w:tr>`;
    const table = (...rows: string[]) => `<w:tbl>${rows.join('')}</w:tbl>`;
    const bold = (text: string) => paragraph(run(text, '<w:b/>'));
    const policy = await imported(
      'policy.docx',
      wordFile(
        [
          bold('Acorn Primary School'),
          bold('Staff ICT Acceptable Use Agreement'),
          table(row('Policy owner', 'Head'), row('Approved', '3 May 2025')),
          bold('Sticks'),
          paragraph(run('I will not use sticks unless the head has agreed in writing.')),
          bold('Declaration'),
          paragraph(run('I have read and understood this agreement and will keep to it.')),
          table(row('School', ''), row('Signed', ''), row('Print name', ''), row('Date', '')),
          bold('Policy history'),
          table(row('Version', 'Date', 'Comment'), row('1', '2024', 'First issue')),
        ].join(''),
      ),
    );
    expect(policy.title).toBe('Staff ICT Acceptable Use Agreement');
    expect(policy.lifecycle).toEqual({ owner: 'Head', approvedOn: '2025-05-03' });
    expect(policy.sections.map(({ title }) => title)).toEqual(['Sticks', 'Declaration']);
    expect(policy.form.fields.map(({ kind }) => kind)).toEqual(['school', 'signature', 'printedName', 'date']);
    expect(leftOutFor(policy, control)).toContain('1 2024 First issue');
  });
});
