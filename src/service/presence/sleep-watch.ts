/** How late a tick may be before the machine must have slept, where no clock tells. */
const lateMs = 10_000;
const leastMs = 1_000;

export interface SleepWatch {
  /** Milliseconds the machine was asleep since the last look; 0 when it was not. */
  look(): number;
}

/**
 * Notices that the machine slept: by a clock that stands still then, else by a tick of `tickMs` that came much too late
 * (`look` has to be called at every tick in that case).
 */
export function sleepWatch(clock: { uptimeMs(): number; awakeMs(): number | null }, tickMs: number): SleepWatch {
  let last = { uptimeMs: clock.uptimeMs(), awakeMs: clock.awakeMs() };
  return {
    look() {
      const now = { uptimeMs: clock.uptimeMs(), awakeMs: clock.awakeMs() };
      const passedMs = now.uptimeMs - last.uptimeMs;
      const asleepMs =
        now.awakeMs !== null && last.awakeMs !== null
          ? passedMs - (now.awakeMs - last.awakeMs)
          : passedMs > tickMs + lateMs
            ? passedMs - tickMs
            : 0;
      last = now;
      return asleepMs >= leastMs ? asleepMs : 0;
    },
  };
}
