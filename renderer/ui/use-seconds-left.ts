import { useEffect, useState } from 'react';
import type { Instant } from '../../src/contract/primitives.ts';

/** Whole seconds until an instant by this machine's clock, never below 0; changes exactly with each second. */
export function useSecondsLeft(until: Instant): number {
  const [now, setNow] = useState(() => Date.now());
  const leftMs = Math.max(0, Date.parse(until) - now);
  useEffect(() => {
    if (leftMs === 0) return;
    const timer = setTimeout(() => setNow(Date.now()), (leftMs % 1_000) + 5);
    return () => clearTimeout(timer);
  }, [leftMs]);
  return Math.ceil(leftMs / 1_000);
}
