import { connect, createServer, type Socket } from 'node:net';
import { Transform } from 'node:stream';
import type { Seeded } from './seeded.ts';

/**
 * Stands before PostgreSQL and hands on every piece of either direction late: what a slow disk or line looks like to
 * the server.
 */
export async function delayingProxy(
  target: { host: string; port: number },
  random: Seeded,
  delayMs: { least: number; most: number },
): Promise<{ port: number; close(): Promise<void> }> {
  const open = new Set<Socket>();
  const late = () =>
    new Transform({
      transform(chunk, _encoding, done) {
        setTimeout(() => done(null, chunk), random.between(delayMs.least, delayMs.most));
      },
    });
  const server = createServer((from) => {
    const to = connect(target.port, target.host);
    for (const socket of [from, to]) {
      open.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.once('close', () => {
        open.delete(socket);
        (socket === from ? to : from).destroy();
      });
    }
    from.pipe(late()).pipe(to);
    to.pipe(late()).pipe(from);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port');
  return {
    port: address.port,
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
