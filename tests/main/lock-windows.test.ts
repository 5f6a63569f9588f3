import { describe, expect, test } from 'vitest';
import { lockProgram } from '../../main/screen-lock.ts';
import { lockWindows } from '../../main/lock-windows.ts';
import { trayItems } from '../../main/tray/tray-items.ts';
import type { LockView, SessionNotice } from '../../src/contract/lock.ts';
import type { SessionView } from '../../src/contract/session.ts';
import type { PageView } from '../../src/contract/shell.ts';

const clause = { id: 'screens.1', number: '3.1', text: 'Lock the screen.', policyTitle: 'Policy', policyVersion: 1 };
const at = '2026-11-23T09:00:00.000Z';
const soon = '2026-11-23T09:30:00.000Z';
const watching: LockView = {
  phase: 'watching',
  action: 'lock',
  afterSeconds: 600,
  locksAt: soon,
  clause,
  mayExtendSeconds: null,
};
const covered: LockView = { phase: 'covered', action: 'lock', inSession: null, since: at, clause, why: 'No locker' };
const warning: LockView = {
  phase: 'warning',
  action: 'lock',
  startedAt: at,
  endsAt: soon,
  clause,
  programs: [],
  mayExtendSeconds: null,
};
const presenting = {
  allowed: { maximumMinutes: 60, clause },
  running: { reason: 'person', startedAt: at, endsAt: soon },
} as const;
const notice: SessionNotice = {
  id: 'n',
  kind: 'endOfDay',
  title: 'Before you go home',
  text: 'Sign out.',
  clause,
  actions: [],
};

function pageView(change: Partial<SessionView>, service: PageView['service'] = 'connected'): PageView {
  const view: SessionView = {
    account: { id: '1000', name: 'robin', fullName: 'Robin' },
    session: 'c1',
    hostname: 'room-12',
    agentVersion: '0.1.0',
    gate: { phase: 'noPolicy' },
    sync: { phase: 'synced', lastSyncedAt: at, pending: 0, trouble: null },
    lock: watching,
    presentation: { allowed: null, running: null },
    policies: [],
    notices: [],
    troubles: [],
    ...change,
  };
  return { service, view };
}
const none = { warning: false, cover: false, presenting: false, standing: false, notice: false };

describe('which windows stand', () => {
  test('a cover stays when the service goes away; a warning does not, because nobody would lock at its end', () => {
    expect(lockWindows(pageView({ lock: covered }, 'reconnecting'))).toEqual({ ...none, cover: true });
    expect(lockWindows(pageView({ lock: warning }))).toEqual({ ...none, warning: true });
    expect(lockWindows(pageView({ lock: warning }, 'reconnecting'))).toEqual(none);
    expect(lockWindows({ service: 'reconnecting', view: null })).toEqual(none);
  });

  test('nothing personal comes up over a presentation, a warning, a cover or a locked screen', () => {
    const notices = [notice];
    expect(lockWindows(pageView({ notices }))).toEqual({ ...none, notice: true });
    expect(lockWindows(pageView({ notices, presentation: presenting }))).toEqual({ ...none, presenting: true });
    expect(lockWindows(pageView({ notices, lock: warning })).notice).toBe(false);
    expect(lockWindows(pageView({ notices, lock: covered })).notice).toBe(false);
    expect(lockWindows(pageView({ notices, lock: { phase: 'locked' } })).notice).toBe(false);
  });
});

describe('the tray', () => {
  const labels = (view: PageView, locksInSeconds: number | null): string[] =>
    trayItems(view, new Date(at), { language: 'en-GB', timeZone: 'Europe/London' }, locksInSeconds).flatMap((item) =>
      item.kind === 'separator' ? [] : [item.label],
    );
  test('says what happens next and which clause says so, and offers what the policy allows', () => {
    expect(labels(pageView({}), 200)).toContain('Locks in 4 minutes (clause 3.1)');
    expect(labels(pageView({}), null)).toContain('Locks after 10 minutes without use (clause 3.1)');
    const allowed = labels(pageView({ presentation: { ...presenting, running: null } }), 200);
    expect(allowed.filter((label) => label.startsWith('Present'))).toEqual([
      'Present for 15 minutes',
      'Present for 30 minutes',
      'Present for 1 hour',
    ]);
    const running = labels(pageView({ presentation: presenting }), null);
    expect(running).toContain('Presenting until 09:30: the screen does not lock');
    expect(running).toEqual(expect.arrayContaining(['Lock now', 'End presenting']));
    expect(labels(pageView({ lock: { ...watching, mayExtendSeconds: 300 } }), 200)).toContain(
      'Away for a moment: 5 minutes more',
    );
  });

  test('says what a technician has to know', () => {
    const troubles = [{ finding: 'alwaysZero', detail: 'The idle time has been 0 for ten minutes.' }] as const;
    expect(labels(pageView({ troubles: [...troubles] }), null)).toContain('The idle time has been 0 for ten minutes.');
    expect(labels(pageView({ lock: covered }), null)).toContain('This computer could not lock itself and is covered');
  });
});

test('each system is locked with a program of its own', () => {
  expect(lockProgram('win32')).toEqual(['rundll32.exe', ['user32.dll,LockWorkStation']]);
  expect(lockProgram('darwin')[0]).toBe('/usr/bin/pmset');
  expect(lockProgram('linux')).toEqual(['xdg-screensaver', ['lock']]);
});
