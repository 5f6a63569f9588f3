import type { OsSession, OsSessionEvent } from './machine.ts';

/** What changed between two lists of sessions, as events. */
export function sessionChanges(before: readonly OsSession[], now: readonly OsSession[]): OsSessionEvent[] {
  const known = new Map(before.map((one) => [one.session, one]));
  const changes: OsSessionEvent[] = [];
  for (const session of now) {
    const former = known.get(session.session);
    known.delete(session.session);
    if (former === undefined) changes.push({ kind: 'began', session });
    else if (JSON.stringify(former) !== JSON.stringify(session)) changes.push({ kind: 'changed', session });
  }
  for (const gone of known.keys()) changes.push({ kind: 'ended', session: gone });
  return changes;
}

/** Asks for the sessions again and again, where a system has no news of them for a service to listen to. */
export function pollSessions(
  list: () => Promise<OsSession[]>,
  everyMs: number,
  onEvent: (event: OsSessionEvent) => void,
): { close(): Promise<void> } {
  let open = true;
  let known: OsSession[] | null = null;
  let timer: NodeJS.Timeout | null = null;
  const look = async (): Promise<void> => {
    try {
      const now = await list();
      if (!open) return;
      if (known === null) onEvent({ kind: 'available', sessions: now });
      else for (const change of sessionChanges(known, now)) onEvent(change);
      known = now;
    } catch (error) {
      if (!open) return;
      known = null;
      onEvent({ kind: 'unavailable', why: error instanceof Error ? error.message : String(error) });
    }
    if (open) timer = setTimeout(() => void look(), everyMs);
  };
  void look();
  return {
    close: () => {
      open = false;
      if (timer !== null) clearTimeout(timer);
      return Promise.resolve();
    },
  };
}
