/** So many wrong codes are free; after each further one the wait doubles. */
const freeAttempts = 5;
const firstWaitMs = 30_000;
const longestWaitMs = 60 * 60_000;

/** Makes guessing codes slow. What was wrong is remembered across restarts; a restart does not shorten a wait. */
export class CodeAttempts {
  readonly #uptimeMs: () => number;
  #wrong: number;
  #notBeforeMs: number;
  #saidSo = false;

  constructor(uptimeMs: () => number, wrongCodes: number) {
    this.#uptimeMs = uptimeMs;
    this.#wrong = wrongCodes;
    this.#notBeforeMs = uptimeMs() + waitMs(wrongCodes);
  }

  get wrongCodes(): number {
    return this.#wrong;
  }

  waitSeconds(): number {
    return Math.max(0, Math.ceil((this.#notBeforeMs - this.#uptimeMs()) / 1_000));
  }

  wrong(): void {
    this.#wrong += 1;
    this.#notBeforeMs = this.#uptimeMs() + waitMs(this.#wrong);
    this.#saidSo = false;
  }

  right(): void {
    this.#wrong = 0;
    this.#notBeforeMs = 0;
  }

  /** @returns whether this is the first refusal of this wait: one is recorded, not a flood of them. */
  refuseOnce(): boolean {
    const first = !this.#saidSo;
    this.#saidSo = true;
    return first;
  }
}

function waitMs(wrong: number): number {
  if (wrong < freeAttempts) return 0;
  return Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(20, wrong - freeAttempts));
}
