import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import {
  acceptanceDetail,
  consolePaths,
  consoleUser,
  eventRow,
  events,
  machineDetail,
  overview,
  people,
  personDetail,
  policies,
  type PersonSummary,
} from '../../../src/contract/console.ts';
import type { EventType } from '../../../src/contract/event.ts';
import { signedPolicy } from '../../../src/contract/policy.ts';
import { address } from './address.ts';
import { get } from './client.ts';

const firstPage = (): string | null => null;

export interface PeopleFilters {
  search: string | null;
  status: PersonSummary['status'] | null;
}

export interface EventFilters {
  type: EventType | null;
  /** A person's id. */
  person: string | null;
  /** A machine's device id. */
  machine: string | null;
  search: string | null;
}

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => get(consolePaths.me, consoleUser, signal),
  staleTime: 60_000,
});

export const overviewQuery = queryOptions({
  queryKey: ['overview'],
  queryFn: ({ signal }) => get(consolePaths.overview, overview, signal),
});

export const peopleQuery = (filters: PeopleFilters) =>
  infiniteQueryOptions({
    queryKey: ['people', filters],
    queryFn: ({ signal, pageParam }) =>
      get(address(consolePaths.people, {}, { ...filters, after: pageParam }), people, signal),
    initialPageParam: firstPage(),
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });

export const personQuery = (id: string) =>
  queryOptions({
    queryKey: ['people', 'one', id],
    queryFn: ({ signal }) => get(address(consolePaths.person, { id }), personDetail, signal),
  });

export const eventsQuery = (filters: EventFilters, limit = 50) =>
  infiniteQueryOptions({
    queryKey: ['events', filters, limit],
    queryFn: ({ signal, pageParam }) =>
      get(address(consolePaths.events, {}, { ...filters, limit, before: pageParam }), events, signal),
    initialPageParam: firstPage(),
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });

export const eventQuery = (id: string) =>
  queryOptions({
    queryKey: ['events', 'one', id],
    queryFn: ({ signal }) => get(address(consolePaths.event, { id }), eventRow, signal),
    staleTime: Infinity,
  });

export const acceptanceQuery = (id: string) =>
  queryOptions({
    queryKey: ['acceptance', id],
    queryFn: ({ signal }) => get(address(consolePaths.acceptance, { id }), acceptanceDetail, signal),
  });

export const machineQuery = (id: string) =>
  queryOptions({
    queryKey: ['machines', 'one', id],
    queryFn: ({ signal }) => get(address(consolePaths.machine, { id }), machineDetail, signal),
  });

export const policiesQuery = queryOptions({
  queryKey: ['policies'],
  queryFn: ({ signal }) => get(consolePaths.policies, policies, signal),
});

export const policyQuery = (hash: string) =>
  queryOptions({
    queryKey: ['policies', 'one', hash],
    queryFn: ({ signal }) => get(address(consolePaths.policy, { hash }), signedPolicy, signal),
    staleTime: Infinity,
  });
