import type { Server } from 'node:http';

/** Keeps count of the requests a server is answering. */
export function requestsUnderWay(server: Server): {
  count(): number;
  /** Waits until none is left, at most so long. @returns how many still were. */
  settled(withinSeconds: number): Promise<number>;
} {
  let open = 0;
  const waiting = new Set<() => void>();
  server.on('request', (_request, response) => {
    open += 1;
    response.once('close', () => {
      open -= 1;
      if (open === 0) for (const done of waiting) done();
    });
  });
  return {
    count: () => open,
    async settled(withinSeconds) {
      if (open === 0) return 0;
      await new Promise<void>((resolve) => {
        const done = () => {
          clearTimeout(timer);
          waiting.delete(done);
          resolve();
        };
        const timer = setTimeout(done, withinSeconds * 1_000);
        waiting.add(done);
      });
      return open;
    },
  };
}
