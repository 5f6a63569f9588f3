import { RequestRefused } from '../http/problems.ts';

/** Exchanges under way at once. Even a server at a tenth of its speed answers the last of them before its machine gives up. */
const mostUnderWay = 600;
/** Machines that are sent away come back spread over this, not all together. */
const comeBack = { firstSeconds: 5, lastSeconds: 30 } as const;

/** What of a reply tells when it is over. */
interface Ending {
  raw: { once(event: 'close', listener: () => void): unknown };
}

/**
 * A hook that keeps the number of exchanges under way bounded, and with it memory and waiting, when every machine comes
 * at once. @throws RequestRefused 503 with `Retry-After` when too many are; nothing of this one was read.
 */
export function refuseWhenOverloaded(chance: () => number = Math.random) {
  let underWay = 0;
  return async (_request: unknown, reply: Ending): Promise<void> => {
    if (underWay >= mostUnderWay) {
      const { firstSeconds, lastSeconds } = comeBack;
      throw new RequestRefused(
        503,
        { code: 'server.busy', detail: 'Many machines are sending at once. Nothing was taken; try again as told.' },
        { retryAfterSeconds: Math.round(firstSeconds + (lastSeconds - firstSeconds) * chance()) },
      );
    }
    underWay += 1;
    // Comes once, whether the answer was sent or the connection broke off before it.
    reply.raw.once('close', () => {
      underWay -= 1;
    });
  };
}
