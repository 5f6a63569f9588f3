import type { Socket } from 'node:net';
import { descriptorOf } from '../socket-descriptor.ts';

/** asm-generic/socket.h; the same on x86 and ARM. */
const SOL_SOCKET = 1;
const SO_PEERCRED = 17;

export interface PeerCredentials {
  processId: number;
  uid: number;
}

let read: ((descriptor: number) => Promise<PeerCredentials>) | null = null;

/** `SO_PEERCRED` of unix(7): process and user as they were when the other end connected, filled in by the kernel. */
export async function peerCredentials(socket: Socket): Promise<PeerCredentials> {
  read ??= await loadReader();
  return read(descriptorOf(socket));
}

async function loadReader(): Promise<(descriptor: number) => Promise<PeerCredentials>> {
  const { default: koffi } = await import('koffi');
  const getsockopt = koffi
    .load(null)
    .func('int getsockopt(int socket, int level, int option, _Out_ int32_t *value, _Inout_ uint32_t *length)');
  return (descriptor) => {
    const ucred = new Int32Array(3);
    const length = [ucred.byteLength];
    const [processId, uid] = getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, ucred, length) === 0 ? ucred : [];
    if (processId === undefined || uid === undefined || processId <= 0) {
      return Promise.reject(new Error('The system did not say which account opened the connection'));
    }
    return Promise.resolve({ processId, uid: uid >>> 0 });
  };
}
