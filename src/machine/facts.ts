import { hostname } from 'node:os';
import type { MachineFacts } from '../contract/sync.ts';
import { knownText } from './known-text.ts';

/** What the machine is, for the inventory. Loaded only when asked for: the package is large and enrolment is rare. */
export async function machineFactsOf(agentVersion: string): Promise<MachineFacts> {
  const { osInfo, system } = await import('systeminformation');
  const [operating, hardware] = await Promise.all([osInfo(), system()]);
  return {
    hostname: hostname().slice(0, 255),
    operatingSystem: `${operating.distro} ${operating.release} (${operating.arch})`.slice(0, 200),
    model: knownText(`${hardware.manufacturer} ${hardware.model}`, 200),
    serial: knownText(hardware.serial, 200),
    agentVersion: agentVersion.slice(0, 50),
  };
}
