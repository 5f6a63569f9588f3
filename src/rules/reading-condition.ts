import type { Reading } from '../contract/acceptance.ts';
import type { Policy } from '../contract/policy.ts';

/** Scrolling ends a few pixels short on scaled screens; from here on the end counts as reached. */
export const depthThatCountsAsEnd = 99;

/** What is still missing before Accept opens. */
export interface ReadingOutstanding {
  met: boolean;
  /** The end has still to be reached: of the document, or of what changed where that is enough. */
  toEnd: boolean;
  /** Seconds still to be spent reading. */
  seconds: number;
  of: 'document' | 'changes';
}

/**
 * Applies the policy's own reading condition to how far it was read.
 * @param changesShown what changed since the version accepted before stands before the document
 */
export function readingOutstanding(
  condition: Policy['reading'],
  reading: Reading,
  changesShown = false,
): ReadingOutstanding {
  const changes = changesShown ? condition.changesSuffice : undefined;
  const { minimumSeconds } = changes ?? condition;
  const depths = [reading.depthPercent, ...(changes === undefined ? [] : [reading.changesPercent ?? 0])];
  const toEnd = condition.toEnd && Math.max(...depths) < depthThatCountsAsEnd;
  const seconds = Math.max(0, minimumSeconds - reading.readSeconds);
  return { met: !toEnd && seconds === 0, toEnd, seconds, of: changes === undefined ? 'document' : 'changes' };
}

/** Joins two measurements of the same reading: nothing that was read becomes unread. */
export function furtherReading(earlier: Reading, later: Reading): Reading {
  const changes = [earlier.changesPercent, later.changesPercent].filter((one) => one !== undefined);
  return {
    readSeconds: Math.max(earlier.readSeconds, later.readSeconds),
    depthPercent: Math.max(earlier.depthPercent, later.depthPercent),
    ...(changes.length === 0 ? {} : { changesPercent: Math.max(...changes) }),
    sectionsRead: [...new Set([...earlier.sectionsRead, ...later.sectionsRead])],
  };
}
