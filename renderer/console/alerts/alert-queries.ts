import { infiniteQueryOptions, queryOptions, type UseMutationResult } from '@tanstack/react-query';
import type { z } from 'zod';
import {
  alertList,
  alertPaths,
  channelList,
  digestList,
  digestPreview,
  feedList,
  ruleList,
} from '../../../src/contract/console-alerts.ts';
import { address } from '../api/address.ts';
import { get } from '../api/client.ts';
import { useChange } from '../api/use-change.ts';

const firstPage = (): string | null => null;
/** What is sent and what waits changes by itself. */
const refetchInterval = 5_000;

export const alertsQuery = infiniteQueryOptions({
  queryKey: ['alerts', 'recent'],
  queryFn: ({ signal, pageParam }) => get(address(alertPaths.alerts, {}, { before: pageParam }), alertList, signal),
  initialPageParam: firstPage(),
  getNextPageParam: (page) => page.next,
  refetchInterval,
});
export const channelsQuery = queryOptions({
  queryKey: ['alerts', 'channels'],
  queryFn: ({ signal }) => get(alertPaths.channels, channelList, signal),
  refetchInterval,
});
export const rulesQuery = queryOptions({
  queryKey: ['alerts', 'rules'],
  queryFn: ({ signal }) => get(alertPaths.rules, ruleList, signal),
});
export const feedsQuery = queryOptions({
  queryKey: ['alerts', 'feeds'],
  queryFn: ({ signal }) => get(alertPaths.feeds, feedList, signal),
  refetchInterval,
});
export const digestsQuery = queryOptions({
  queryKey: ['alerts', 'digests'],
  queryFn: ({ signal }) => get(alertPaths.digests, digestList, signal),
});
export const digestPreviewQuery = (id: string) =>
  queryOptions({
    queryKey: ['alerts', 'preview', id],
    queryFn: ({ signal }) => get(address(alertPaths.digestPreview, { id }), digestPreview, signal),
  });

/** Sends something and brings every list about alerts up to date; a refusal is the mutation's error. */
export const usePost = <Body, Answer extends z.ZodType>(
  path: string,
  answer: Answer,
): UseMutationResult<z.output<Answer>, unknown, Body> =>
  useChange(path, answer, { changes: [['alerts'], ['overview']] });
