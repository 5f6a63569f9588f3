import type { EventType } from '../../src/contract/event.ts';

/** What one type of event records and why, in words for the person it may be about. */
export interface RecordedKind {
  /** About the person, or about the computer only. */
  about: 'you' | 'computer';
  what: string;
  why: string;
}

/** Every event type must be explained here, or the page does not compile. */
export const recordedKinds: Record<EventType, RecordedKind> = {
  'policy.accepted': {
    about: 'you',
    what: 'That you accepted the policy: its version, the statements you agreed to, the fields you filled in, your signature, the role you chose, how long the policy was open and how far it was read.',
    why: 'So that you and your school can show what was agreed, and when.',
  },
  'policy.declined': {
    about: 'you',
    what: 'That you did not accept, your reason if you gave one, how long the policy was open and how far it was read.',
    why: 'So that somebody at your school can talk it over with you.',
  },
  'gate.shown': {
    about: 'you',
    what: 'That the policy was put on your screen, which version, and whether it was new to you.',
    why: 'So that it is clear what you were asked, and when.',
  },
  'gate.interrupted': {
    about: 'you',
    what: 'That the policy left the screen before you answered, and how far you had read.',
    why: 'So that you can go on from there, and so that closing it by force does not go unnoticed.',
  },
  'shell.refused': {
    about: 'you',
    what: 'That a program signed in as you asked Usher for something it may not have.',
    why: 'So that attempts to pass for somebody else are found.',
  },
  'policy.received': {
    about: 'computer',
    what: 'That a version of the policy reached this computer.',
    why: 'So that it is clear which version was in force here.',
  },
  'policy.refused': {
    about: 'computer',
    what: 'That a policy was turned away because it was not signed by your school.',
    why: 'So that nobody can slip in a policy of their own.',
  },
  'machine.enrolled': {
    about: 'computer',
    what: 'That this computer was connected to your school’s record.',
    why: 'So that only known computers can add to it.',
  },
  'service.started': {
    about: 'computer',
    what: 'That Usher started, its version, and whether it had been stopped properly.',
    why: 'So that times when nothing was recorded are explained.',
  },
  'service.stopped': {
    about: 'computer',
    what: 'That Usher stopped, and why.',
    why: 'So that times when nothing was recorded are explained.',
  },
  'clock.moved': {
    about: 'computer',
    what: 'That this computer’s clock jumped, and by how much.',
    why: 'So that the times in the record can be trusted.',
  },
  'journal.epochStarted': {
    about: 'computer',
    what: 'That a new part of the record began, and why: the first start, or damage to the part before.',
    why: 'So that nothing goes missing silently.',
  },
};

/** Every other word of "About". */
export const words = {
  title: 'About Usher',
  lead: 'Usher shows you your school’s policy, records your answer, and keeps a record that nobody can change later without it being noticed.',
  state: 'On this computer',
  version: 'Usher version',
  machine: 'Computer',
  account: 'You are signed in as',
  policy: 'Policy',
  policyOf: (title: string, version: number) => `${title}, version ${version}`,
  fingerprintName: 'the policy’s fingerprint',
  noPolicy: 'None has reached this computer yet',
  sync: 'School’s record',
  away: 'Usher is restarting on this computer',
  you: 'What is recorded about you, and why',
  computer: 'What is recorded about this computer',
  with: 'With each record go the time, this computer’s id and your sign-in name.',
  not: 'What is not recorded',
  notText:
    'No file names, no websites, nothing from your screen, nothing you type outside Usher’s own forms. There is no camera and no microphone in it.',
  kept: 'Who sees it, and for how long',
  keptText:
    'Your school’s IT staff see it on their console. In this version nothing is removed by itself: ask your school how long it keeps records, and for a copy of yours.',
} as const;
