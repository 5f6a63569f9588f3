import type { EventCore } from '../../contract/event.ts';
import type { Posture } from '../../contract/machine-state.ts';
import type { Machine, SessionProcess } from '../../machine/index.ts';
import { canonicalJson } from '../../proof/canonical.ts';

/** The machine's start is busy enough. */
const firstAfterMs = 60_000;
const postureEveryMs = 6 * 60 * 60_000;
const inventoryEveryMs = 24 * 60 * 60_000;

export interface ConditionWatchOptions {
  machine: Pick<Machine, 'condition'>;
  /** What was last recorded, as canonical JSON; null where nothing was. */
  lastPosture: string | null;
  lastInventory: string | null;
  /** A session through which the desktop's own settings can be read. */
  process: () => SessionProcess | null;
  record(event: EventCore): void;
  onPosture(posture: Posture): void;
  firstAfterMs?: number;
}

/** Asks rarely how the machine is protected and what it is made of; records only what changed. */
export class ConditionWatch {
  readonly #options: ConditionWatchOptions;
  #posture: string | null;
  #inventory: string | null;
  #inventoryDueIn = 0;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(options: ConditionWatchOptions) {
    this.#options = options;
    this.#posture = options.lastPosture;
    this.#inventory = options.lastInventory;
  }

  start(): void {
    this.#timer = setTimeout(() => void this.#look(), this.#options.firstAfterMs ?? firstAfterMs);
  }

  close(): void {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    const { machine, process, record, onPosture } = this.#options;
    const posture = await machine.condition.posture(process());
    if (this.#closed) return;
    const text = canonicalJson(posture);
    if (text !== this.#posture) record({ type: 'machine.posture', data: posture });
    this.#posture = text;
    onPosture(posture);
    this.#inventoryDueIn -= postureEveryMs;
    if (this.#inventoryDueIn <= 0) {
      this.#inventoryDueIn = inventoryEveryMs;
      const inventory = await machine.condition.inventory();
      if (this.#closed) return;
      const made = canonicalJson(inventory);
      if (made !== this.#inventory) record({ type: 'machine.inventory', data: inventory });
      this.#inventory = made;
    }
    this.#timer = setTimeout(() => void this.#look(), postureEveryMs);
  }
}
