import type { Reading } from '../contract/acceptance.ts';
import type { Policy } from '../contract/policy.ts';

/** Scrolling ends a few pixels short on scaled screens; from here on the end counts as reached. */
export const depthThatCountsAsEnd = 99;

/** What is still missing before Accept opens. */
export interface ReadingOutstanding {
  met: boolean;
  /** The end of the document has still to be reached. */
  toEnd: boolean;
  /** Seconds still to be spent reading. */
  seconds: number;
}

/** Applies the policy's own reading condition to how far it was read. */
export function readingOutstanding(condition: Policy['reading'], reading: Reading): ReadingOutstanding {
  const toEnd = condition.toEnd && reading.depthPercent < depthThatCountsAsEnd;
  const seconds = Math.max(0, condition.minimumSeconds - reading.readSeconds);
  return { met: !toEnd && seconds === 0, toEnd, seconds };
}

/** Joins two measurements of the same reading: nothing that was read becomes unread. */
export function furtherReading(earlier: Reading, later: Reading): Reading {
  return {
    readSeconds: Math.max(earlier.readSeconds, later.readSeconds),
    depthPercent: Math.max(earlier.depthPercent, later.depthPercent),
    sectionsRead: [...new Set([...earlier.sectionsRead, ...later.sectionsRead])],
  };
}
