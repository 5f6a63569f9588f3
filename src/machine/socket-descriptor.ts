import type { Socket } from 'node:net';

/**
 * The file descriptor of a Unix socket. Node has no public accessor, so what is found is checked.
 * @throws Error when this Node keeps it elsewhere.
 */
export function descriptorOf(socket: Socket): number {
  const handle: unknown = Reflect.get(socket, '_handle');
  const descriptor: unknown = typeof handle === 'object' && handle !== null ? Reflect.get(handle, 'fd') : undefined;
  if (typeof descriptor !== 'number' || !Number.isInteger(descriptor) || descriptor < 0) {
    throw new Error('The connection ended before the system could say who made it');
  }
  return descriptor;
}
