import { z } from 'zod';
import { instant, sha256Hex } from './primitives.ts';

/** Everything that can be done in the console and is kept. A new action is added here. */
export const auditAction = z.enum([
  'signIn.succeeded',
  'signIn.failed',
  'signIn.ended',
  'signIn.linkMade',
  'account.passwordSet',
  'account.totpAdded',
  'account.backupCodesMade',
  'account.passkeyAdded',
  'account.passkeyRemoved',
  'account.sessionEnded',
  'user.invited',
  'user.rolesSet',
  'user.disabled',
  'user.enabled',
  'user.reset',
  'user.sessionsEnded',
  'school.added',
  'school.renamed',
  'person.asked',
  'person.opened',
  'person.approved',
  'person.refused',
  'person.looked',
  'access.settingsSet',
  'audit.exported',
  'events.exported',
  'device.answered',
  'device.allowed',
  'device.revoked',
  'device.codeMade',
  'policy.published',
  'policy.rolledBack',
  'policy.drafted',
  'policy.approved',
  'policy.discarded',
  'policy.withdrawn',
  'policy.ordered',
  'acceptance.counterSigned',
  'acceptance.counterRefused',
  'office.set',
  'person.left',
  'person.back',
  'equipment.added',
  'equipment.returned',
  'integrity.checked',
  'pack.made',
  'retention.changed',
  'retention.purged',
  'hold.placed',
  'hold.ended',
  'person.erased',
  'person.exported',
  'alert.channelAdded',
  'alert.channelChanged',
  'alert.channelRemoved',
  'alert.channelTested',
  'alert.ruleAdded',
  'alert.ruleChanged',
  'alert.ruleRemoved',
  'alert.digestChanged',
  'feed.added',
  'feed.changed',
  'feed.removed',
  'feed.tested',
  'feed.eventSkipped',
  'machine.tokenMade',
  'machine.tokenRevoked',
  'machine.approved',
  'machine.refused',
  'machine.revoked',
  'machine.readmitted',
  'machine.renamed',
  'machine.moved',
  'machine.replacementConfirmed',
  'machine.replacementDenied',
  'machine.findingChanged',
  'machine.hoursChanged',
]);
export type AuditAction = z.infer<typeof auditAction>;

/** Who did it: somebody signed in, a program with the operator token, or the server by itself. */
export const auditActor = z.strictObject({
  kind: z.enum(['user', 'operator', 'server']),
  id: z.string().max(200),
  name: z.string().max(200),
});
export type AuditActor = z.infer<typeof auditActor>;

/** One thing that was done, as it is hashed: `hash = SHA-256(prev ‖ SHA-256(RFC 8785 JSON of this))`. */
export const auditBody = z.strictObject({
  number: z.int().min(1),
  at: instant,
  actor: auditActor,
  action: auditAction,
  /** The school it concerns; null for the trust as a whole. */
  schoolId: z.string().max(100).nullable(),
  /** What it was done to: an id. */
  subject: z.string().max(300).nullable(),
  /** What else there is to know, in plain JSON: never a password or a secret. */
  detail: z.record(z.string(), z.unknown()),
});
export type AuditBody = z.infer<typeof auditBody>;

export const auditEntry = z.strictObject({ body: auditBody, prev: sha256Hex, hash: sha256Hex });
export type AuditEntry = z.infer<typeof auditEntry>;
