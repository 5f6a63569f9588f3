import { policy, type Policy } from '../../src/contract/policy.ts';

/** A policy in our own words with everything the console can meet: nesting, variables, audiences, emphasis. */
export function fixturePolicy(edition: 1 | 2): Policy {
  return policy.parse({
    format: 'usher/policy/1',
    id: 'acceptable-use',
    title: 'Acceptable use of computers and the internet',
    language: 'en-GB',
    schoolName: 'Brookside Primary School',
    audiences: ['staff', 'supply', 'volunteer', 'visitor'],
    variables: [
      { name: 'headteacher', label: 'Name of the headteacher', placeholder: '{{headteacher}}', value: 'Mrs Rowan' },
      { name: 'ict-contact', label: 'Who looks after the computers', placeholder: '{{ictContact}}' },
    ],
    sections: [
      {
        id: 'passwords',
        number: '1',
        title: 'Passwords and signing in',
        clauses: [
          {
            id: 'passwords.own',
            number: '1.1',
            text: 'Use only the account you were given. **Nobody else may know your password**, and you may not ask for theirs.',
          },
          {
            id: 'passwords.lock',
            number: '1.2',
            text: 'Lock the screen whenever you leave it. A screen left alone for ten minutes locks itself.',
          },
          ...(edition === 2
            ? [
                {
                  id: 'passwords.change',
                  number: '1.3',
                  text: 'Change a password at once if anyone else may have seen it, and tell {{ictContact}}.',
                },
              ]
            : []),
        ],
      },
      {
        id: 'pupils',
        number: '2',
        title: 'Working with pupils',
        clauses: [
          {
            id: 'pupils.supervise',
            number: '2.1',
            text: 'Stay where you can see the screens of the pupils you look after.',
            teachingOnly: true,
          },
          {
            id: 'pupils.photos',
            number: '2.2',
            text: 'Take photographs of pupils only with a school device and only where consent is on file.',
          },
        ],
        sections: [
          {
            id: 'pupils.messages',
            number: '2.3',
            title: 'Messages',
            clauses: [
              {
                id: 'pupils.messages.school',
                number: '(a)',
                text: 'Write to pupils and families only from a school account.',
              },
              {
                id: 'pupils.messages.supply',
                number: '(b)',
                text: 'Supply staff and volunteers write to nobody outside the school; ask {{headteacher}}.',
                audience: ['supply', 'volunteer'],
              },
            ],
          },
        ],
      },
      {
        id: 'storage',
        number: '3',
        title: 'Files and portable storage',
        clauses: [
          {
            id: 'storage.shared',
            number: '3.1',
            text: 'Keep work on the shared drive, where it is backed up each night.',
          },
          {
            id: 'storage.usb',
            number: '3.2',
            text: 'USB sticks and portable drives are not used. If you must bring a file, ask {{ictContact}} first.',
          },
        ],
      },
    ],
    form: {
      statements: [
        {
          id: 'agree',
          text: 'I have read this policy and I will keep to it. I know that breaking it may lead to disciplinary action.',
        },
        {
          id: 'monitoring',
          text: 'I understand that the use of school computers is recorded, and that I can see what is recorded about me.',
        },
      ],
      fields: [
        { id: 'printed-name', kind: 'printedName', label: 'Name (please print)', required: true },
        { id: 'job-title', kind: 'jobTitle', label: 'Job title', required: true },
        { id: 'signature', kind: 'signature', label: 'Signature', required: true },
        { id: 'signed-on', kind: 'date', label: 'Date', required: true },
      ],
    },
    reading: { toEnd: true, minimumSeconds: edition === 2 ? 20 : 0 },
    renewal: { kind: 'onChange' },
    contacts: [
      { purpose: 'faults', label: 'Help desk', how: 'extension 204' },
      { purpose: 'safeguarding', label: 'Designated safeguarding lead', how: 'in person, or extension 210' },
    ],
    lifecycle: { owner: 'School business manager', approvedOn: '2026-09-01', reviewDueOn: '2027-09-01' },
  });
}
