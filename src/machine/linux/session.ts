import { readFile } from 'node:fs/promises';

/** What the kernel's audit system says for a process outside any sign-in (audit(7)). */
const unset = '4294967295';

/**
 * The sign-in a process belongs to: logind's session (its cgroup), else the audit session, else the boot.
 * Session numbers start over at boot, so the boot is part of the name.
 */
export async function sessionOf(processId: number, bootId: string): Promise<string> {
  const boot = bootId.slice(0, 8);
  const cgroup = await readFile(`/proc/${processId}/cgroup`, 'utf8').catch(() => '');
  const scope = /session-([A-Za-z0-9]+)\.scope/.exec(cgroup)?.[1];
  if (scope !== undefined) return `${boot}-${scope}`;
  const audit = (await readFile(`/proc/${processId}/sessionid`, 'utf8').catch(() => unset)).trim();
  return audit === unset || audit === '' ? `boot-${boot}` : `${boot}-a${audit}`;
}
