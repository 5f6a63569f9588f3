import { queryOptions, type UseMutationResult } from '@tanstack/react-query';
import type { z } from 'zod';
import { holds, privacyPaths, purges, retention } from '../../../../src/contract/console-privacy.ts';
import { people as peopleList, consolePaths } from '../../../../src/contract/console.ts';
import { address } from '../../api/address.ts';
import { get } from '../../api/client.ts';
import { useChange } from '../../api/use-change.ts';

export const retentionQuery = queryOptions({
  queryKey: ['privacy', 'retention'],
  queryFn: ({ signal }) => get(privacyPaths.retention, retention, signal),
});
export const holdsQuery = queryOptions({
  queryKey: ['privacy', 'holds'],
  queryFn: ({ signal }) => get(privacyPaths.holds, holds, signal),
});
export const purgesQuery = queryOptions({
  queryKey: ['privacy', 'purges'],
  queryFn: ({ signal }) => get(privacyPaths.purges, purges, signal),
});
export const foundPeopleQuery = (search: string) =>
  queryOptions({
    queryKey: ['privacy', 'people', search],
    queryFn: ({ signal }) => get(address(consolePaths.people, {}, { search, limit: 20 }), peopleList, signal),
  });

/** Sends something and brings everything about privacy up to date; a refusal is the mutation's error. */
export const usePost = <Body, Answer extends z.ZodType>(
  path: string,
  answer: Answer,
): UseMutationResult<z.output<Answer>, unknown, Body> =>
  useChange(path, answer, { changes: [['privacy'], ['overview']] });
