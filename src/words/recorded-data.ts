import type { EventData, EventType } from '../contract/event.ts';
import type { KeepFor, RetentionCategory } from '../contract/retention.ts';

export interface CategoryWords {
  word: string;
  /** What is in it, in a sentence. */
  holds: string;
  /** Why it is kept. */
  purpose: string;
  /** Article 6 UK GDPR, in plain words. */
  basis: string;
  /** Where no school and no trust decided otherwise. */
  keep: KeepFor;
}

/** Every category, in the order it is listed. */
export const categoryWords: Record<RetentionCategory, CategoryWords> = {
  acceptances: {
    word: 'Acceptances',
    holds: 'What a person was shown, agreed to or declined, and what they signed.',
    purpose: 'To show who accepted which text of the acceptable use policy, when, and in which words.',
    basis:
      'Public task, or legitimate interests for an academy trust’s commercial arm: a school has to keep children safe and its systems secure, and to be able to show what its staff agreed to. Kept for six years after somebody was last seen because that is how long a claim under contract may be brought (Limitation Act 1980).',
    keep: { from: 'lastSeen', months: 72 },
  },
  sessions: {
    word: 'Sessions and locks',
    holds: 'Signing in and out, screens that locked, presenting, reminders about passwords and the end of the day.',
    purpose: 'To keep unattended computers locked, to find out why one was not, and to notice an account used twice.',
    basis:
      'Public task (security of pupils’ data, article 32), or legitimate interests. It is not used to measure work.',
    keep: { from: 'received', months: 6 },
  },
  devices: {
    word: 'USB devices',
    holds: 'Which USB devices were plugged in where, and whether they were allowed.',
    purpose: 'To keep harmful devices out and pupils’ data in, and to follow up when something was carried away.',
    basis: 'Public task (security of pupils’ data, article 32), or legitimate interests.',
    keep: { from: 'received', months: 6 },
  },
  requests: {
    word: 'Requests and permissions',
    holds: 'Requests to use a device, with the reason given, and IT’s answers, permissions and codes.',
    purpose: 'To answer requests, and to be able to say later who allowed what and why.',
    basis: 'Public task, or legitimate interests.',
    keep: { from: 'received', months: 12 },
  },
  machines: {
    word: 'Condition of machines',
    holds: 'How a computer is protected and what it is made of, sleep and power, faults of its idle clock.',
    purpose: 'To keep computers safe and in repair.',
    basis:
      'Public task, or legitimate interests. Mostly about machines; an account is named where somebody was signed in.',
    keep: { from: 'received', months: 12 },
  },
  service: {
    word: 'Operation of Usher',
    holds: 'Usher starting and stopping, policies reaching machines, clocks that moved, calls that were turned away.',
    purpose: 'To know that the record is whole and nobody interfered with it.',
    basis: 'Public task (integrity of the record, article 5(1)(f)), or legitimate interests.',
    keep: { from: 'received', months: 12 },
  },
};

/** One kind of event: where it belongs and what each of its fields says. */
type Recorded = {
  [T in EventType]: {
    category: RetentionCategory;
    what: string;
    fields: { [F in keyof EventData<T>]-?: string };
  };
};

const textHash = 'Hash of the policy’s exact text';
const reading = 'How long the policy was on screen, how far it was read, and which sections';
const openSeconds = 'Seconds from being shown to the answer';
const lockAction = 'Whether the screen locks or the person is signed out';
const lockReason = 'Why: no use, sleep, the person’s wish, a device, nobody watching, or the policy declined';
const person = 'The name they gave, on an account that several people share';
const presenting = 'What it was recognised by: the person’s word, a full screen, a call or a film';
const finding = 'What is wrong with the way idle time is measured';
const plug = 'Number of the insertion';
const device =
  'The device: maker, product, serial number, kinds, port, capacity, and what is wrong with its descriptors. Never what is on it';
const controlWhat = 'Whether devices cannot be seen, or not be held';

/** Every event type with every field it may hold. A type or field that is not described here does not compile. */
export const recordedData: Recorded = {
  'policy.accepted': {
    category: 'acceptances',
    what: 'Somebody accepted the policy.',
    fields: {
      policyId: 'Which policy',
      policyTitle: 'Its title',
      policyVersion: 'Its version',
      policyHash: textHash,
      audience: 'The role they chose, such as staff or volunteer',
      teaching: 'Whether they teach',
      statements: 'The statements agreed to, in the words that were on screen',
      fields: 'What they filled in: printed name, job title, date, typed or drawn signature',
      reading,
      openSeconds,
      person,
    },
  },
  'policy.declined': {
    category: 'acceptances',
    what: 'Somebody did not accept the policy.',
    fields: {
      policyId: 'Which policy',
      policyVersion: 'Its version',
      policyHash: textHash,
      reason: 'What they wrote as the reason, if anything',
      reading,
      openSeconds,
      then: 'What the policy has follow: signing out, a limited session, or nothing',
      person,
    },
  },
  'policy.postponed': {
    category: 'acceptances',
    what: 'Somebody put the policy off, as it allows for some days.',
    fields: {
      policyId: 'Which policy',
      policyVersion: 'Its version',
      policyHash: textHash,
      why: 'First time, changed, or due again',
      until: 'When it can be put off no longer',
    },
  },
  'policy.checked': {
    category: 'acceptances',
    what: 'Somebody answered the policy’s questions.',
    fields: {
      policyId: 'Which policy',
      policyVersion: 'Its version',
      policyHash: textHash,
      attempt: 'The how many-th attempt',
      passed: 'Whether all answers were right',
      answers: 'What was chosen for each question, and whether it was right',
    },
  },
  'gate.shown': {
    category: 'acceptances',
    what: 'The policy was shown to somebody.',
    fields: { policyHash: textHash, policyVersion: 'Its version', why: 'First time, changed, or due again' },
  },
  'gate.interrupted': {
    category: 'acceptances',
    what: 'The policy disappeared from the screen before it was answered.',
    fields: { policyHash: textHash, why: 'What happened', reading },
  },
  'session.signedIn': {
    category: 'sessions',
    what: 'Somebody signed in.',
    fields: { seenBy: 'Whether the system or Usher’s own program noticed', remote: 'Whether from another machine' },
  },
  'session.signedOut': {
    category: 'sessions',
    what: 'Somebody signed out.',
    fields: { how: 'Ended, or found to be gone at the next start' },
  },
  'session.personNamed': {
    category: 'sessions',
    what: 'Somebody on a shared account said who they are.',
    fields: {
      name: 'The name they gave',
      answers: 'What else was asked: their organisation, what they are here for, whom they visit',
    },
  },
  'session.locked': {
    category: 'sessions',
    what: 'A screen was locked.',
    fields: { by: 'By Usher or by the person' },
  },
  'session.unlocked': {
    category: 'sessions',
    what: 'A screen was unlocked.',
    fields: { lockedSeconds: 'How long it had been locked' },
  },
  'session.switchedAway': { category: 'sessions', what: 'Another session came in front.', fields: {} },
  'session.switchedBack': { category: 'sessions', what: 'The session came back to the front.', fields: {} },
  'session.elsewhere': {
    category: 'sessions',
    what: 'The same account is signed in on other machines.',
    fields: { machines: 'Names of those machines' },
  },
  'lock.requested': {
    category: 'sessions',
    what: 'The system was asked to lock.',
    fields: { action: lockAction, reason: lockReason, idleSeconds: 'Seconds without use' },
  },
  'lock.confirmed': {
    category: 'sessions',
    what: 'The system said that it is locked.',
    fields: { action: lockAction, tookMs: 'How long it took', wasCovered: 'Whether Usher had covered the displays' },
  },
  'lock.failed': {
    category: 'sessions',
    what: 'The system did not lock when asked.',
    fields: {
      action: lockAction,
      reason: lockReason,
      why: 'What the system said',
      covered: 'Whether Usher covered the displays',
    },
  },
  'lock.extended': {
    category: 'sessions',
    what: 'Somebody asked for more time before being signed out.',
    fields: { bySeconds: 'How much' },
  },
  'presentation.started': {
    category: 'sessions',
    what: 'A presentation began, so the screen stays open.',
    fields: { reason: presenting, maximumMinutes: 'The longest it may last' },
  },
  'presentation.ended': {
    category: 'sessions',
    what: 'A presentation ended.',
    fields: { reason: presenting, why: 'Why it ended', lastedSeconds: 'How long it lasted' },
  },
  'password.ageing': {
    category: 'sessions',
    what: 'A password is old. Never the password.',
    fields: { ageDays: 'Its age in days, as the system says', maximumDays: 'What the policy asks for' },
  },
  'endOfDay.reminded': {
    category: 'sessions',
    what: 'Somebody was reminded at the end of the day.',
    fields: { answer: 'What they chose' },
  },
  'usb.decided': {
    category: 'devices',
    what: 'A USB device was decided on.',
    fields: {
      plug,
      device,
      occasion: 'Why it was looked at',
      decision: 'What was decided, and the line, permission or code that decided',
      afterMs: 'How quickly',
    },
  },
  'usb.blocked': {
    category: 'devices',
    what: 'A USB device cannot be used.',
    fields: { plug, device, beforeUse: 'Whether it never could', afterMs: 'For how long it could' },
  },
  'usb.blockFailed': {
    category: 'devices',
    what: 'A USB device should be blocked and can be used.',
    fields: { plug, device, why: 'What the system said' },
  },
  'usb.released': { category: 'devices', what: 'A held USB device was let in.', fields: { plug, device } },
  'usb.releaseFailed': {
    category: 'devices',
    what: 'A held USB device could not be let in.',
    fields: { plug, device, why: 'What the system said' },
  },
  'usb.removed': {
    category: 'devices',
    what: 'A USB device was unplugged.',
    fields: { plug, device, how: 'Unplugged, or found to be gone', pluggedSeconds: 'How long it was in' },
  },
  'usb.controlFailed': {
    category: 'devices',
    what: 'USB devices cannot be seen or held on a machine.',
    fields: { what: controlWhat, why: 'What the system said' },
  },
  'usb.controlRestored': {
    category: 'devices',
    what: 'USB devices can be seen or held again.',
    fields: { what: controlWhat },
  },
  'usb.asked': {
    category: 'requests',
    what: 'Somebody asked to use a device.',
    fields: { requestId: 'Number of the request', plug, device, reason: 'The reason they wrote' },
  },
  'usb.answered': {
    category: 'requests',
    what: 'IT’s answer reached the machine.',
    fields: { requestId: 'Number of the request', answer: 'Approved or refused' },
  },
  'usb.codeEntered': {
    category: 'requests',
    what: 'A code that IT read out was entered. Never the code.',
    fields: { plug, device, outcome: 'Accepted, wrong, expired or too many tries', minutes: 'For how long it allows' },
  },
  'machine.sleeping': { category: 'machines', what: 'A machine went to sleep.', fields: {} },
  'machine.woke': { category: 'machines', what: 'A machine woke.', fields: { sleptSeconds: 'How long it slept' } },
  'machine.shuttingDown': { category: 'machines', what: 'A machine was shut down.', fields: {} },
  'machine.stoppedUnclean': {
    category: 'machines',
    what: 'A machine stopped without saying so.',
    fields: { lastKnownAt: 'When it was last known to run', openSessions: 'How many people were signed in' },
  },
  'machine.posture': {
    category: 'machines',
    what: 'How a machine is protected.',
    fields: {
      checks: 'Disk encryption, antivirus, updates, firewall, screen lock: good, bad or unknown',
      screenLock: 'The system’s own screen lock',
    },
  },
  'machine.inventory': {
    category: 'machines',
    what: 'What a machine is made of.',
    fields: {
      manufacturer: 'Its maker',
      model: 'Its model',
      serial: 'Its serial number',
      operatingSystem: 'Its operating system',
      kernel: 'The kernel',
      processor: 'The processor',
      processorCores: 'Cores',
      memoryMiB: 'Memory',
      disks: 'Disks: name, kind and size',
      systemVolume: 'Space on the system’s volume',
      battery: 'Health of the battery',
      displays: 'How many displays',
    },
  },
  'idle.detectionBroken': {
    category: 'machines',
    what: 'Idle time is not measured properly.',
    fields: { finding, detail: 'What was seen, for a technician' },
  },
  'idle.detectionRestored': { category: 'machines', what: 'Idle time is measured again.', fields: { finding } },
  'journal.epochStarted': {
    category: 'service',
    what: 'A machine began a new part of its record.',
    fields: {
      reason: 'First, damaged or rolled back',
      previous: 'Which part it follows',
      detail: 'What was found',
    },
  },
  'machine.enrolled': {
    category: 'service',
    what: 'A machine enrolled.',
    fields: { serverOrigin: 'Address of the server', serverKeyFingerprint: 'Fingerprint of its key' },
  },
  'service.started': {
    category: 'service',
    what: 'Usher started.',
    fields: {
      version: 'Version of Usher',
      bootId: 'The system’s number of this start',
      previousStop: 'Whether it had been stopped properly',
    },
  },
  'service.stopped': { category: 'service', what: 'Usher stopped.', fields: { reason: 'Why' } },
  'clock.moved': { category: 'service', what: 'A machine’s clock moved.', fields: { bySeconds: 'By how much' } },
  'policy.received': {
    category: 'service',
    what: 'A policy reached a machine.',
    fields: { policyId: 'Which policy', version: 'Its version', policyHash: textHash },
  },
  'policy.withdrawn': {
    category: 'service',
    what: 'A policy is no longer in force on a machine.',
    fields: { policyId: 'Which policy', version: 'Its version', policyHash: textHash },
  },
  'policy.refused': { category: 'service', what: 'A machine refused a policy.', fields: { reason: 'Why' } },
  'shell.lost': { category: 'service', what: 'Usher’s program in somebody’s session ended.', fields: {} },
  'shell.restarted': {
    category: 'service',
    what: 'Usher’s program was started again.',
    fields: { afterMs: 'After how long', attempts: 'After how many tries' },
  },
  'shell.refused': {
    category: 'service',
    what: 'Something at the local socket was turned away.',
    fields: { code: 'Why, as a code', detail: 'Why, in words' },
  },
};

/** What every event says besides its own fields. */
export const everyEventSays: readonly (readonly [field: string, words: string])[] = [
  ['deviceId', 'Which machine: a number made from its key'],
  ['epoch, seq', 'Its place in the machine’s record'],
  ['at', 'When, by the machine’s clock'],
  ['uptimeMs', 'When, in milliseconds since the machine started'],
  ['account', 'Who was signed in: the system’s number and the sign-in name; empty where it is about the machine'],
  ['session', 'The system’s number of the session'],
  ['subject', 'What it is about, such as a policy or a device'],
  ['rule', 'The clause and version of the policy that allowed it, or "default"'],
];

/** Stands for the name of somebody else, or of somebody whose data was removed. */
export const somebodyElse = 'a member of staff';

/** What Usher has no place for anywhere. */
export const neverRecorded: readonly string[] = [
  'names or contents of files, on the computer or on a USB device',
  'pictures of the screen, the camera or the microphone',
  'keys pressed, movements of the mouse, or what is copied and pasted',
  'web addresses, searches, emails or messages',
  'passwords, and codes that are read out',
  'where a person or a laptop is',
  'how much somebody works: no times are added up, no ranking is made',
];
