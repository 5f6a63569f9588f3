import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
  type UseMutationResult,
} from '@tanstack/react-query';
import { z } from 'zod';
import { consolePaths, machines } from '../../../src/contract/console.ts';
import {
  findingList,
  machineCounts,
  machinePaths,
  machineSchools,
  schoolHours,
  tokenList,
} from '../../../src/contract/console-machines.ts';
import type { FindingKind, FindingState, Standing } from '../../../src/contract/machine-standing.ts';
import { address } from '../api/address.ts';
import { get, post } from '../api/client.ts';

export interface MachineFilters {
  search: string | null;
  school: string | null;
  standing: Standing | null;
  finding: FindingKind | 'any' | null;
}

export interface FindingFilters {
  state: FindingState | null;
  kind: FindingKind | null;
  school: string | null;
}

const firstPage = (): string | null => null;

export const machinesQuery = (filters: MachineFilters) =>
  infiniteQueryOptions({
    queryKey: ['machines', 'list', filters],
    queryFn: ({ signal, pageParam }) =>
      get(address(consolePaths.machines, {}, { ...filters, after: pageParam }), machines, signal),
    initialPageParam: firstPage(),
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });

export const countsQuery = (school: string | null) =>
  queryOptions({
    queryKey: ['machines', 'counts', school],
    queryFn: ({ signal }) => get(address(machinePaths.counts, {}, { school }), machineCounts, signal),
  });

export const schoolsQuery = queryOptions({
  queryKey: ['machines', 'schools'],
  queryFn: ({ signal }) => get(machinePaths.schools, machineSchools, signal),
  staleTime: 60_000,
});

export const findingsQuery = (filters: FindingFilters) =>
  infiniteQueryOptions({
    queryKey: ['machines', 'findings', filters],
    queryFn: ({ signal, pageParam }) =>
      get(address(machinePaths.findings, {}, { ...filters, after: pageParam }), findingList, signal),
    initialPageParam: firstPage(),
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });

export const tokensQuery = queryOptions({
  queryKey: ['machines', 'tokens'],
  queryFn: ({ signal }) => get(machinePaths.tokens, tokenList, signal),
});

export const hoursQuery = queryOptions({
  queryKey: ['machines', 'hours'],
  queryFn: ({ signal }) => get(machinePaths.hours, schoolHours, signal),
});

/** Sends something and brings every list about machines up to date; a refusal is the mutation's error. */
export function useSend<Answer extends z.ZodType>(
  answer: Answer,
): UseMutationResult<z.output<Answer>, unknown, { path: string; body: unknown }> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ path, body }) => post(path, body, answer),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['machines'] }),
        client.invalidateQueries({ queryKey: ['overview'] }),
      ]),
  });
}

export const nothing = z.object({});
