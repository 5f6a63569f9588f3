import { uptime } from 'node:os';

/**
 * Milliseconds since boot that never go back. `os.uptime` counts sleep too: CLOCK_BOOTTIME on Linux (in 10 ms steps),
 * GetTickCount64 on Windows, kern.boottime on macOS (https://docs.libuv.org/en/v1.x/misc.html#c.uv_uptime).
 */
export function uptimeClock(): () => number {
  let latest = 0;
  return () => {
    latest = Math.max(latest, Math.round(uptime() * 1_000));
    return latest;
  };
}
