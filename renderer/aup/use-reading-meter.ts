import { useEffect, useRef, useState } from 'react';
import { type Reading } from '../../src/contract/acceptance.ts';
import { meterAfter, meterFrom } from '../../src/rules/reading-meter.ts';
import { ask } from '../ui/bridge.ts';
import type { PlaceWatch } from '../ui/reading/index.ts';

const lookEveryMs = 500;
const reportEveryMs = 2_000;

/**
 * Measures how the policy is read and reports it to the service, at most every two seconds and when a section
 * was read. `changesDepth` is null where no changes are shown. Time counts while the page is visible and focused; `onScreen` is false while a form covers the policy.
 */
export function useReadingMeter(
  policyHash: string,
  start: Reading,
  place: PlaceWatch & { changesDepth: () => number | null },
  onScreen: boolean,
): Reading {
  const [reading, setReading] = useState(start);
  const meter = useRef(meterFrom(start));
  const look = useRef<(elapsedMs: number) => void>(() => undefined);
  const sent = useRef({ reading: start, at: 0 });

  useEffect(() => {
    const report = (now: number, atOnce: boolean) => {
      const latest = meter.current.reading;
      const before = sent.current;
      if (latest === before.reading) return;
      const sectionRead = latest.sectionsRead.length !== before.reading.sectionsRead.length;
      if (!atOnce && !sectionRead && now - before.at < reportEveryMs) return;
      sent.current = { reading: latest, at: now };
      void ask((shell) => shell.readingProgressed({ policyHash, reading: latest }));
    };
    look.current = (elapsedMs) => {
      const before = meter.current.reading;
      meter.current = meterAfter(meter.current, {
        elapsedMs,
        visible: onScreen && document.visibilityState === 'visible',
        focused: document.hasFocus(),
        depthPercent: onScreen ? place.depthNow() : 0,
        changesPercent: onScreen ? place.changesDepth() : null,
        sectionsSeen: onScreen ? place.takeSeen() : [],
      });
      const after = meter.current.reading;
      const same =
        after.readSeconds === before.readSeconds &&
        after.depthPercent === before.depthPercent &&
        after.changesPercent === before.changesPercent &&
        after.sectionsRead === before.sectionsRead;
      if (same) meter.current = { ...meter.current, reading: before };
      else setReading(after);
      report(performance.now(), document.visibilityState === 'hidden');
    };
  });

  useEffect(() => {
    let last = performance.now();
    const tick = () => {
      const now = performance.now();
      look.current(now - last);
      last = now;
    };
    const timer = setInterval(tick, lookEveryMs);
    // A first look as soon as the text is laid out: a policy shorter than the screen is read to the end at once.
    const soon = setTimeout(tick, 50);
    window.addEventListener('scrollend', tick);
    document.addEventListener('visibilitychange', tick);
    return () => {
      clearInterval(timer);
      clearTimeout(soon);
      window.removeEventListener('scrollend', tick);
      document.removeEventListener('visibilitychange', tick);
    };
  }, []);

  return reading;
}
