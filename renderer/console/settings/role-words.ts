import type { Role, RoleGrant } from '../../../src/contract/roles.ts';

export const roleWords: Record<Role, string> = {
  administrator: 'Administrator',
  policyOwner: 'Policy owner',
  reviewer: 'Reviewer',
  safeguardingLead: 'Safeguarding lead',
  auditor: 'Auditor',
};

export const roleMeans: Record<Role, string> = {
  administrator: 'Everything, except agreeing that a record is opened',
  policyOwner: 'Publishes policies and sees who accepted them',
  reviewer: 'Looks at people, machines and events, and answers requests',
  safeguardingLead: 'Opens records, and agrees when others ask to',
  auditor: 'Sees everything, including the audit trail, and changes nothing',
};

/** “Reviewer (north-hill, south-hill)”. */
export const grantWords = ({ role, schools }: RoleGrant): string =>
  schools === 'all' ? roleWords[role] : `${roleWords[role]} (${schools.join(', ')})`;
