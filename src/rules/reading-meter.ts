import type { Reading } from '../contract/acceptance.ts';

/** Time between two looks at the page counts for no more than this: a machine that slept was not reading. */
export const longestCountedGapMs = 2_000;

/** A reading being measured: whole seconds go into `reading`, the rest waits in `millisecondsOver`. */
export interface ReadingMeter {
  reading: Reading;
  millisecondsOver: number;
}

/** What one look at the page saw. */
export interface ReadingObservation {
  /** Since the look before, by a monotonic clock. */
  elapsedMs: number;
  /** The policy was on screen, not behind another page or a form. */
  visible: boolean;
  /** Its window had the focus: only then does time count. */
  focused: boolean;
  /** How far down the document the screen reaches, 0 to 100. */
  depthPercent: number;
  /** The same of what changed since the version accepted before; null where that is not shown. */
  changesPercent: number | null;
  /** Ids of the sections whose end was on screen. */
  sectionsSeen: readonly string[];
}

/** Starts from what was read before, such as before the machine restarted. */
export const meterFrom = (reading: Reading): ReadingMeter => ({ reading, millisecondsOver: 0 });

/** Adds one look at the page. Time, depth and sections only grow, and only while the policy is on screen. */
export function meterAfter(meter: ReadingMeter, seen: ReadingObservation): ReadingMeter {
  if (!seen.visible) return meter;
  const counted = seen.focused ? Math.min(Math.max(0, seen.elapsedMs), longestCountedGapMs) : 0;
  const milliseconds = meter.millisecondsOver + counted;
  const known = new Set(meter.reading.sectionsRead);
  const fresh = seen.sectionsSeen.filter((id) => !known.has(id));
  const depth = wholePercent(seen.depthPercent);
  const changes = [
    ...(meter.reading.changesPercent === undefined ? [] : [meter.reading.changesPercent]),
    ...(seen.changesPercent === null ? [] : [wholePercent(seen.changesPercent)]),
  ];
  return {
    millisecondsOver: milliseconds % 1_000,
    reading: {
      readSeconds: Math.min(86_400, meter.reading.readSeconds + Math.floor(milliseconds / 1_000)),
      depthPercent: Math.max(meter.reading.depthPercent, depth),
      ...(changes.length === 0 ? {} : { changesPercent: Math.max(...changes) }),
      sectionsRead:
        fresh.length === 0 ? meter.reading.sectionsRead : [...meter.reading.sectionsRead, ...fresh].slice(0, 1_000),
    },
  };
}

const wholePercent = (percent: number): number => Math.min(100, Math.max(0, Math.floor(percent)));
