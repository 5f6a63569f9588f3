import type { AlertSubject } from '../contract/console-alerts.ts';
import type { EventType } from '../contract/event.ts';
import { findingWords } from './finding-words.ts';

/** What happened, without who: for messages and feeds that name nobody. */
export const eventPhrases: Record<EventType, string> = {
  'journal.epochStarted': 'The record of a machine was begun anew',
  'machine.enrolled': 'A machine was enrolled',
  'service.started': 'Usher started',
  'service.stopped': 'Usher was stopped',
  'clock.moved': 'The clock was moved',
  'policy.received': 'A policy arrived',
  'policy.refused': 'A policy was refused by the machine',
  'gate.shown': 'The policy was shown',
  'gate.interrupted': 'Reading of the policy was interrupted',
  'policy.accepted': 'The policy was accepted',
  'policy.declined': 'The policy was declined',
  'policy.postponed': 'The policy was put off',
  'policy.checked': 'Questions about the policy were answered',
  'policy.withdrawn': 'A policy is no longer in force on a machine',
  'session.signedIn': 'Somebody signed in',
  'session.signedOut': 'Somebody signed out',
  'session.personNamed': 'Somebody on a shared account said who they are',
  'session.locked': 'The screen was locked',
  'session.unlocked': 'The screen was unlocked',
  'session.switchedAway': 'Another session came to the front',
  'session.switchedBack': 'A session came back to the front',
  'session.elsewhere': 'An account is signed in on several machines',
  'machine.sleeping': 'The machine went to sleep',
  'machine.woke': 'The machine woke',
  'machine.shuttingDown': 'The machine was shut down',
  'machine.stoppedUnclean': 'The machine stopped without being shut down',
  'machine.posture': 'The machine said how it is protected',
  'machine.inventory': 'The machine said what it is made of',
  'lock.requested': 'A lock was asked for',
  'lock.confirmed': 'A lock was confirmed',
  'lock.failed': 'The screen could not be locked',
  'lock.extended': 'More time was asked for',
  'presentation.started': 'A presentation began',
  'presentation.ended': 'A presentation ended',
  'idle.detectionBroken': 'The idle time cannot be measured',
  'idle.detectionRestored': 'The idle time can be measured again',
  'password.ageing': 'A password is getting old',
  'endOfDay.reminded': 'The end-of-day reminder was shown',
  'usb.decided': 'A USB device was plugged in',
  'usb.blocked': 'A USB device was blocked',
  'usb.blockFailed': 'A USB device that should be blocked can be used',
  'usb.released': 'A USB device was let in',
  'usb.releaseFailed': 'A USB device that is allowed could not be let in',
  'usb.removed': 'A USB device was removed',
  'usb.asked': 'Somebody asks to use a USB device',
  'usb.answered': 'An answer about a USB device arrived',
  'usb.codeEntered': 'A code for a USB device was entered',
  'usb.controlFailed': 'USB devices cannot be watched or held',
  'usb.controlRestored': 'USB devices can be watched and held again',
  'shell.lost': 'The screen program was ended',
  'shell.restarted': 'The screen program was started again',
  'shell.refused': 'A call at the local socket was turned away',
};

const phrases = new Map<string, string>([
  ...Object.entries(eventPhrases).map(([type, phrase]): [string, string] => [`event:${type}`, phrase]),
  ['finding:integrity', 'What the server holds does not verify'],
  ['finding:clonedMachine', 'A machine’s key is used by another machine too'],
  ['finding:rolledBackMachine', 'A machine went back to an earlier state'],
  ['finding:fork', 'A machine sent two different histories'],
  ['finding:rejectedBatch', 'Records of a machine were refused'],
  ['finding:silentMachine', 'A machine has not been heard of for a week'],
  ['finding:leaverSeen', 'The account of somebody who has left is used'],
  ['action:signIn.failed', 'A sign-in to the console failed'],
  ['action:signIn.succeeded', 'Somebody signed in to the console'],
  ['action:policy.published', 'A policy was published'],
]);

/** What a subject is, as a sentence without its full stop. */
export const subjectPhrase = (subject: AlertSubject): string =>
  phrases.get(subject) ?? `In the console: ${spacedWords(subject.slice(subject.indexOf(':') + 1))}`;

/** `retention.bodiesPurged` as `retention bodies purged`. */
const spacedWords = (name: string): string =>
  name.replaceAll('.', ' ').replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

const advice: Partial<Record<AlertSubject, string>> = {
  'event:lock.failed':
    'Every display was covered instead. Go to the machine or ring the room; docs/locking.md says how to find out why.',
  'event:usb.blockFailed': 'Have the device taken out of the machine, then look at the machine’s page for the reason.',
  'event:usb.controlFailed':
    'Until it works again, USB devices on that machine are not controlled. See the machine’s page.',
  'event:idle.detectionBroken': 'The machine may not lock by itself. Its page says what is wrong with the idle time.',
  'event:policy.declined': 'Talk to the person. Until they accept, the policy decides what they may use.',
  'event:journal.epochStarted': 'If the machine is not new, keep the file that was set aside and find out why.',
  'event:usb.asked': 'Answer the request on the page Devices.',
  'finding:integrity':
    'Somebody changed the database, or its disk is damaged. Do not restore anything over it: the page Integrity names the record, and a backup shows what stood there.',
  'finding:clonedMachine': findingWords.cloned.whatToDo,
  'finding:rolledBackMachine': findingWords.rolledBack.whatToDo,
  'finding:fork':
    'The machine was copied, restored from a backup or tampered with. Both histories are kept; do not rely on it before you know why.',
  'finding:rejectedBatch':
    'A wrong signature or a broken chain: a damaged disk, a cloned machine or somebody trying. See the machine’s page.',
  'finding:silentMachine': 'It may be switched off, lost or cut off. If it is gone for good, revoke it on its page.',
  'finding:leaverSeen':
    'Disable the account where accounts are made, and find out who used it. The list is under People, Leavers.',
  'action:signIn.failed': 'If it was none of your colleagues, somebody is trying passwords. See the audit trail.',
};

/** What to do about it. */
export const subjectAdvice = (subject: AlertSubject): string =>
  advice[subject] ?? 'Open it in the console and decide whether somebody should look.';
