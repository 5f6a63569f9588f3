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
  'policy.published': (who, { title, version }) =>
    `${who} published version ${String(version)} of the policy${quoted(title)}.`,
};

/** One sentence about an entry. */
export const auditSentence = ({ action, actor, detail }: AuditBody): string => sentences[action](actor.name, detail);
