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
  'usb.decided': {
    about: 'you',
    what: 'That a USB device came in while you were signed in: what sort it is, its maker, name and serial number, where it was plugged in, how much it holds, and what the policy says about it. Never a name of a file on it.',
    why: 'So that it can be shown what was plugged in where, and which rule decided.',
  },
  'usb.blocked': {
    about: 'you',
    what: 'That a USB device was kept from being used, and for how long it could be used before that.',
    why: 'So that it can be shown that the policy is kept.',
  },
  'usb.blockFailed': {
    about: 'computer',
    what: 'That a USB device could not be kept out, and why.',
    why: 'So that somebody takes it out and mends the computer.',
  },
  'usb.released': {
    about: 'you',
    what: 'That a USB device that was held may be used.',
    why: 'So that it is clear from when on it could be used.',
  },
  'usb.releaseFailed': {
    about: 'computer',
    what: 'That a USB device could not be let in although it may be used, and why.',
    why: 'So that somebody helps.',
  },
  'usb.removed': {
    about: 'you',
    what: 'That a USB device was unplugged, and how long it was there.',
    why: 'So that it can be shown what was plugged in where.',
  },
  'usb.asked': {
    about: 'you',
    what: 'That you asked for a USB device, and the reason you wrote.',
    why: 'So that IT can answer you.',
  },
  'usb.answered': {
    about: 'you',
    what: 'What IT answered.',
    why: 'So that it is clear what was allowed.',
  },
  'usb.codeEntered': {
    about: 'you',
    what: 'That a code for a USB device was entered, and whether it was right. Never the code.',
    why: 'So that what was allowed by telephone is on record, and guessing is noticed.',
  },
  'usb.controlFailed': {
    about: 'computer',
    what: 'That this computer cannot see or hold USB devices, and why.',
    why: 'So that a technician can look at it.',
  },
  'usb.controlRestored': {
    about: 'computer',
    what: 'That this computer sees and holds USB devices again.',
    why: 'So that a technician knows it is mended.',
  },
  'policy.declined': {
    about: 'you',
    what: 'That you did not accept, your reason if you gave one, how long the policy was open and how far it was read.',
    why: 'So that somebody at your school can talk it over with you.',
  },
  'policy.postponed': {
    about: 'you',
    what: 'That you put the policy off, and until when it may be put off.',
    why: 'So that it is clear why you could work without having accepted it.',
  },
  'policy.checked': {
    about: 'you',
    what: 'What you chose for the policy’s questions, whether it was right, and at which attempt.',
    why: 'So that your school can show that the policy was understood, and sees which questions are hard.',
  },
  'session.personNamed': {
    about: 'you',
    what: 'On an account that several people share: the name you gave, and what else you were asked, such as whom you visit.',
    why: 'So that what happens on that account can be told apart by person.',
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
  'session.signedIn': {
    about: 'you',
    what: 'That you signed in on this computer.',
    why: 'So that it is known who used it when.',
  },
  'session.signedOut': {
    about: 'you',
    what: 'That you signed out, or that the computer stopped while you were signed in.',
    why: 'So that it is known who used it when.',
  },
  'session.locked': {
    about: 'you',
    what: 'That your screen was locked, and whether you or the computer did it.',
    why: 'So that it can be shown that screens are not left open.',
  },
  'session.unlocked': {
    about: 'you',
    what: 'That your screen was unlocked, and how long it had been locked.',
    why: 'So that it can be shown that screens are not left open.',
  },
  'session.switchedAway': {
    about: 'you',
    what: 'That somebody else’s session came to the front of the same computer.',
    why: 'So that it is clear whose session was in use.',
  },
  'session.switchedBack': {
    about: 'you',
    what: 'That your session came back to the front.',
    why: 'So that it is clear whose session was in use.',
  },
  'session.elsewhere': {
    about: 'you',
    what: 'That your account was signed in on other computers at the same time, and on which.',
    why: 'So that a borrowed or stolen account is found, and you are told.',
  },
  'lock.requested': {
    about: 'you',
    what: 'That the screen was asked to lock or sign out, why, and for how long nobody had used the computer.',
    why: 'So that every lock can be explained by the clause that asks for it.',
  },
  'lock.confirmed': {
    about: 'you',
    what: 'That the system confirmed it, and how long that took.',
    why: 'So that a lock counts only when it really happened.',
  },
  'lock.failed': {
    about: 'you',
    what: 'That the system did not lock, why, and that Usher covered the screen instead.',
    why: 'So that IT can mend it.',
  },
  'lock.extended': {
    about: 'you',
    what: 'That you asked for more time before being signed out.',
    why: 'So that the policy’s one extension is not used twice.',
  },
  'presentation.started': {
    about: 'you',
    what: 'That a presentation began, whether you started it or it was recognised, and its longest length.',
    why: 'So that a screen that stays open is explained.',
  },
  'presentation.ended': {
    about: 'you',
    what: 'That a presentation ended, how, and how long it was.',
    why: 'So that a screen that stays open is explained.',
  },
  'password.ageing': {
    about: 'you',
    what: 'How many days old your password is, when it is due to be changed. Never the password.',
    why: 'So that you can be reminded.',
  },
  'endOfDay.reminded': {
    about: 'you',
    what: 'That you were reminded to sign out or shut down, and what you answered.',
    why: 'So that computers left on overnight are explained.',
  },
  'shell.lost': {
    about: 'you',
    what: 'That Usher’s own program in your session ended without you signing out.',
    why: 'So that ending it by force does not go unnoticed.',
  },
  'shell.restarted': {
    about: 'you',
    what: 'That it was started again, and how long that took.',
    why: 'So that it is known how long nobody was shown anything.',
  },
  'idle.detectionBroken': {
    about: 'computer',
    what: 'That the time without use is not measured properly here, and in what way.',
    why: 'So that IT can mend it before a lock does not happen.',
  },
  'idle.detectionRestored': {
    about: 'computer',
    what: 'That it is measured properly again.',
    why: 'So that IT need not look any more.',
  },
  'machine.sleeping': {
    about: 'computer',
    what: 'That the computer went to sleep.',
    why: 'So that times when nothing was recorded are explained.',
  },
  'machine.woke': {
    about: 'computer',
    what: 'That it woke, and how long it had slept.',
    why: 'So that times when nothing was recorded are explained.',
  },
  'machine.shuttingDown': {
    about: 'computer',
    what: 'That it was shut down.',
    why: 'So that times when nothing was recorded are explained.',
  },
  'machine.stoppedUnclean': {
    about: 'computer',
    what: 'That it had stopped without being shut down, such as by a power cut.',
    why: 'So that open sessions at that moment are explained.',
  },
  'machine.posture': {
    about: 'computer',
    what: 'Whether disk encryption, virus protection, updates, the firewall and the system’s screen lock are in order.',
    why: 'So that IT can keep this computer safe.',
  },
  'machine.inventory': {
    about: 'computer',
    what: 'Its model, serial number, processor, memory, disks and how full they are. No files.',
    why: 'So that IT knows what it looks after.',
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
  'policy.withdrawn': {
    about: 'computer',
    what: 'That a policy is no longer in force on this computer.',
    why: 'So that it is clear which text was in force when.',
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
