import { queryOptions, type UseMutationResult } from '@tanstack/react-query';
import type { z } from 'zod';
import {
  deviceDetail,
  deviceList,
  devicePaths,
  grants,
  plugs,
  requests,
} from '../../../src/contract/console-devices.ts';
import { address } from '../api/address.ts';
import { get } from '../api/client.ts';
import { useChange } from '../api/use-change.ts';

export const pluggedQuery = queryOptions({
  queryKey: ['devices', 'plugged'],
  queryFn: ({ signal }) => get(devicePaths.plugged, plugs, signal),
});
export const requestsQuery = queryOptions({
  queryKey: ['devices', 'requests'],
  queryFn: ({ signal }) => get(devicePaths.requests, requests, signal),
});
export const grantsQuery = queryOptions({
  queryKey: ['devices', 'grants'],
  queryFn: ({ signal }) => get(devicePaths.grants, grants, signal),
});
export const devicesQuery = (search: string | null) =>
  queryOptions({
    queryKey: ['devices', 'all', search],
    queryFn: ({ signal }) => get(address(devicePaths.devices, {}, { search }), deviceList, signal),
  });
export const deviceQuery = (id: string) =>
  queryOptions({
    queryKey: ['devices', 'one', id],
    queryFn: ({ signal }) => get(address(devicePaths.device, { id }), deviceDetail, signal),
  });

/** Sends something and brings every list about devices up to date; a refusal is the mutation's error. */
export const usePost = <Body, Answer extends z.ZodType>(
  path: string,
  answer: Answer,
): UseMutationResult<z.output<Answer>, unknown, Body> =>
  useChange(path, answer, { changes: [['devices'], ['overview']] });
