import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from './program.ts';

const electronFolder = path.join(projectRoot, 'node_modules', 'electron');
const triedMark = path.join(projectRoot, 'node_modules', '.electron-not-fetched');
/** How long a failed download is not tried again. */
const retryAfterMs = 24 * 3_600_000;
const downloadTimeoutMs = 300_000;

/** Path of Electron's program if it is installed, else null. */
export function electronProgram(): string | null {
  const pathFile = path.join(electronFolder, 'path.txt');
  if (!existsSync(pathFile)) return null;
  const program = path.join(electronFolder, 'dist', readFileSync(pathFile, 'utf8').trim());
  return existsSync(program) ? program : null;
}

/**
 * Installs Electron's program, which its npm package fetches separately from GitHub.
 * @returns why it could not be had, or null when it is there.
 */
export async function fetchElectronProgram(now: Date, tell: (line: string) => void): Promise<string | null> {
  if (electronProgram() !== null) return null;
  if (existsSync(triedMark)) {
    const triedAt = Date.parse(readFileSync(triedMark, 'utf8'));
    if (now.getTime() - triedAt < retryAfterMs) return "Electron's program could not be downloaded earlier today";
  }
  tell("Fetching Electron's program …");
  const child = spawn(process.execPath, [path.join(electronFolder, 'install.js')], {
    cwd: electronFolder,
    stdio: 'ignore',
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), downloadTimeoutMs);
  await new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  clearTimeout(timer);
  if (electronProgram() !== null) return null;
  writeFileSync(triedMark, now.toISOString());
  return "Electron's program could not be downloaded";
}
