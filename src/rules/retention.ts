import type { KeepFor, RetentionCategory } from '../contract/retention.ts';

/** What a legal hold names. Ranges are ISO instants, both ends included; null is open. */
export interface HoldTerms {
  kind: 'person' | 'machine' | 'school';
  schoolId: string;
  personId: string | null;
  deviceId: string | null;
  from: string | null;
  to: string | null;
}

/** Something that is kept, as far as retention has to know it. Instants are ISO text in UTC. */
export interface KeptItem {
  schoolId: string;
  category: RetentionCategory;
  personId: string | null;
  deviceId: string | null;
  /** By the machine's own clock; null where it did not say. */
  at: string | null;
  /** By the server's clock. */
  receivedAt: string;
  /** When the person it is about was last seen on any machine; null where it is about nobody. */
  lastSeenAt: string | null;
}

/** The instant so many calendar months before `now`, in UTC; the 31st becomes the last day of a shorter month. */
export function monthsBefore(now: Date, months: number): string {
  const first = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months, 1));
  const lastDay = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(now.getUTCDate(), lastDay));
  first.setUTCHours(now.getUTCHours(), now.getUTCMinutes(), now.getUTCSeconds(), now.getUTCMilliseconds());
  return first.toISOString();
}

/**
 * Has it been kept for long enough? Counted by the server's clock: a machine's own may be wrong, and an acceptance must
 * not be removed because it was signed in "1970".
 */
export function isDue(item: KeptItem, keep: KeepFor, now: Date): boolean {
  const cutoff = monthsBefore(now, keep.months);
  if (item.receivedAt >= cutoff) return false;
  return keep.from === 'received' || item.lastSeenAt === null || item.lastSeenAt < cutoff;
}

const within = (instant: string, { from, to }: HoldTerms): boolean =>
  (from === null || instant >= from) && (to === null || instant <= to);

/** Does a hold keep this from being removed? Either clock inside the range is enough. */
export function holdCovers(hold: HoldTerms, item: Omit<KeptItem, 'category' | 'lastSeenAt'>): boolean {
  if (hold.schoolId !== item.schoolId) return false;
  if (hold.kind === 'person' && hold.personId !== item.personId) return false;
  if (hold.kind === 'machine' && hold.deviceId !== item.deviceId) return false;
  return within(item.receivedAt, hold) || (item.at !== null && within(item.at, hold));
}

/** What retention lets go of: everything that is due, and nothing a hold covers. */
export function mayRemove(item: KeptItem, keep: KeepFor, holds: readonly HoldTerms[], now: Date): boolean {
  return isDue(item, keep, now) && !holds.some((hold) => holdCovers(hold, item));
}

/** What an erasure of one person lets go of: everything of theirs, acceptances when asked to, nothing on hold. */
export function mayErase(
  item: Omit<KeptItem, 'lastSeenAt'>,
  erasure: { personId: string; keepAcceptances: boolean },
  holds: readonly HoldTerms[],
): boolean {
  if (item.personId !== erasure.personId) return false;
  if (erasure.keepAcceptances && item.category === 'acceptances') return false;
  return !holds.some((hold) => holdCovers(hold, item));
}

/** What applies to a school: its own choice, else the trust's, else what Usher comes with. */
export function keepInForce(own: KeepFor | undefined, trust: KeepFor | undefined, builtIn: KeepFor): KeepFor {
  return own ?? trust ?? builtIn;
}
