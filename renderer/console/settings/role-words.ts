import type { Role } from '../../../src/contract/roles.ts';

export const roleWords: Record<Role, string> = {
  administrator: 'Administrator',
  policyOwner: 'Policy owner',
  reviewer: 'Reviewer',
  safeguardingLead: 'Safeguarding lead',
  auditor: 'Auditor',
};
