import { hostname } from 'node:os';
import type { MachineFacts } from '../contract/sync.ts';

/** What the machine is, for the inventory. Loaded only when asked for: the package is large and enrolment is rare. */
export async function machineFactsOf(agentVersion: string): Promise<MachineFacts> {
  const { osInfo, system } = await import('systeminformation');
  const [operating, hardware] = await Promise.all([osInfo(), system()]);
  const known = (value: string | undefined): string | null => {
    const text = (value ?? '').trim().slice(0, 200);
    return text === '' || text === '-' || /^(unknown|none|default string|to be filled)/i.test(text) ? null : text;
  };
  return {
    hostname: hostname().slice(0, 255),
    operatingSystem: `${operating.distro} ${operating.release} (${operating.arch})`.slice(0, 200),
    model: known(`${hardware.manufacturer} ${hardware.model}`),
    serial: known(hardware.serial),
    agentVersion: agentVersion.slice(0, 50),
  };
}
