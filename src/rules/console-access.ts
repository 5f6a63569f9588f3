import { rolePermissions, type Permission, type RoleGrant, type SchoolScope } from '../contract/roles.ts';

/** The schools in which somebody with these roles may do something; null for none. */
export function scopeOf(grants: readonly RoleGrant[], wanted: Permission): SchoolScope | null {
  const scopes = grants.filter(({ role }) => rolePermissions[role].includes(wanted)).map(({ schools }) => schools);
  if (scopes.length === 0) return null;
  if (scopes.includes('all')) return 'all';
  return [...new Set(scopes.flat())].sort();
}

/** Everything somebody with these roles may do somewhere. */
export function permissionsOf(grants: readonly RoleGrant[]): Permission[] {
  return [...new Set(grants.flatMap(({ role }) => rolePermissions[role]))].sort();
}

export const coversSchool = (scope: SchoolScope, schoolId: string): boolean =>
  scope === 'all' || scope.includes(schoolId);
