import { existsSync, rmSync } from 'node:fs';
import { connect } from 'node:net';

/**
 * Removes a Unix socket that a service left behind when it was killed; one where somebody answers stays.
 * @throws Error when somebody answers there.
 */
export async function clearStaleSocket(socketPath: string): Promise<void> {
  if (process.platform === 'win32' || !existsSync(socketPath)) return;
  const answered = await new Promise<boolean>((resolve) => {
    const socket = connect(socketPath);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
  if (answered) {
    throw new Error(`Another program answers on ${socketPath}. Stop it, or give this service its own USHER_SOCKET.`);
  }
  rmSync(socketPath, { force: true });
}
