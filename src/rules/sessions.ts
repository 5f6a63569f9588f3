import type { Account, EventData } from '../contract/event.ts';

/** A signed-in person's session as it is tracked. */
export interface OpenSession {
  account: Account;
  /** When it was first known, as an instant. */
  since: string;
  seenBy: 'system' | 'shell';
  active: boolean;
  /** Milliseconds since boot; null while it is not locked. */
  lockedSinceMs: number | null;
}

export type OpenSessions = Readonly<Record<string, OpenSession>>;

/** A session as the operating system lists it. */
export interface ListedSession {
  session: string;
  account: Account;
  active: boolean;
  locked: boolean | null;
  remote: boolean;
}

export type SessionInput =
  | { kind: 'listed'; sessions: readonly ListedSession[] }
  | { kind: 'began' | 'changed'; session: ListedSession }
  | { kind: 'ended'; session: string }
  | { kind: 'shellSeen'; session: string; account: Account }
  /** The shell was told by its system that the screen is locked, or no longer. */
  | { kind: 'screenLockChanged'; session: string; locked: boolean };

type SessionEvent =
  | 'session.signedIn'
  | 'session.signedOut'
  | 'session.locked'
  | 'session.unlocked'
  | 'session.switchedAway'
  | 'session.switchedBack';

export type SessionNews = {
  [T in SessionEvent]: { type: T; data: EventData<T>; session: string; account: Account };
}[SessionEvent];

export interface SessionsStep {
  sessions: OpenSessions;
  news: SessionNews[];
}

/**
 * Keeps the list of signed-in sessions from what the system and the shells say, and tells what changed. `byUsher`: was
 * the lock of this session asked for by Usher?
 */
export function stepSessions(
  before: OpenSessions,
  input: SessionInput,
  now: { atMs: number; uptimeMs: number },
  byUsher: (session: string) => boolean,
): SessionsStep {
  let sessions: Record<string, OpenSession> = { ...before };
  const news: SessionNews[] = [];
  const end = (session: string): void => {
    const known = sessions[session];
    if (known === undefined) return;
    const { [session]: _ended, ...others } = sessions;
    sessions = others;
    news.push({ type: 'session.signedOut', data: { how: 'ended' }, session, account: known.account });
  };
  const lock = (session: string, locked: boolean): void => {
    const known = sessions[session];
    if (known === undefined || locked === (known.lockedSinceMs !== null)) return;
    sessions[session] = { ...known, lockedSinceMs: locked ? now.uptimeMs : null };
    if (locked)
      news.push({
        type: 'session.locked',
        data: { by: byUsher(session) ? 'usher' : 'person' },
        session,
        account: known.account,
      });
    else {
      const lockedSeconds = Math.max(0, Math.round((now.uptimeMs - (known.lockedSinceMs ?? now.uptimeMs)) / 1_000));
      news.push({ type: 'session.unlocked', data: { lockedSeconds }, session, account: known.account });
    }
  };
  const see = (listed: ListedSession): void => {
    const known = sessions[listed.session];
    if (known === undefined) {
      sessions[listed.session] = {
        account: listed.account,
        since: new Date(now.atMs).toISOString(),
        seenBy: 'system',
        active: listed.active,
        lockedSinceMs: null,
      };
      news.push({
        type: 'session.signedIn',
        data: { seenBy: 'system', remote: listed.remote },
        session: listed.session,
        account: listed.account,
      });
    } else {
      sessions[listed.session] = { ...known, seenBy: 'system', active: listed.active };
      if (known.active !== listed.active) {
        const type = listed.active ? 'session.switchedBack' : 'session.switchedAway';
        news.push({ type, data: {}, session: listed.session, account: known.account });
      }
    }
    if (listed.locked !== null) lock(listed.session, listed.locked);
  };

  switch (input.kind) {
    case 'listed': {
      const there = new Set(input.sessions.map(({ session }) => session));
      for (const [session, { seenBy }] of Object.entries(sessions)) {
        if (seenBy === 'system' && !there.has(session)) end(session);
      }
      for (const session of input.sessions) see(session);
      break;
    }
    case 'began':
    case 'changed':
      see(input.session);
      break;
    case 'ended':
      end(input.session);
      break;
    case 'shellSeen':
      if (sessions[input.session] === undefined) {
        sessions[input.session] = {
          account: input.account,
          since: new Date(now.atMs).toISOString(),
          seenBy: 'shell',
          active: true,
          lockedSinceMs: null,
        };
        news.push({
          type: 'session.signedIn',
          data: { seenBy: 'shell', remote: false },
          session: input.session,
          account: input.account,
        });
      }
      break;
    case 'screenLockChanged':
      lock(input.session, input.locked);
      break;
  }
  return { sessions, news };
}
