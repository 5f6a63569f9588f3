import { z } from 'zod';
import type { OsSession } from '../machine.ts';

/** A D-Bus variant as the library gives it: a value beside its signature. */
const variant = <T extends z.ZodType>(value: T) =>
  z.preprocess((raw) => (typeof raw === 'object' && raw !== null && 'value' in raw ? raw.value : raw), value);

/**
 * What Usher reads of `org.freedesktop.login1.Session`
 * (https://www.freedesktop.org/software/systemd/man/org.freedesktop.login1.html).
 */
export const sessionProperties = z.object({
  Id: variant(z.string().min(1).max(100)),
  User: variant(z.tuple([z.number().int(), z.string()])),
  Name: variant(z.string()),
  Class: variant(z.string()),
  Type: variant(z.string()),
  Active: variant(z.boolean()),
  State: variant(z.string()),
  Remote: variant(z.boolean()),
  LockedHint: variant(z.boolean()),
  IdleHint: variant(z.boolean()),
  IdleSinceHintMonotonic: variant(z.union([z.bigint(), z.number()])).transform(Number),
});
export type SessionProperties = z.infer<typeof sessionProperties>;

/** Login screens and background services are nobody's session; nor is one that is closing. */
export function isPersonsSession(session: SessionProperties): boolean {
  return session.Class === 'user' && session.State !== 'closing';
}

/** @param bootName names the boot, because logind begins its numbers anew at each. */
export function asOsSession(session: SessionProperties, bootName: string): OsSession {
  const name = session.Name === '' ? `uid-${session.User[0]}` : session.Name;
  return {
    session: `${bootName}-${session.Id}`,
    account: { id: String(session.User[0]), name },
    active: session.Active,
    locked: session.LockedHint,
    remote: session.Remote,
  };
}

/**
 * Milliseconds since the last input as the session's desktop told logind; null where no desktop ever told it anything.
 * @param monotonicMs CLOCK_MONOTONIC, in which logind keeps the hint.
 */
export function hintedIdleMs(session: SessionProperties, monotonicMs: number): number | null {
  if (session.IdleSinceHintMonotonic === 0) return null;
  return session.IdleHint ? Math.max(0, monotonicMs - session.IdleSinceHintMonotonic / 1_000) : 0;
}
