import { queryOptions, type UseMutationResult } from '@tanstack/react-query';
import { z } from 'zod';
import { counterSignatures, leavers, offices, standingPaths } from '../../../src/contract/console-standing.ts';
import { get } from '../api/client.ts';
import { useChange } from '../api/use-change.ts';

export const counterSignaturesQuery = queryOptions({
  queryKey: ['standing', 'signatures'],
  queryFn: ({ signal }) => get(standingPaths.counterSignatures, counterSignatures, signal),
});
export const leaversQuery = queryOptions({
  queryKey: ['standing', 'leavers'],
  queryFn: ({ signal }) => get(standingPaths.leavers, leavers, signal),
});
export const officesQuery = queryOptions({
  queryKey: ['standing', 'offices'],
  queryFn: ({ signal }) => get(standingPaths.offices, offices, signal),
});

/** Changes how people stand, and brings every list that shows it up to date. */
export const useStanding = <Body>(
  path: string,
  method: 'POST' | 'PUT' = 'POST',
): UseMutationResult<object, unknown, Body> =>
  useChange<Body, z.ZodObject>(path, z.object({}), { changes: [['standing'], ['people'], ['overview']], method });
