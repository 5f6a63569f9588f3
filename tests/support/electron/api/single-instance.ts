import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { isRunning } from '../chromium/profile.ts';

const lockSchema = z.object({ processId: z.int(), socket: z.string() });
const argvSchema = z.array(z.string());

export interface SingleInstance {
  /** True for the first. */
  isFirst: boolean;
  /** Resolves once the first was told about this second start. */
  told: Promise<void>;
  release(): void;
}

/** Decides at once, by a file in `userData`, whether this is the first; a second hands its arguments to the first. */
export function claimSingleInstance(userData: string, onSecond: (argv: string[]) => void): SingleInstance {
  mkdirSync(userData, { recursive: true });
  const file = join(userData, 'standin.lock');
  const socket = socketFor(userData);
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      writeFileSync(file, JSON.stringify({ processId: process.pid, socket }), { flag: 'wx' });
      return first(file, socket, onSecond);
    } catch {
      const other = readLock(file);
      if (other !== null && isRunning(other.processId)) {
        return { isFirst: false, told: tell(other.socket), release: () => undefined };
      }
      rmSync(file, { force: true });
    }
  }
  throw new Error(`The lock ${file} can neither be taken nor read.`);
}

function first(file: string, socket: string, onSecond: (argv: string[]) => void): SingleInstance {
  if (process.platform !== 'win32') rmSync(socket, { force: true });
  const server = createServer((client) => {
    let text = '';
    client.setEncoding('utf8');
    client.on('data', (part: string) => (text += part));
    client.on('error', () => undefined);
    client.on('end', () => {
      const argv = argvSchema.safeParse(JSON.parse(text));
      if (argv.success) onSecond(argv.data);
      client.end();
    });
  });
  server.listen(socket).unref();
  return {
    isFirst: true,
    told: Promise.resolve(),
    release() {
      server.close();
      rmSync(file, { force: true });
    },
  };
}

function tell(socket: string): Promise<void> {
  return new Promise((resolve) => {
    const client = connect(socket, () => client.end(JSON.stringify(process.argv)));
    client.on('close', () => resolve());
    client.on('error', () => resolve());
    client.resume();
  });
}

function readLock(file: string): z.infer<typeof lockSchema> | null {
  try {
    const parsed = lockSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** In the temporary folder, because a socket's path may only be about 100 bytes long. */
function socketFor(userData: string): string {
  const short = createHash('sha256').update(userData).digest('hex').slice(0, 16);
  return process.platform === 'win32' ? `\\\\.\\pipe\\standin-${short}` : join(tmpdir(), `standin-${short}.sock`);
}
