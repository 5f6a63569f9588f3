import { queryOptions, useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query';
import {
  fileFinding,
  forkRows,
  integrityPaths,
  integrityState,
  type FileFinding,
  type IntegrityState,
} from '../../../src/contract/console-integrity.ts';
import { get, post, sendBytes, takeFile } from '../api/client.ts';

export const integrityQuery = queryOptions({
  queryKey: ['integrity', 'state'],
  queryFn: ({ signal }) => get(integrityPaths.state, integrityState, signal),
});
export const forksQuery = queryOptions({
  queryKey: ['integrity', 'forks'],
  queryFn: ({ signal }) => get(integrityPaths.forks, forkRows, signal),
});

export function useCheckNow(): UseMutationResult<IntegrityState> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => post(integrityPaths.check, {}, integrityState),
    onSettled: () => client.invalidateQueries({ queryKey: ['integrity'] }),
  });
}

export interface PackWish {
  schoolId: string;
  from: string;
  to: string;
  reason: string;
}

/** Makes a pack and hands it to the browser as a download. */
export const usePack = (): UseMutationResult<string, unknown, PackWish> =>
  useMutation({ mutationFn: (wish: PackWish) => takeFile(integrityPaths.schoolPack, wish, 'evidence.zip') });

export const useVerifyFile = (): UseMutationResult<FileFinding, unknown, File> =>
  useMutation({ mutationFn: (file: File) => sendBytes(integrityPaths.verifyFile, file, fileFinding) });
