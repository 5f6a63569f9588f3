import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { serverReady } from '../../src/contract/launcher.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** The server as its own process, which can be killed. */
export interface ServerProcess {
  origin: string;
  signInLink: string;
  /** Resolves with the exit code, or the name of the signal that ended it. */
  ended: Promise<number | string>;
  signal(name: 'SIGTERM' | 'SIGHUP'): void;
  /** SIGKILL: nothing more of it runs. Resolves when it is gone. */
  kill(): Promise<void>;
  /** What it wrote to its standard error. */
  errors(): string;
}

/**
 * Starts the server's own program and waits until it says that it is ready.
 * @param environment its settings; `USHER_STATE` is a folder of the caller's.
 * @param built run the build in `dist/` instead of the source.
 * @throws Error with its last words when it ends before that, or is not ready within three minutes.
 */
export async function startServerProcess(
  environment: Record<string, string>,
  { built = false } = {},
): Promise<ServerProcess> {
  const program = path.join(root, built ? 'dist/server/main.js' : 'src/server/main.ts');
  if (!existsSync(program)) throw new Error(`${program} is not there. Run npm run build first.`);
  const child = spawn(process.execPath, [program], {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', USHER_SERVER_PORT: '0', USHER_POLL_SECONDS: '1', ...environment },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(-8_000)));
  const ended = new Promise<number | string>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  const ready = await readyOrEnded(child, ended, () => errors);
  return {
    ...ready,
    ended,
    signal: (name) => void child.kill(name),
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    errors: () => errors,
  };
}

async function readyOrEnded(child: ChildProcess, ended: Promise<number | string>, errors: () => string) {
  return await new Promise<{ origin: string; signInLink: string }>((resolve, reject) => {
    const late = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`The server was not ready within three minutes. ${errors()}`));
    }, 180_000);
    child.on('message', (message) => {
      const read = serverReady.safeParse(message);
      if (!read.success) return;
      clearTimeout(late);
      resolve({ origin: read.data.origin, signInLink: read.data.signInLink });
    });
    void ended.then((how) => {
      clearTimeout(late);
      reject(new Error(`The server ended (${how}) before it was ready. ${errors()}`));
    });
  });
}
