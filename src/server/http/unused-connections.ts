import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Watches for connections on which nothing was ever asked. Browsers and machines open some in advance, and Node counts
 * them neither as idle nor as busy, so that a server would wait a minute for them when it stops.
 * @returns how to close them.
 */
export function unusedConnections(server: Server): () => void {
  const unused = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  server.on('request', ({ socket }) => unused.delete(socket));
  return () => {
    for (const socket of unused) socket.destroy();
  };
}
