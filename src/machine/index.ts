import type { Machine } from './machine.ts';

export { DeviceGone } from './machine.ts';
export type {
  DescribedInterface,
  DeviceControl,
  DeviceEvent,
  DriveFacts,
  LockAsked,
  Machine,
  MachineCondition,
  OsSession,
  OsSessionEvent,
  Peer,
  PeerListener,
  SeenDevice,
  SessionControl,
  SessionProcess,
} from './machine.ts';

/**
 * The machine this program runs on.
 * @throws Error on a system Usher has no folder for.
 */
export async function thisMachine(platform: NodeJS.Platform = process.platform): Promise<Machine> {
  switch (platform) {
    case 'linux':
      return (await import('./linux/index.ts')).linuxMachine();
    case 'darwin':
      return (await import('./macos/index.ts')).macMachine();
    case 'win32':
      return (await import('./windows/index.ts')).windowsMachine();
    default:
      throw new Error(`Usher runs on Linux, Windows and macOS, not on ${platform}.`);
  }
}
