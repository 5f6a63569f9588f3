import { QueryCache, QueryClient } from '@tanstack/react-query';
import { failureOf } from './client.ts';

/** The console's cache of answers: asks again only where that can help, and notices when the session ended. */
export function consoleQueryClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        if (failureOf(error).kind === 'notSignedIn' && query.queryKey[0] !== 'me') {
          void client.resetQueries({ queryKey: ['me'] });
        }
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        retry: (failures, error) => failureOf(error).kind === 'unreachable' && failures < 2,
        retryDelay: (failures) => 500 * 2 ** failures,
      },
    },
  });
  return client;
}
