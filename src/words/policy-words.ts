import type { Audience, FormField, Policy } from '../contract/policy.ts';
import type { CounterSigner, Decline, Renewal } from '../contract/policy-asking.ts';
import { durationWords } from './state-words.ts';

/** What the people a policy speaks to are called. */
export const audienceWords: Record<Audience, string> = {
  staff: 'Staff',
  supply: 'Supply staff',
  volunteer: 'Volunteer',
  contractor: 'Contractor',
  visitor: 'Visitor',
  governor: 'Governor',
};

/** What a contact is for, in the words of the person who needs it. */
export const contactPurposeWords: Record<Policy['contacts'][number]['purpose'], string> = {
  faults: 'Something is broken',
  viruses: 'You suspect a virus',
  safeguarding: 'You are worried about a child',
  lostDevice: 'A device is lost or stolen',
  inappropriateContent: 'You saw something that should not be there',
  conduct: 'You are worried about how somebody behaves',
  questions: 'You have a question',
};

export const fieldKindWords: Record<FormField['kind'], string> = {
  printedName: 'printed name',
  jobTitle: 'job title',
  school: 'school',
  text: 'text',
  date: 'date',
  signature: 'signature, typed or drawn',
};

/** When people are asked again: "when a new version comes". */
export function renewalWords(renewal: Renewal): string {
  switch (renewal.kind) {
    case 'onChange':
      return 'when a new version comes';
    case 'once':
      return 'once, also when it changes';
    case 'eachSignIn':
      return 'at every sign-in';
    case 'everyDays':
      return `every ${String(renewal.days)} days`;
  }
}

/** The same with when it begins and how long it can be put off. */
export function wholeRenewalWords(renewal: Renewal): string {
  const from = renewal.startsOn === undefined ? '' : `, from ${longDateWords(renewal.startsOn)} on`;
  const grace =
    'graceDays' in renewal && renewal.graceDays !== undefined ? `, can be put off for ${renewal.graceDays} days` : '';
  return `${renewalWords(renewal)}${from}${grace}`;
}

export const officeWords: Record<CounterSigner, string> = {
  headteacher: 'headteacher',
  businessManager: 'business manager',
};

/** What follows when somebody does not accept. */
export const declineWords: Record<Decline['mode'] | 'stays', string> = {
  stays: 'it stays on screen',
  signOut: 'signed out, after time to save',
  limited: 'they go on in a limited session, and the screen says so',
  record: 'they go on, and it is recorded',
};

/** What has to be read before Accept opens: "read to the end, at least 2 minutes". */
export function readingWords({ toEnd, minimumSeconds, changesSuffice }: Policy['reading']): string {
  const parts = [
    ...(toEnd ? ['read to the end'] : []),
    ...(minimumSeconds > 0 ? [`at least ${durationWords(minimumSeconds)}`] : []),
  ];
  const first = parts.length === 0 ? 'none' : parts.join(', ');
  if (changesSuffice === undefined) return first;
  const { minimumSeconds: least } = changesSuffice;
  const after = least > 0 ? `what changed, at least ${durationWords(least)}` : 'what changed';
  return `${first}; after a change: ${after}`;
}

/** A calendar date (`YYYY-MM-DD`): "1 September 2026". */
export function longDateWords(date: string): string {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  return `${String(day)} ${months[month - 1] ?? ''} ${String(year)}`;
}

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
