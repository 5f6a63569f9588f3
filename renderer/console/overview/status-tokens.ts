import type { PersonStatus } from '../people/status-words.ts';

/** The design token each status is drawn in. */
export const statusTokens: Record<PersonStatus, string> = {
  accepted: '--accent',
  outdated: '--amber-edge',
  declined: '--red',
  notAccepted: '--edge',
};
