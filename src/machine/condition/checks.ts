import type { PostureCheck, ScreenLockSetting } from '../../contract/machine-state.ts';
import type { PostureCheckName } from '../../contract/policy-rules.ts';

export type Answer = Omit<PostureCheck, 'name'>;

export const good = (detail: string): Answer => ({ state: 'good', detail });
export const bad = (detail: string): Answer => ({ state: 'bad', detail });
export const unknown = (detail: string): Answer => ({ state: 'unknown', detail });

export function named(name: PostureCheckName, { state, detail }: Answer): PostureCheck {
  return { name, state, detail: detail.slice(0, 300) };
}

/** How many updates wait, as every system's check says it. */
export function updatesAnswer(waiting: number): Answer {
  if (waiting === 0) return good('No updates are waiting.');
  return waiting === 1
    ? bad('1 update is waiting; install it when nobody is at the machine.')
    : bad(`${waiting} updates are waiting; install them when nobody is at the machine.`);
}

/** The check that goes with the screen lock setting. */
export function screenLockAnswer(setting: ScreenLockSetting | null): Answer {
  if (setting === null) return unknown('The system does not say when its own screen lock sets in.');
  return setting.afterSeconds === null
    ? bad(`The system's own screen lock is off (${setting.source}); switch it on.`)
    : good(`The system's own screen lock sets in after ${setting.afterSeconds} seconds (${setting.source}).`);
}

const dayMs = 24 * 60 * 60_000;

/** Virus signatures older than this are out of date. */
const signaturesGoodForDays = 7;

export function signaturesAnswer(product: string, ageDays: number): Answer {
  const age = ageDays === 1 ? '1 day' : `${ageDays} days`;
  return ageDays <= signaturesGoodForDays
    ? good(`${product} runs; its signatures are ${age} old.`)
    : bad(`${product} runs, but its signatures are ${age} old; find out why it does not update.`);
}

/** Whole days from an instant until now; never negative. */
export const daysSince = (thenMs: number, nowMs: number): number => Math.max(0, Math.floor((nowMs - thenMs) / dayMs));
