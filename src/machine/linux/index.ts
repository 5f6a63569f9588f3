import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { linuxCondition } from '../condition/linux.ts';
import { linuxDevices } from './devices.ts';
import { machineFactsOf } from '../facts.ts';
import type { Machine } from '../machine.ts';
import { uptimeClock } from '../uptime.ts';
import { accountNames } from './account-names.ts';
import { peerCredentials } from './peer-credentials.ts';
import { LinuxSessions } from './session-control.ts';
import { sessionEnvironment } from './session-environment.ts';
import { sessionOf } from './session.ts';

export function linuxMachine(): Machine {
  const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  const bootName = bootId.slice(0, 8);
  const clock = uptimeClock();
  const sessions = new LinuxSessions(bootName);
  return {
    hostname: hostname(),
    bootId,
    uptimeMs: clock.uptimeMs,
    // CLOCK_MONOTONIC stands still while the machine sleeps (clock_gettime(2)).
    awakeMs: clock.steadyMs,
    async peerOf(socket) {
      const { uid, processId } = await peerCredentials(socket);
      const [names, session] = await Promise.all([
        accountNames(uid),
        sessionOf(processId, bootName, uid, () => sessions.displaySessionOf(uid)),
      ]);
      return { account: { id: String(uid), ...names }, session, processId };
    },
    facts: machineFactsOf,
    sessionProcess: async ({ processId, account }) => ({
      processId,
      accountId: account.id,
      environment: await sessionEnvironment(processId),
    }),
    sessions,
    condition: linuxCondition(),
    devices: linuxDevices({ uptimeMs: clock.uptimeMs }),
  };
}
