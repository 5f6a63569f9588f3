import { z } from 'zod';

/** What somebody who signs in to the console is there for. */
export const role = z.enum(['administrator', 'policyOwner', 'reviewer', 'safeguardingLead', 'auditor']);
export type Role = z.infer<typeof role>;

export const schoolId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/, 'must be lower-case letters, digits and hyphens');

/** Schools a role is for: every school of the trust, or these. */
export const schoolScope = z.union([z.literal('all'), z.array(schoolId).min(1).max(500)]);
export type SchoolScope = z.infer<typeof schoolScope>;

export const roleGrant = z.strictObject({ role, schools: schoolScope });
export type RoleGrant = z.infer<typeof roleGrant>;

/** What a route of the console may ask for. `read` looks, `manage` changes. */
export const permission = z.enum([
  'overview.read',
  'people.read',
  /** Say that somebody has left, and what came back. */
  'people.manage',
  /** Open a named person's own record; a reason is asked for. */
  'person.open',
  /** Agree that somebody else opens one. */
  'person.approve',
  'events.read',
  'machines.read',
  'machines.manage',
  'devices.read',
  'devices.answer',
  'policies.read',
  'policies.publish',
  'integrity.read',
  'retention.read',
  'retention.manage',
  /** Everything that is held about one person, for that person. */
  'rights.export',
  'alerts.read',
  'alerts.manage',
  'users.read',
  'users.manage',
  'audit.read',
  'server.read',
  'server.manage',
]);
export type Permission = z.infer<typeof permission>;

const everybody = ['overview.read', 'people.read', 'policies.read'] as const satisfies Permission[];

/** What each role may do; `docs/roles.md` has it in words. */
export const rolePermissions: Record<Role, readonly Permission[]> = {
  administrator: permission.options.filter((one) => one !== 'person.approve'),
  policyOwner: [...everybody, 'policies.publish', 'machines.read'],
  reviewer: [
    ...everybody,
    'people.manage',
    'person.open',
    'events.read',
    'machines.read',
    'devices.read',
    'devices.answer',
    'integrity.read',
  ],
  safeguardingLead: [...everybody, 'person.open', 'person.approve', 'events.read', 'rights.export'],
  auditor: [
    ...everybody,
    'person.open',
    'events.read',
    'machines.read',
    'devices.read',
    'integrity.read',
    'retention.read',
    'alerts.read',
    'users.read',
    'audit.read',
    'server.read',
  ],
};
