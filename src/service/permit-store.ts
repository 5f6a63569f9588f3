import { usbPermits, type UsbPermits } from '../contract/usb.ts';
import { permitsHold } from '../proof/index.ts';
import { keptFile } from './kept-file.ts';

export interface PermitStore {
  /** Null until some arrived whose signature verifies. */
  readonly current: UsbPermits | null;
  /**
   * Takes what a server sent: null once it is on disk, else one sentence that says why not.
   * @throws Error of `node:fs` when it cannot be kept; then nothing changed.
   */
  offer(permits: UsbPermits, serverPublicKey: string): string | null;
}

/** What IT allows on this machine, kept on disk; what is read back is verified again before it counts. */
export function openPermitStore(
  path: string,
  deviceId: string,
  serverPublicKey: string | null,
  now: () => number,
  onProblem: (sentence: string) => void,
): PermitStore {
  const file = keptFile(path, usbPermits, now, onProblem);
  const faultOf = (permits: UsbPermits, key: string): string | null => {
    if (permits.deviceId !== deviceId) return 'they are for another machine';
    return permitsHold(key, permits) ? null : "they are not signed by this school's server";
  };
  let current = serverPublicKey === null ? null : file.read();
  if (current !== null && serverPublicKey !== null) {
    const fault = faultOf(current, serverPublicKey);
    if (fault !== null) {
      onProblem(`The permissions kept in ${path} are not used: ${fault}.`);
      current = null;
    }
  }
  return {
    get current() {
      return current;
    },
    offer(permits, key) {
      const fault = faultOf(permits, key);
      if (fault !== null) return fault;
      if (current !== null && permits.issuedAt < current.issuedAt) {
        return `they were issued on ${permits.issuedAt}, before the ones this machine has (${current.issuedAt})`;
      }
      file.write(permits);
      current = permits;
      return null;
    },
  };
}
