import { execFile, execFileSync } from 'node:child_process';
import type { Socket } from 'node:net';
import { hostname } from 'node:os';
import { promisify } from 'node:util';
import { macCondition } from '../condition/macos.ts';
import { macDevices } from './devices.ts';
import { machineFactsOf } from '../facts.ts';
import type { Machine } from '../machine.ts';
import { passwordEntry } from '../password-entry.ts';
import { descriptorOf } from '../socket-descriptor.ts';
import { uptimeClock } from '../uptime.ts';
import { macSessions } from './session-control.ts';

const run = promisify(execFile);
/** sys/un.h */
const SOL_LOCAL = 0;
const LOCAL_PEERPID = 2;

/** Written from Apple's headers and manual pages; it has not been run on a Mac yet. One session per boot and account. */
export function macMachine(): Machine {
  const bootId = execFileSync('/usr/sbin/sysctl', ['-n', 'kern.bootsessionuuid'], { encoding: 'utf8' }).trim();
  const clock = uptimeClock();
  const nameOf = (uid: number): string => `boot-${bootId.slice(0, 8)}-u${uid}`;
  return {
    hostname: hostname(),
    bootId,
    uptimeMs: clock.uptimeMs,
    // Whether Node's clock stands still during sleep depends on the version of macOS.
    awakeMs: () => null,
    async peerOf(socket) {
      const { uid, processId } = await peerCredentials(socket);
      // `id -P` prints name:password:uid:gid:class:change:expire:full name:home:shell (id(1)).
      const line = await run('/usr/bin/id', ['-P', String(uid)], { timeout: 5_000 }).catch(() => ({ stdout: '' }));
      const names = passwordEntry(line.stdout, uid, 7) ?? { name: `uid-${uid}`, fullName: `uid-${uid}` };
      return { account: { id: String(uid), ...names }, session: nameOf(uid), processId };
    },
    facts: machineFactsOf,
    sessionProcess: ({ processId, account }) => Promise.resolve({ processId, accountId: account.id, environment: {} }),
    sessions: macSessions(nameOf),
    condition: macCondition(),
    devices: macDevices({ uptimeMs: clock.uptimeMs }),
  };
}

/** getpeereid(3) and `LOCAL_PEERPID` of unix(4). */
async function peerCredentials(socket: Socket): Promise<{ uid: number; processId: number }> {
  const { default: koffi } = await import('koffi');
  const system = koffi.load('/usr/lib/libSystem.B.dylib');
  const getpeereid = system.func('int getpeereid(int socket, _Out_ uint32_t *uid, _Out_ uint32_t *gid)');
  const getsockopt = system.func(
    'int getsockopt(int socket, int level, int option, _Out_ int32_t *value, _Inout_ uint32_t *length)',
  );
  const descriptor = descriptorOf(socket);
  const uid = new Uint32Array(1);
  const processId = new Int32Array(1);
  if (getpeereid(descriptor, uid, new Uint32Array(1)) !== 0) {
    throw new Error('The system did not say which account opened the connection');
  }
  getsockopt(descriptor, SOL_LOCAL, LOCAL_PEERPID, processId, [processId.byteLength]);
  return { uid: uid[0] ?? 0xffff_ffff, processId: processId[0] ?? 0 };
}
