import { Socket } from 'node:net';
import type { PeerListener } from '../machine.ts';
import { loadPipeFunctions, type PipeFunctions, type WindowsPeer } from './pipe-functions.ts';

export interface WindowsPipe {
  listen: PeerListener;
  /** @throws Error when Windows does not say who is there. */
  peerOf(socket: Socket): Promise<WindowsPeer>;
}

/**
 * A named pipe whose server end Usher opens itself: Node's own server keeps the handle to itself, and only the handle
 * tells who connected (`GetNamedPipeClientProcessId`). Each connected handle becomes an ordinary Node socket.
 */
export function windowsPipe(): WindowsPipe {
  const peers = new WeakMap<Socket, () => WindowsPeer>();
  return {
    async listen(path, onConnection) {
      const functions = await loadPipeFunctions();
      let open = true;
      // The first instance must be ours: nobody else may already serve a pipe of this name.
      let waiting = functions.createInstance(path, true);
      const serve = async (): Promise<void> => {
        while (open) {
          const handle = waiting;
          const connected = await functions.connected(handle);
          if (!open) return functions.close(handle);
          waiting = functions.createInstance(path, false);
          if (!connected) {
            functions.close(handle);
            continue;
          }
          hand(functions, handle, onConnection);
        }
      };
      const serving = serve();
      return {
        async close() {
          open = false;
          functions.wake(path);
          await serving;
        },
      };
    },
    peerOf: (socket) => {
      const ask = peers.get(socket);
      return ask === undefined
        ? Promise.reject(new Error('This connection did not come through the pipe'))
        : new Promise((resolve) => resolve(ask()));
    },
  };

  function hand(functions: PipeFunctions, handle: bigint, onConnection: (socket: Socket) => void): void {
    const socket = new Socket({ fd: functions.descriptor(handle), readable: true, writable: true });
    peers.set(socket, () => functions.peerOf(handle));
    onConnection(socket);
  }
}
