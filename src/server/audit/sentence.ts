import type { AuditAction, AuditBody } from '../../contract/audit.ts';

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const quoted = (value: unknown): string => (text(value) === '' ? '' : ` ("${text(value)}")`);

const ways: Record<string, string> = {
  password: 'a password',
  totp: 'a code of the authenticator app',
  backupCode: 'a backup code',
  passkey: 'a passkey',
  provider: 'another service',
  link: 'a link made on the server itself',
  invitation: 'an invitation link',
};
const way = (value: unknown): string => ways[text(value)] ?? 'an unknown way';

const looked: Record<string, string> = {
  record: 'the record',
  acceptance: 'an acceptance',
  events: 'the events',
  export: 'an export',
};

/** What each action says; `who` did it. */
const sentences: Record<AuditAction, (who: string, detail: Record<string, unknown>) => string> = {
  'signIn.succeeded': (who, { way: by }) => `${who} signed in with ${way(by)}.`,
  'signIn.failed': (_who, { way: by }) => `Signing in with ${way(by)} failed.`,
  'signIn.ended': (who) => `${who} signed out.`,
  'signIn.linkMade': (who) => `${who} made a sign-in link for the administrator on the server itself.`,
  'account.passwordSet': (who) => `${who} set their own password.`,
  'account.totpAdded': (who) => `${who} added an authenticator app.`,
  'account.backupCodesMade': (who) => `${who} made new backup codes.`,
  'account.passkeyAdded': (who, { name }) => `${who} added a passkey${quoted(name)}.`,
  'account.passkeyRemoved': (who, { name }) => `${who} removed a passkey${quoted(name)}.`,
  'account.sessionEnded': (who) => `${who} ended one of their own sessions.`,
  'user.invited': (who, { name }) => `${who} invited ${text(name)}.`,
  'user.rolesSet': (who) => `${who} changed what a user may do.`,
  'user.disabled': (who) => `${who} disabled a user.`,
  'user.enabled': (who) => `${who} let a disabled user in again.`,
  'user.reset': (who) => `${who} took every way to sign in from a user and made a new link.`,
  'user.sessionsEnded': (who) => `${who} ended a user’s sessions.`,
  'school.added': (who, { name }) => `${who} added the school ${text(name)}.`,
  'school.renamed': (who, { before, name }) => `${who} renamed the school ${text(before)} to ${text(name)}.`,
  'person.asked': (who, { reason }) => `${who} asked to open a person’s record${quoted(reason)}.`,
  'person.opened': (who, { reason }) => `${who} opened a person’s record${quoted(reason)}.`,
  'person.approved': (who, { note }) => `${who} agreed that somebody else opens a person’s record${quoted(note)}.`,
  'person.refused': (who, { note }) => `${who} refused that somebody else opens a person’s record${quoted(note)}.`,
  'person.looked': (who, { what }) => `${who} looked at ${looked[text(what)] ?? 'something'} of a person.`,
  'access.settingsSet': (who) => `${who} changed how people’s records are opened.`,
  'audit.exported': (who) => `${who} exported the audit trail.`,
  'events.exported': (who) => `${who} exported events.`,
  'device.answered': (who, { answer }) => `${who} answered a request for a USB device: ${text(answer)}.`,
  'device.allowed': (who, { reason }) => `${who} allowed a USB device${quoted(reason)}.`,
  'device.revoked': (who) => `${who} ended a permission for a USB device.`,
  'device.codeMade': (who, { reason }) => `${who} made a code for a machine without a network${quoted(reason)}.`,
  'retention.changed': (who) => `${who} changed how long something is kept.`,
  'retention.purged': (who) => `${who} removed what had been kept long enough.`,
  'hold.placed': (who, { reason }) => `${who} held something back from removal${quoted(reason)}.`,
  'hold.ended': (who, { reason }) => `${who} let go what was held back from removal${quoted(reason)}.`,
  'person.erased': (who, { reason }) => `${who} had what is held about a person removed${quoted(reason)}.`,
  'person.exported': (who, { reason }) => `${who} exported everything that is held about a person${quoted(reason)}.`,
  'integrity.checked': (who) => `${who} had everything that is held checked at once.`,
  'pack.made': (who, { about, reason }) =>
    `${who} made an evidence pack about ${about === 'person' ? 'a person' : 'a school'}${quoted(reason)}.`,
  'machine.tokenMade': (who, { name }) => `${who} made the enrolment token “${text(name)}”.`,
  'machine.tokenRevoked': (who, { name }) => `${who} revoked the enrolment token “${text(name)}”.`,
  'machine.approved': (who, { machine }) => `${who} approved the machine ${text(machine)}.`,
  'machine.refused': (who, { machine, reason }) => `${who} refused the machine ${text(machine)}: ${text(reason)}.`,
  'machine.revoked': (who, { machine, reason }) => `${who} revoked the machine ${text(machine)}: ${text(reason)}.`,
  'machine.readmitted': (who, { machine, reason }) =>
    `${who} let the machine ${text(machine)} wait for approval again: ${text(reason)}.`,
  'machine.renamed': (who, { from, to }) => `${who} renamed the machine ${text(from)} to ${text(to)}.`,
  'machine.moved': (who, { machine, from, to, reason }) =>
    `${who} moved the machine ${text(machine)} from ${text(from)} to ${text(to)}: ${text(reason)}.`,
  'machine.replacementConfirmed': (who, { machine }) => `${who} said that ${text(machine)} is a computer set up again.`,
  'machine.replacementDenied': (who, { machine }) => `${who} said that ${text(machine)} is a computer of its own.`,
  'machine.findingChanged': (who, { kind, state }) => `${who} set a finding (${text(kind)}) to ${text(state)}.`,
  'machine.hoursChanged': (who) => `${who} set the school hours.`,
  'policy.drafted': (who, { title }) => `${who} put forward a draft of the policy${quoted(title)}.`,
  'policy.approved': (who, { title, note }) => `${who} approved the draft of ${text(title)}${quoted(note)}.`,
  'policy.discarded': (who, { title, reason }) => `${who} discarded the draft of ${text(title)}${quoted(reason)}.`,
  'policy.rolledBack': (who, { title, version, restores, reason }) =>
    `${who} brought version ${String(restores)} of ${text(title)} back as version ${String(version)}${quoted(reason)}.`,
  'policy.published': (who, { title, version }) =>
    `${who} published version ${String(version)} of the policy${quoted(title)}.`,
  'policy.withdrawn': (who, { title, version }) =>
    `${who} took version ${String(version)} of the policy ${text(title)} out of force.`,
  'policy.ordered': (who) => `${who} changed the order in which people are asked for the policies.`,
  'acceptance.counterSigned': (who, { title, office }) =>
    `${who} gave the second signature to an acceptance of ${text(title)} as ${text(office)}.`,
  'acceptance.counterRefused': (who, { title, note }) =>
    `${who} refused the second signature to an acceptance of ${text(title)}${quoted(note)}.`,
  'office.set': (who, { names }) =>
    `${who} said who may give second signatures: ${Array.isArray(names) && names.length > 0 ? names.join(', ') : 'nobody'}.`,
  'person.left': (who, { note }) => `${who} said that a person has left${quoted(note)}.`,
  'person.back': (who, { note }) => `${who} said that a person who had left works here again${quoted(note)}.`,
  'equipment.added': (who, { what }) => `${who} noted that a person has something of the school’s${quoted(what)}.`,
  'equipment.returned': (who, { what }) => `${who} noted that something came back${quoted(what)}.`,
  'alert.channelAdded': (who, { name }) => `${who} added a channel for alerts${quoted(name)}.`,
  'alert.channelChanged': (who, { name }) => `${who} changed a channel for alerts${quoted(name)}.`,
  'alert.channelRemoved': (who, { name }) => `${who} removed a channel for alerts${quoted(name)}.`,
  'alert.channelTested': (who) => `${who} sent a test by a channel for alerts.`,
  'alert.ruleAdded': (who, { name }) => `${who} added a rule for alerts${quoted(name)}.`,
  'alert.ruleChanged': (who, { name }) => `${who} changed a rule for alerts${quoted(name)}.`,
  'alert.ruleRemoved': (who, { name }) => `${who} removed a rule for alerts${quoted(name)}.`,
  'alert.digestChanged': (who) => `${who} changed the weekly digest of a school.`,
  'feed.added': (who, { name }) => `${who} added a feed of events${quoted(name)}.`,
  'feed.changed': (who, { name }) => `${who} changed a feed of events${quoted(name)}.`,
  'feed.removed': (who, { name }) => `${who} removed a feed of events${quoted(name)}.`,
  'feed.eventSkipped': (who, { name, event }) =>
    `${who} had the feed${quoted(name)} skip event ${String(event)}, which its receiver refused.`,
  'feed.tested': (who) => `${who} sent a test by a feed of events.`,
};

/** One sentence about an entry. */
export const auditSentence = ({ action, actor, detail }: AuditBody): string => sentences[action](actor.name, detail);
