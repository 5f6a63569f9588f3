import { execFile } from 'node:child_process';

/** Runs one of the system's own programs. @returns what it printed; null when it is missing, fails or takes too long. */
export function runSystem(program: string, parameters: readonly string[], timeoutMs = 3_000): Promise<string | null> {
  return new Promise((resolve) => {
    const options = { timeout: timeoutMs, maxBuffer: 1_024 * 1_024, encoding: 'utf8' as const, windowsHide: true };
    execFile(program, parameters, options, (error, output) => resolve(error === null ? output : null));
  });
}
