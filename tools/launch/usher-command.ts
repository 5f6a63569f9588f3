import { spawn } from 'node:child_process';
import path from 'node:path';
import { projectRoot } from './program.ts';

export interface CommandResult {
  code: number;
  output: string;
  errors: string;
}

/** Runs the built `usher` command and waits for it. */
export async function usherCommand(
  args: readonly string[],
  environment: Record<string, string>,
): Promise<CommandResult> {
  const child = spawn(process.execPath, [path.join(projectRoot, 'dist/cli/usher.js'), ...args], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve(status ?? 1));
  });
  return { code, output, errors };
}
