import { queryOptions, useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query';
import type { z } from 'zod';
import { holds, privacyPaths, purges, retention } from '../../../../src/contract/console-privacy.ts';
import { people as peopleList, consolePaths } from '../../../../src/contract/console.ts';
import { httpProblem } from '../../../../src/contract/problem.ts';
import { address } from '../../api/address.ts';
import { ConsoleError, get, post } from '../../api/client.ts';

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
export function usePost<Body, Answer extends z.ZodType>(
  path: string,
  answer: Answer,
): UseMutationResult<z.output<Answer>, unknown, Body> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Body) => post(path, body, answer),
    onSettled: () => Promise.all(['privacy', 'overview'].map((key) => client.invalidateQueries({ queryKey: [key] }))),
  });
}

/**
 * Asks for everything about one person and hands the archive to the browser to save.
 * @throws ConsoleError when it is refused or the server cannot be reached.
 */
export async function saveEverything(personId: string, reason: string): Promise<void> {
  let answer: Response;
  try {
    answer = await fetch(address(privacyPaths.export, { id: personId }), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ reason }),
    });
    if (answer.ok) {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(await answer.blob());
      link.download =
        /filename="([^"]+)"/.exec(answer.headers.get('content-disposition') ?? '')?.[1] ?? 'everything.zip';
      link.click();
      URL.revokeObjectURL(link.href);
      return;
    }
  } catch {
    throw new ConsoleError({ kind: 'unreachable' });
  }
  const problem = httpProblem.safeParse(await answer.json().catch(() => undefined));
  throw new ConsoleError(problem.success ? { kind: 'problem', problem: problem.data } : { kind: 'unreachable' });
}
