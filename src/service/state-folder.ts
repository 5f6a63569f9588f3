import { chmodSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** What the service keeps, in `<state>/service`. The journal's own files are in the same folder. */
export interface ServiceFolder {
  /** The state folder itself, as people name it. */
  readonly state: string;
  readonly folder: string;
  readonly lock: string;
  readonly enrolment: string;
  readonly policies: string;
  /** Where versions before 0.2 kept their one policy. */
  readonly olderPolicy: string;
  /** Versions that somebody accepted, by their hash. */
  readonly versions: string;
  readonly reading: string;
  readonly lastSync: string;
  readonly sessions: string;
  readonly permits: string;
  readonly devices: string;
  readonly position: string;
}

/** Others may pass through to the socket, and do nothing else. */
const passThrough = 0o711;

/** Makes the folder if it is not there. @throws Error of `node:fs`. */
export function openServiceFolder(stateFolder: string): ServiceFolder {
  const state = resolve(stateFolder);
  const folder = join(state, 'service');
  mkdirSync(folder, { recursive: true });
  if (process.platform !== 'win32') {
    chmodSync(state, passThrough);
    chmodSync(folder, passThrough);
  }
  return {
    state,
    folder,
    lock: join(folder, 'lock.sqlite'),
    enrolment: join(folder, 'enrolment.json'),
    policies: join(folder, 'policies.json'),
    olderPolicy: join(folder, 'policy.json'),
    versions: join(folder, 'versions'),
    reading: join(folder, 'reading.json'),
    lastSync: join(folder, 'last-sync.json'),
    sessions: join(folder, 'sessions.json'),
    permits: join(folder, 'permits.json'),
    devices: join(folder, 'devices.json'),
    position: join(folder, 'sync-position.json'),
  };
}
