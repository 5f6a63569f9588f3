import { execFileSync } from 'node:child_process';
import { hostname, uptime } from 'node:os';
import { windowsCondition } from '../condition/windows.ts';
import { windowsDevices } from './devices.ts';
import { machineFactsOf } from '../facts.ts';
import type { Machine } from '../machine.ts';
import { uptimeClock } from '../uptime.ts';
import { windowsPipe } from './pipe.ts';
import { windowsSessions } from './session-control.ts';

/** Counts boots; read with reg.exe so that nothing else is needed. */
const bootCounter = String.raw`HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\Memory Management\PrefetchParameters`;

export function windowsMachine(): Machine {
  const bootId = readBootId();
  const pipe = windowsPipe();
  const clock = uptimeClock();
  const nameOf = (number: number): string => `boot-${bootId}-${number}`;
  return {
    hostname: hostname(),
    bootId,
    uptimeMs: clock.uptimeMs,
    // The performance counter goes on during sleep.
    awakeMs: () => null,
    listen: (path, onConnection) => pipe.listen(path, onConnection),
    async peerOf(socket) {
      const { sid, name, processId, sessionNumber } = await pipe.peerOf(socket);
      return {
        account: { id: sid, name, fullName: name },
        session: nameOf(sessionNumber),
        processId,
      };
    },
    facts: machineFactsOf,
    sessionProcess: ({ processId, account }) => Promise.resolve({ processId, accountId: account.id, environment: {} }),
    sessions: windowsSessions(nameOf),
    condition: windowsCondition(),
    devices: windowsDevices({ uptimeMs: clock.uptimeMs }),
  };
}

/** The boot counter, or the minute of the boot where Windows does not keep the counter. */
function readBootId(): string {
  try {
    const answer = execFileSync('reg.exe', ['query', bootCounter, '/v', 'BootId'], {
      encoding: 'utf8',
      timeout: 5_000,
    });
    const value = /REG_DWORD\s+0x([0-9a-f]+)/i.exec(answer)?.[1];
    if (value !== undefined) return String(Number.parseInt(value, 16));
  } catch {
    // No such value: fall through to the time of the boot.
  }
  return `at-${Math.round((Date.now() / 1_000 - uptime()) / 60)}`;
}
