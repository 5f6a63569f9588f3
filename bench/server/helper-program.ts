import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';

/** Runs a program of this folder in a process of its own, gives it an order, and returns its outcome. */
export function runHelper<T>(name: string, order: unknown, outcome: z.ZodType<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL(name, import.meta.url)), {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    child.once('message', () => child.send(order as object));
    child.on('message', (message) => {
      const parsed = outcome.safeParse(message);
      if (parsed.success) resolve(parsed.data);
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code !== 0) reject(new Error(`${name} ended with ${String(code)}; what it said is above.`));
    });
  });
}
