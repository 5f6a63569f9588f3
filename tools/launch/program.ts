import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { z } from 'zod';

export const projectRoot = path.resolve(import.meta.dirname, '..', '..');

export interface Program {
  readonly name: string;
  readonly processId: number;
  /** Resolves with the exit code (or the signal's name) when it has ended. */
  readonly ended: Promise<number | string>;
  readonly logFile: string;
  /** Asks it to stop and waits; after `graceMs` it is ended. */
  stop(graceMs?: number): Promise<void>;
}

export interface ProgramStart {
  name: string;
  command: string;
  arguments: readonly string[];
  environment: Record<string, string>;
  logFolder: string;
}

/** The last lines of a log, for a message to a person. */
export function lastLines(logFile: string, count: number): string {
  try {
    return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
  } catch {
    return '';
  }
}

/**
 * Starts a program of ours in a process group of its own (so that Ctrl+C reaches only the launcher, which stops
 * them in order) and waits until it says it is ready: over Node's IPC channel, or in a line on standard output
 * that begins with `usher-ready `.
 * @throws Error with the program's own last words when it ends before that.
 */
export async function startProgram<T>(
  start: ProgramStart,
  ready: z.ZodType<T>,
): Promise<{ program: Program; ready: T }> {
  mkdirSync(start.logFolder, { recursive: true });
  const logFile = path.join(start.logFolder, `${start.name}.log`);
  const log = createWriteStream(logFile, { flags: 'a' });
  const child = spawn(start.command, start.arguments, {
    cwd: projectRoot,
    env: { ...process.env, ...start.environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  const ended = new Promise<number | string>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
    child.once('error', (error) => resolve(error.message));
  });
  void ended.then(() => log.end());
  const program: Program = {
    name: start.name,
    processId: child.pid ?? -1,
    ended,
    logFile,
    stop: (graceMs = 8_000) => stopChild(child, ended, graceMs),
  };
  return { program, ready: await firstReady(child, program, ready) };
}

async function stopChild(child: ChildProcess, ended: Promise<unknown>, graceMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await ended;
  clearTimeout(late);
}

const readyPrefix = 'usher-ready ';

function firstReady<T>(child: ChildProcess, program: Program, schema: z.ZodType<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const consider = (message: unknown) => {
      const parsed = schema.safeParse(message);
      if (parsed.success) resolve(parsed.data);
    };
    child.on('message', consider);
    if (child.stdout !== null) {
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (line.startsWith(readyPrefix)) consider(jsonOf(line.slice(readyPrefix.length)));
      });
    }
    void program.ended.then((code) => {
      const words = lastLines(program.logFile, 3);
      reject(new Error(`The ${program.name} ended (${code}) before it was ready.${words === '' ? '' : `\n${words}`}`));
    });
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
