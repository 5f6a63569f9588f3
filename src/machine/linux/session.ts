import { readFile } from 'node:fs/promises';

/** What the kernel's audit system says for a process outside any sign-in (audit(7)). */
const unset = '4294967295';

/** logind's session out of a process's cgroups: systemd's scope, or elogind's own hierarchy; null where there is none. */
export function cgroupSession(cgroup: string): string | null {
  return (
    /session-([A-Za-z0-9]+)\.scope/.exec(cgroup)?.[1] ?? /name=elogind:\/([A-Za-z0-9]+)$/m.exec(cgroup)?.[1] ?? null
  );
}

/**
 * The sign-in a process belongs to: logind's session (its cgroup), else the session in which its user has the desktop
 * (programs of a desktop run beside it, under `user@.service`), else the audit session, else the boot and the user.
 * @param bootName begins the name, because session numbers start over at boot.
 */
export async function sessionOf(
  processId: number,
  bootName: string,
  uid: number,
  displaySession: () => Promise<string | null>,
): Promise<string> {
  const scope = cgroupSession(await readFile(`/proc/${processId}/cgroup`, 'utf8').catch(() => ''));
  if (scope !== null) return `${bootName}-${scope}`;
  const display = await displaySession();
  if (display !== null) return display;
  const audit = (await readFile(`/proc/${processId}/sessionid`, 'utf8').catch(() => unset)).trim();
  return audit === unset || audit === '' ? `boot-${bootName}-u${uid}` : `${bootName}-a${audit}`;
}
