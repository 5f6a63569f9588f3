import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { machineFactsOf } from '../facts.ts';
import type { Machine } from '../machine.ts';
import { uptimeClock } from '../uptime.ts';
import { accountNames } from './account-names.ts';
import { peerCredentials } from './peer-credentials.ts';
import { sessionOf } from './session.ts';

export function linuxMachine(): Machine {
  const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return {
    hostname: hostname(),
    bootId,
    uptimeMs: uptimeClock(),
    async peerOf(socket) {
      const { uid, processId } = await peerCredentials(socket);
      const [names, session] = await Promise.all([accountNames(uid), sessionOf(processId, bootId)]);
      return { account: { id: String(uid), ...names }, session, processId };
    },
    facts: machineFactsOf,
  };
}
