import { setTimeout as pause } from 'node:timers/promises';
import { wantsRetry } from './faults.ts';

/** Tries of one transaction before the caller is told that the server is busy. */
const tries = 8;
/** Longest wait before the second try; it doubles from there. */
const firstWaitMs = 10;

/** Runs a transaction again, after a short wait of random length, while PostgreSQL ends it in favour of another. */
export async function retried<T>(work: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await work();
    } catch (error) {
      if (tried >= tries || !wantsRetry(error)) throw error;
      await pause(Math.ceil(Math.random() * firstWaitMs * 2 ** (tried - 1)));
    }
  }
}
