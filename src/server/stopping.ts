import type { Server } from 'node:http';
import type { Logger } from 'pino';

/** How long what is under way may take to end when the server stops. */
export const stopSeconds = 20;

/** Lets requests and scheduled work end. What takes longer is cut off: nothing uncommitted was acknowledged. */
export async function finish(
  server: Server,
  underWay: { settled(withinSeconds: number): Promise<number> },
  work: { stop(): Promise<void> },
  withinSeconds: number,
  log: Logger,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), withinSeconds * 1_000);
  });
  const [left, jobs] = await Promise.all([
    underWay.settled(withinSeconds),
    Promise.race([work.stop().then(() => 'ended' as const), late]),
  ]);
  clearTimeout(timer);
  if (left === 0 && jobs === 'ended') return;
  log.warn({ requests: left, jobs }, 'what was still under way at the end of its time was cut off');
  server.closeAllConnections();
}
