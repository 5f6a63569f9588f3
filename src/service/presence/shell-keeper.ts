import type { EventCore } from '../../contract/event.ts';
import type { Machine } from '../../machine/index.ts';
import type { ServiceLog } from '../service-log.ts';
import type { Seat } from './seat.ts';

/** A shell that ends because its session does is no loss; the session is gone by then. */
const graceMs = 1_500;
/** Waits between attempts to start it again. */
const waitsMs = [0, 5_000, 10_000, 30_000, 60_000];

interface Loss {
  sinceMs: number;
  attempts: number;
  timer: NodeJS.Timeout;
  told: boolean;
}

export interface ShellKeeperOptions {
  /** The installed shell; null: nothing is started again. */
  program: string | null;
  machine: Pick<Machine, 'sessions'>;
  uptimeMs: () => number;
  log: ServiceLog;
  record(seat: Seat, event: EventCore): void;
}

/** Starts the shell again in sessions where it was ended. */
export class ShellKeeper {
  readonly #options: ShellKeeperOptions;
  readonly #losses = new Map<Seat, Loss>();

  constructor(options: ShellKeeperOptions) {
    this.#options = options;
  }

  lost(seat: Seat): void {
    if (this.#losses.has(seat)) return;
    const timer = setTimeout(() => void this.#restart(seat), graceMs);
    this.#losses.set(seat, { sinceMs: this.#options.uptimeMs(), attempts: 0, timer, told: false });
  }

  back(seat: Seat): void {
    const loss = this.#losses.get(seat);
    if (loss === undefined) return;
    this.forget(seat);
    if (loss.attempts === 0) return;
    const afterMs = Math.round(this.#options.uptimeMs() - loss.sinceMs);
    this.#options.record(seat, { type: 'shell.restarted', data: { afterMs, attempts: loss.attempts } });
  }

  /** The session ended, or the service does. */
  forget(seat: Seat): void {
    clearTimeout(this.#losses.get(seat)?.timer);
    this.#losses.delete(seat);
  }

  close(): void {
    for (const seat of [...this.#losses.keys()]) this.forget(seat);
  }

  async #restart(seat: Seat): Promise<void> {
    const loss = this.#losses.get(seat);
    if (loss === undefined) return;
    if (!loss.told) {
      loss.told = true;
      this.#options.record(seat, { type: 'shell.lost', data: {} });
    }
    const { program, machine, log } = this.#options;
    if (program === null || seat.process === null) return;
    loss.attempts += 1;
    try {
      await machine.sessions.startShell(program, seat.process);
    } catch (error) {
      log.error('The shell could not be started again', {
        why: error instanceof Error ? error.message : String(error),
      });
    }
    const waitMs = waitsMs[Math.min(loss.attempts, waitsMs.length - 1)] ?? 60_000;
    if (this.#losses.get(seat) === loss) loss.timer = setTimeout(() => void this.#restart(seat), waitMs);
  }
}
