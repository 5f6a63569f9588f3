import { execFile } from 'node:child_process';
import type { SessionProcess } from './machine.ts';

/**
 * Runs a program as the session's own user, on its display and bus, with nothing of the service's environment.
 * @returns what it printed; null when it is not there, fails or takes longer than `timeoutMs`. Never rejects.
 */
export function runInSession(
  program: string,
  parameters: readonly string[],
  who: SessionProcess,
  timeoutMs = 1_500,
): Promise<string | null> {
  return new Promise((resolve) => {
    const options = {
      timeout: timeoutMs,
      maxBuffer: 256 * 1_024,
      encoding: 'utf8' as const,
      env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', ...who.environment },
      ...asUser(who),
    };
    execFile(program, parameters, options, (error, output) => resolve(error === null ? output : null));
  });
}

/** As root, programs of a session run as its user; otherwise as who runs this. */
export function asUser(who: SessionProcess): { uid?: number; gid?: number } {
  const uid = Number(who.accountId);
  if (process.getuid?.() !== 0 || !Number.isInteger(uid) || uid === 0) return {};
  return { uid, gid: uid };
}
