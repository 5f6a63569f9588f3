import type { TroubleKind } from '../../contract/console.ts';
import type { EventBody } from '../../contract/event.ts';
import { accountKey } from '../people/person-id.ts';
import { isHeld } from '../usb/record-devices.ts';

const controlTrouble = { watch: 'usbNotWatched', hold: 'usbNotHeld' } as const;

/** What concerns the machine as a whole and not one session. */
const wholeMachine = '';

/** What becomes of one session. */
export interface SessionNews {
  /** What was held of it goes first. */
  ended: boolean;
  /** Somebody signed in. */
  opened: { account_key: string; account_name: string; since: string } | null;
  /** Undefined: as it was. */
  lockedSince: string | null | undefined;
}

/** What becomes of one thing that is wrong. */
export interface TroubleNews {
  session: string;
  kind: TroubleKind;
  /** What was held of it goes first. */
  over: boolean;
  found: { detail: string; since: string } | null;
}

export interface MachineNews {
  /** A new epoch began: nothing that was held of sessions and troubles counts any more. */
  forgetAll: boolean;
  sessions: Map<string, SessionNews>;
  /** Sessions whose troubles ended with them. */
  endedSessions: Set<string>;
  /** By session and kind. */
  troubles: Map<string, TroubleNews>;
  posture: { posture: string; posture_at: string; bad_checks: string } | null;
  inventory: { inventory: string; inventory_at: string } | null;
}

/**
 * What a machine's newly held events come to, taken in their order: a session that was locked and unlocked ten times
 * needs one change in the store, not twenty.
 */
export function machineNews(bodies: readonly EventBody[]): MachineNews {
  const news: MachineNews = {
    forgetAll: false,
    sessions: new Map(),
    endedSessions: new Set(),
    troubles: new Map(),
    posture: null,
    inventory: null,
  };
  for (const body of bodies) take(news, body);
  return news;
}

function take(news: MachineNews, body: EventBody): void {
  const session = body.session ?? wholeMachine;
  switch (body.type) {
    case 'journal.epochStarted':
      // The record before it is lost, and with it what it would have said about who signed out.
      news.forgetAll = true;
      news.sessions.clear();
      news.troubles.clear();
      news.endedSessions.clear();
      return;
    case 'session.signedIn':
      return signedIn(news, body);
    case 'session.signedOut':
      news.sessions.set(session, { ended: true, opened: null, lockedSince: undefined });
      news.endedSessions.add(session);
      for (const [key, trouble] of news.troubles) if (trouble.session === session) news.troubles.delete(key);
      return;
    case 'session.locked':
      return locked(news, session, body.at);
    case 'session.unlocked':
      return locked(news, session, null);
    case 'lock.failed':
      return trouble(news, wholeMachine, 'lockFailed', body.data.why, body.at);
    case 'lock.confirmed':
      // A lock that came only after the cover is not a lock that works.
      if (!body.data.wasCovered) untrouble(news, wholeMachine, 'lockFailed');
      return;
    case 'idle.detectionBroken':
      return trouble(news, session, body.data.finding, body.data.detail, body.at);
    case 'idle.detectionRestored':
      return untrouble(news, session, body.data.finding);
    case 'usb.blockFailed':
      return trouble(news, body.data.plug, 'usbNotBlocked', body.data.why, body.at);
    case 'usb.blocked':
    case 'usb.removed':
      return untrouble(news, body.data.plug, 'usbNotBlocked');
    case 'usb.decided':
      // A device that may be used now need not be blocked any more.
      if (!isHeld(body.data.decision)) untrouble(news, body.data.plug, 'usbNotBlocked');
      return;
    case 'usb.controlFailed':
      return trouble(news, wholeMachine, controlTrouble[body.data.what], body.data.why, body.at);
    case 'usb.controlRestored':
      return untrouble(news, wholeMachine, controlTrouble[body.data.what]);
    case 'machine.posture': {
      const bad = body.data.checks.filter(({ state }) => state === 'bad').map(({ name }) => name);
      news.posture = { posture: JSON.stringify(body.data), posture_at: body.at, bad_checks: bad.join(',') };
      return;
    }
    case 'machine.inventory':
      news.inventory = { inventory: JSON.stringify(body.data), inventory_at: body.at };
      return;
  }
}

const sessionOf = (news: MachineNews, session: string): SessionNews =>
  news.sessions.get(session) ?? { ended: false, opened: null, lockedSince: undefined };

function signedIn(news: MachineNews, { account, session, at }: EventBody): void {
  if (account === null || session === null) return;
  const opened = { account_key: accountKey(account.name), account_name: account.name, since: at };
  news.sessions.set(session, { ...sessionOf(news, session), opened });
}

function locked(news: MachineNews, session: string, lockedSince: string | null): void {
  const before = sessionOf(news, session);
  // A session nobody is signed in to has nothing to lock.
  const isGone = (before.ended || news.forgetAll) && before.opened === null;
  if (!isGone) news.sessions.set(session, { ...before, lockedSince });
}

function trouble(news: MachineNews, session: string, kind: TroubleKind, detail: string, at: string): void {
  const key = `${kind}\n${session}`;
  const before = news.troubles.get(key) ?? { session, kind, over: false, found: null };
  news.troubles.set(key, { ...before, found: { detail, since: before.found?.since ?? at } });
}

function untrouble(news: MachineNews, session: string, kind: TroubleKind): void {
  news.troubles.set(`${kind}\n${session}`, { session, kind, over: true, found: null });
}
