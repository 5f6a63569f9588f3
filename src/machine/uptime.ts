import { uptime } from 'node:os';

export interface UptimeClock {
  /** Milliseconds since boot, sleep included. Never goes back. */
  uptimeMs(): number;
  /** The same without the time asleep, by a clock that stands still then; only differences mean something. */
  steadyMs(): number;
}

/**
 * Milliseconds since boot to a fraction of one. `os.uptime` counts sleep too: CLOCK_BOOTTIME on Linux, GetTickCount64 on
 * Windows, kern.boottime on macOS (https://docs.libuv.org/en/v1.x/misc.html#c.uv_uptime), but coarsely; in between
 * `process.hrtime` goes on, which stands still during sleep on Linux (CLOCK_MONOTONIC, clock_gettime(2)). A coarse clock
 * is behind the true one by up to a step (10 ms on Linux) and is read first, so the largest lead seen is nearest to the truth.
 */
export function uptimeClock(
  coarseMs: () => number = () => uptime() * 1_000,
  steadyMs: () => number = () => Number(process.hrtime.bigint()) / 1e6,
): UptimeClock {
  let aheadMs = coarseMs() - steadyMs();
  let latest = 0;
  return {
    uptimeMs() {
      const coarse = coarseMs();
      const steady = steadyMs();
      aheadMs = Math.max(aheadMs, coarse - steady);
      latest = Math.max(latest, steady + aheadMs);
      return latest;
    },
    steadyMs,
  };
}
