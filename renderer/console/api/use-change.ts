import { useMutation, useQueryClient, type QueryKey, type UseMutationResult } from '@tanstack/react-query';
import type { z } from 'zod';
import { post } from './client.ts';

export interface ChangeOptions {
  /** Answers that may be different afterwards. */
  changes: readonly QueryKey[];
  method?: 'POST' | 'PUT';
}

/** Sends something and brings what depends on it up to date; a refusal is the mutation's error. */
export function useChange<Body, Answer extends z.ZodType>(
  path: string,
  answer: Answer,
  { changes, method = 'POST' }: ChangeOptions,
): UseMutationResult<z.output<Answer>, unknown, Body> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Body) => post(path, body, answer, method),
    onSettled: () => Promise.all(changes.map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
}
