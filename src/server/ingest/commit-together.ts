import { setTimeout as pause } from 'node:timers/promises';
import type { Transaction } from 'kysely';
import { takeNumbers } from '../store/counters.ts';
import type { Store } from '../store/database.ts';
import { engineOf } from '../store/engine.ts';
import type { Tables } from '../store/tables.ts';
import { inLockedTransaction } from './lock-machine.ts';

/** Work inside a transaction. It may run a second time, so it must change nothing but the transaction. */
type Work<T> = (transaction: Transaction<Tables>) => Promise<T>;
/** Runs work in a transaction and returns its result once that is committed. `rows`: how many it is about. */
export type CommitTogether = <T>(rows: number, work: Work<T>) => Promise<T>;

/** Rows of one shared transaction: a commit's wait for the disk is little against them, and none waits long for others. */
const mostRows = 2_000;
/**
 * The least and the most time between the end of one commit and the next; between them, as long as the last one took.
 * SQLite works while everything else in this process stands still, and in each turn of its loop Node takes up one new
 * connection only (libuv 1.45 and newer): commits without a pause between them would hold one exchange each, however
 * many wait outside, and each would wait for the disk anew. Who comes when it is quiet waits for nothing.
 */
const gatherMs = { least: 10, most: 200 };
/** What a batch costs besides its records, counted in rows. */
const rowsBeside = 10;

interface Waiting {
  size: number;
  /** Runs the work; the returned call hands its result to the one who waits, once committed. */
  run(transaction: Transaction<Tables>): Promise<() => void>;
  fail(error: unknown): void;
}

/**
 * Commits the work of several requests in one transaction: the disk is waited for once. Everything that came while a
 * transaction was under way makes the next one. Nobody gets a result before the shared commit; when anything in it
 * fails, nothing of it was done, and each piece is done again in a transaction of its own, so that only the one with the
 * fault fails.
 */
export function commitTogether(store: Store, trustId: string): CommitTogether {
  const waiting: Waiting[] = [];
  let running = false;
  let nextAt = Number.NEGATIVE_INFINITY;

  const inTransaction = <T>(work: Work<T>): Promise<T> =>
    inLockedTransaction(store, async (transaction) => {
      // Other processes' batches wait here, before they hold anything that a later piece of this transaction may want.
      if (engineOf(store) === 'postgres') await takeNumbers(transaction, trustId, 'event', 0);
      return await work(transaction);
    });

  const alone = async (piece: Waiting): Promise<void> => {
    try {
      const answer = await inTransaction((transaction) => piece.run(transaction));
      answer();
    } catch (error) {
      piece.fail(error);
    }
  };
  const shared = async (pieces: readonly Waiting[]): Promise<void> => {
    let answers: (() => void)[];
    try {
      answers = await inTransaction(async (transaction) => {
        const done: (() => void)[] = [];
        for (const piece of pieces) done.push(await piece.run(transaction));
        return done;
      });
    } catch {
      for (const piece of pieces) await alone(piece);
      return;
    }
    for (const answer of answers) answer();
  };
  const next = (): Waiting[] => {
    let rows = 0;
    const over = waiting.findIndex(({ size }) => (rows += size) > mostRows);
    return waiting.splice(0, over < 0 ? waiting.length : Math.max(1, over));
  };
  const work = async (): Promise<void> => {
    running = true;
    while (waiting.length > 0) {
      // Without a rest, too, what arrived in this turn of the loop comes along.
      await pause(Math.max(0, nextAt - performance.now()));
      const began = performance.now();
      const pieces = next();
      const [only] = pieces;
      if (only !== undefined && pieces.length === 1) await alone(only);
      else await shared(pieces);
      const ended = performance.now();
      nextAt = ended + Math.min(gatherMs.most, Math.max(gatherMs.least, ended - began));
    }
    running = false;
  };

  return (rows, run) =>
    new Promise((resolve, reject) => {
      waiting.push({
        size: rows + rowsBeside,
        fail: reject,
        run: async (transaction) => {
          const result = await run(transaction);
          return () => resolve(result);
        },
      });
      if (!running) void work();
    });
}
