import { infiniteQueryOptions, queryOptions, type UseMutationResult } from '@tanstack/react-query';
import type { z } from 'zod';
import type { AuditAction } from '../../../src/contract/audit.ts';
import {
  accessPaths,
  accessSettings,
  auditList,
  auditVerdict,
  openingNow,
  openings,
  ownAccount,
  schools,
  signInWays,
  users,
} from '../../../src/contract/console-access.ts';
import { address } from '../api/address.ts';
import { get } from '../api/client.ts';
import { useChange } from '../api/use-change.ts';

export const waysQuery = queryOptions({
  queryKey: ['signIn', 'ways'],
  queryFn: ({ signal }) => get(accessPaths.signInWays, signInWays, signal),
  staleTime: 60_000,
});
export const accountQuery = queryOptions({
  queryKey: ['account'],
  queryFn: ({ signal }) => get(accessPaths.account, ownAccount, signal),
});
export const usersQuery = queryOptions({
  queryKey: ['users'],
  queryFn: ({ signal }) => get(accessPaths.users, users, signal),
});
export const schoolsQuery = queryOptions({
  queryKey: ['schools'],
  queryFn: ({ signal }) => get(accessPaths.schools, schools, signal),
});
export const openingQuery = (personId: string) =>
  queryOptions({
    queryKey: ['openings', 'person', personId],
    queryFn: ({ signal }) => get(address(accessPaths.opening, { id: personId }), openingNow, signal),
  });
export const openingsQuery = queryOptions({
  queryKey: ['openings', 'all'],
  queryFn: ({ signal }) => get(accessPaths.openings, openings, signal),
});
export const accessSettingsQuery = queryOptions({
  queryKey: ['accessSettings'],
  queryFn: ({ signal }) => get(accessPaths.accessSettings, accessSettings, signal),
});

export interface AuditFilters {
  actor: string | null;
  action: AuditAction | null;
  subject: string | null;
}
export const auditQuery = (filters: AuditFilters) =>
  infiniteQueryOptions({
    queryKey: ['audit', filters],
    queryFn: ({ signal, pageParam }) =>
      get(address(accessPaths.audit, {}, { ...filters, before: pageParam }), auditList, signal),
    initialPageParam: firstPage(),
    getNextPageParam: (page) => page.next,
  });
const firstPage = (): number | null => null;
export const auditVerdictQuery = queryOptions({
  queryKey: ['auditVerdict'],
  queryFn: ({ signal }) => get(accessPaths.auditVerify, auditVerdict, signal),
  staleTime: 60_000,
});

/** Sends a change of one's own account, of users, schools or openings, and brings all of those up to date. */
export const useAccessChange = <Body, Answer extends z.ZodType>(
  path: string,
  answer: Answer,
  method: 'POST' | 'PUT' = 'POST',
): UseMutationResult<z.output<Answer>, unknown, Body> =>
  useChange(path, answer, {
    method,
    changes: [['account'], ['me'], ['users'], ['schools'], ['openings'], ['accessSettings'], ['audit'], ['people']],
  });
