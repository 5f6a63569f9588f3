import { queryOptions, type UseMutationResult } from '@tanstack/react-query';
import type { z } from 'zod';
import { policyDraftDetail, policyDrafts, policyPaths } from '../../../src/contract/console-policies.ts';
import { address } from '../api/address.ts';
import { get } from '../api/client.ts';
import { useChange } from '../api/use-change.ts';

export const draftsQuery = queryOptions({
  queryKey: ['policies', 'drafts'],
  queryFn: ({ signal }) => get(policyPaths.drafts, policyDrafts, signal),
});

export const draftQuery = (id: string) =>
  queryOptions({
    queryKey: ['policies', 'drafts', id],
    queryFn: ({ signal }) => get(address(policyPaths.draft, { id }), policyDraftDetail, signal),
  });

/** Sends something and brings every list about policies up to date; a refusal is the mutation's error. */
export const usePolicyChange = <Answer extends z.ZodType>(
  path: string,
  answer: Answer,
): UseMutationResult<z.output<Answer>, unknown, object> =>
  useChange(path, answer, { changes: [['policies'], ['overview'], ['people']] });
