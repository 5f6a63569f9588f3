import type { RoleGrant, SchoolScope } from '../contract/roles.ts';

/** Are all schools of one scope in the other? */
export const isWithin = (inner: SchoolScope, outer: SchoolScope): boolean =>
  outer === 'all' || (inner !== 'all' && inner.every((school) => outer.includes(school)));

/** Do two scopes have a school in common? */
export const overlaps = (one: SchoolScope, other: SchoolScope): boolean =>
  one === 'all' || other === 'all' || one.some((school) => other.includes(school));

/** Is somebody with these roles of concern to who manages users in `scope`? Somebody without roles is the trust's. */
export const mayBeSeen = (roles: readonly RoleGrant[], scope: SchoolScope): boolean =>
  scope === 'all' || roles.some(({ schools }) => overlaps(schools, scope));

/** May somebody who manages users in `scope` change a user with these roles? Every one of them must be theirs to give. */
export const mayBeManaged = (roles: readonly RoleGrant[], scope: SchoolScope): boolean =>
  scope === 'all' || (roles.length > 0 && roles.every(({ schools }) => isWithin(schools, scope)));

/** Makes one grant of several for the same role. */
export function withoutDoubles(roles: readonly RoleGrant[]): RoleGrant[] {
  const found = new Map<RoleGrant['role'], SchoolScope>();
  for (const { role, schools } of roles) {
    const before = found.get(role) ?? [];
    found.set(role, before === 'all' || schools === 'all' ? 'all' : [...new Set([...before, ...schools])].sort());
  }
  return [...found].map(([role, schools]) => ({ role, schools }));
}

export const isTrustAdministrator = (roles: readonly RoleGrant[]): boolean =>
  roles.some(({ role, schools }) => role === 'administrator' && schools === 'all');
