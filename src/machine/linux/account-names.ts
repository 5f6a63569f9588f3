import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { passwordEntry, type PasswordEntry } from '../password-entry.ts';

const run = promisify(execFile);

/** Names of a uid: from /etc/passwd, else from wherever the system keeps its accounts (getent: LDAP, SSSD, systemd). */
export async function accountNames(uid: number): Promise<PasswordEntry> {
  const local = passwordEntry(await readFile('/etc/passwd', 'utf8').catch(() => ''), uid);
  if (local !== null) return local;
  const asked = await run('getent', ['passwd', String(uid)], { timeout: 5_000 }).catch(() => ({ stdout: '' }));
  return passwordEntry(asked.stdout, uid) ?? { name: `uid-${uid}`, fullName: `uid-${uid}` };
}
