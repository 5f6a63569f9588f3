import { describe, expect, it } from 'vitest';
import type { EventBody, EventCore } from '../../src/contract/event.ts';
import { machineNews } from '../../src/server/sessions/machine-news.ts';

const at = (minute: number): string => `2026-09-01T08:${String(minute).padStart(2, '0')}:00.000Z`;

function bodies(events: readonly EventCore[]): EventBody[] {
  return events.map((event, index) => ({
    deviceId: 'a'.repeat(32),
    epoch: 1,
    seq: index + 1,
    at: at(index),
    uptimeMs: 1,
    account: { id: '1000', name: 'Alex' },
    session: 'c1',
    subject: null,
    rule: null,
    ...event,
  }));
}
const signedIn: EventCore = { type: 'session.signedIn', data: { seenBy: 'system', remote: false } };
const signedOut: EventCore = { type: 'session.signedOut', data: { how: 'ended' } };
const locked: EventCore = { type: 'session.locked', data: { by: 'usher' } };
const unlocked: EventCore = { type: 'session.unlocked', data: { lockedSeconds: 30 } };

describe('what a batch comes to for its machine', () => {
  it('is one change for a session that was locked and unlocked many times', () => {
    const news = machineNews(bodies([locked, unlocked, locked, unlocked, locked]));
    expect([...news.sessions]).toEqual([['c1', { ended: false, opened: null, lockedSince: at(4) }]]);
  });

  it('forgets who was signed in before they signed out and in again', () => {
    const news = machineNews(bodies([signedOut, signedIn, locked]));
    expect(news.sessions.get('c1')).toEqual({
      ended: true,
      opened: { account_key: 'alex', account_name: 'Alex', since: at(1) },
      lockedSince: at(2),
    });
    expect([...news.endedSessions]).toEqual(['c1']);
  });

  it('forgets everything when a new epoch begins, and locks nothing that nobody opened since', () => {
    const epoch: EventCore = { type: 'journal.epochStarted', data: { reason: 'damaged', previous: null, detail: '' } };
    const news = machineNews(bodies([signedIn, epoch, locked]));
    expect(news.forgetAll).toBe(true);
    expect(news.sessions.size).toBe(0);
  });

  it('keeps since when something is wrong, with what was said about it last', () => {
    const failed = (why: string): EventCore => ({ type: 'lock.failed', data: { action: 'lock', why } }) as EventCore;
    const news = machineNews(bodies([failed('first'), failed('second')]));
    expect([...news.troubles.values()]).toEqual([
      { session: '', kind: 'lockFailed', over: false, found: { detail: 'second', since: at(0) } },
    ]);
  });
});
