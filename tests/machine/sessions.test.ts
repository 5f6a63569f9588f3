import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { OsSession, OsSessionEvent } from '../../src/machine/index.ts';
import { hintedIdleMs, sessionProperties } from '../../src/machine/linux/logind-session.ts';
import {
  activeDisplays,
  inhibitorSignals,
  isFullScreen,
  programName,
  windowIds,
} from '../../src/machine/linux/presentation-signals.ts';
import { LinuxSessions } from '../../src/machine/linux/session-control.ts';
import { environmentFrom } from '../../src/machine/linux/session-environment.ts';
import { cgroupSession } from '../../src/machine/linux/session.ts';
import { assertionSignals, consoleUsers, hidIdleMs, macSessions } from '../../src/machine/macos/session-control.ts';
import { pollSessions } from '../../src/machine/polled-sessions.ts';
import { powerRequestSignals, windowsSessions } from '../../src/machine/windows/session-control.ts';
import {
  readSessionInfoEx,
  type SessionFunctions,
  type WindowsSession,
} from '../../src/machine/windows/session-functions.ts';

/** A place where the system's message bus would be, with something else in its place. */
async function busThat(does: (socket: Socket) => void): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'usher-bus-'));
  const path = join(folder, 'bus');
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    does(socket);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return `unix:path=${path}`;
}

function withBus(address: string): { sessions: LinuxSessions; events: OsSessionEvent[] } {
  const before = process.env['DBUS_SYSTEM_BUS_ADDRESS'];
  process.env['DBUS_SYSTEM_BUS_ADDRESS'] = address;
  const sessions = new LinuxSessions('boot');
  const events: OsSessionEvent[] = [];
  const watching = sessions.watch((event) => events.push(event));
  onTestFinished(async () => {
    await watching.close();
    if (before === undefined) delete process.env['DBUS_SYSTEM_BUS_ADDRESS'];
    else process.env['DBUS_SYSTEM_BUS_ADDRESS'] = before;
  });
  return { sessions, events };
}

describe('Linux, with a message bus that fails', () => {
  const cases: [string, () => Promise<string>][] = [
    ['is not there', () => Promise.resolve('unix:path=/nowhere/at/all')],
    ['accepts and never says a word', () => busThat(() => undefined)],
    [
      'answers nonsense',
      () =>
        busThat((socket) =>
          socket.write(Buffer.from('OK \u0000\u0001rubbish\r\nBEGIN\r\n\u00ff\u00fe'.repeat(20), 'latin1')),
        ),
    ],
    ['hangs up', () => busThat((socket) => socket.end('ERROR\r\n'))],
  ];
  test.each(cases)('a bus that %s: said so, and every call ends with something to go on with', async (_what, make) => {
    const { sessions, events } = withBus(await make());
    await expect.poll(() => events[0]?.kind, { timeout: 6_000 }).toBe('unavailable');
    // The lock is then asked for from inside the session, by the shell.
    expect(await sessions.lock('boot-1')).toBe('inSession');
    await expect(sessions.signOut('boot-1')).rejects.toThrow('no session service');
    await expect(sessions.shutDown()).rejects.toThrow();
    expect(await sessions.idleMs('boot-1', null)).toBeNull();
    expect(await sessions.presentationSignals('boot-1', null)).toEqual([]);
    expect(await sessions.displaySessionOf(1_000)).toBeNull();
  });
});

describe('what Linux says', () => {
  const properties = {
    Id: 'c1',
    User: [1_000, '/user/1000'],
    Name: 'robin',
    Class: 'user',
    Type: 'x11',
    Active: true,
    State: 'active',
    Remote: false,
    LockedHint: false,
    IdleHint: true,
    IdleSinceHintMonotonic: 5_000_000n,
  };
  test('a session’s properties are checked; the hint counts only where a desktop gives it', () => {
    const parsed = sessionProperties.parse(properties);
    expect(hintedIdleMs(parsed, 65_000)).toBe(60_000);
    expect(hintedIdleMs({ ...parsed, IdleHint: false }, 65_000)).toBe(0);
    expect(hintedIdleMs({ ...parsed, IdleSinceHintMonotonic: 0 }, 65_000)).toBeNull();
    expect(sessionProperties.safeParse({ ...properties, LockedHint: 'maybe' }).success).toBe(false);
    expect(sessionProperties.safeParse('nonsense').success).toBe(false);
  });

  test('the session of a process is in its cgroup, by systemd or elogind', () => {
    expect(cgroupSession('0::/user.slice/user-1000.slice/session-2.scope\n')).toBe('2');
    expect(cgroupSession('1:name=elogind:/c1\n0::/\n')).toBe('c1');
    expect(cgroupSession('0::/system.slice/usher.service\n')).toBeNull();
  });

  test('of a process’s environment only what leads to its session is read', () => {
    expect(environmentFrom('DISPLAY=:0\0SECRET=hunter2\0HOME=/home/robin\0')).toEqual({
      DISPLAY: ':0',
      HOME: '/home/robin',
    });
  });

  test('calls and players that keep the screen awake, of this user only', () => {
    const list = [
      ['idle', 'chromium', 'WebRTC has active PeerConnections', 'block', 1_000, 41],
      ['sleep:idle', 'firefox', 'video-playing', 'block', 1_000, 42],
      ['idle', 'mpv', 'Playing', 'block', 1_001, 43],
      ['handle-lid-switch', 'gnome', 'Multiple displays', 'block', 1_000, 44],
    ];
    expect(inhibitorSignals(list, 1_000)).toEqual(['videoCall', 'mediaPlayback']);
    expect(inhibitorSignals([['idle', 'x']], 1_000)).toEqual([]);
  });

  test('windows and displays', () => {
    expect(windowIds('_NET_CLIENT_LIST(WINDOW): window id # 0x1e00003, 0x2400006\n')).toEqual([
      '0x1e00003',
      '0x2400006',
    ]);
    expect(windowIds('_NET_CLIENT_LIST:  no such atom on any window.\n')).toEqual([]);
    expect(isFullScreen('_NET_WM_STATE(ATOM) = _NET_WM_STATE_FULLSCREEN\n')).toBe(true);
    expect(programName('WM_CLASS(STRING) = "libreoffice", "LibreOffice Impress"\n')).toBe('LibreOffice Impress');
    expect(activeDisplays('Monitors: 2\n 0: +*eDP-1 1920/344x1080/194+0+0  eDP-1\n')).toBe(2);
  });
});

describe('Windows, from recorded answers', () => {
  /** `WTSINFOEXW` as 64-bit Windows lays it out. */
  const infoEx = (flags: number, lastInput: bigint, current: bigint): Uint8Array => {
    const bytes = new DataView(new ArrayBuffer(232));
    bytes.setUint32(0, 1, true);
    bytes.setInt32(16, flags, true);
    bytes.setBigInt64(192, lastInput, true);
    bytes.setBigInt64(200, current, true);
    return new Uint8Array(bytes.buffer);
  };
  test('locked and idle out of WTSINFOEXW; what is cut short says nothing', () => {
    const now = 133_700_000_000_000_000n;
    expect(readSessionInfoEx(infoEx(0, now - 600_000_000n, now))).toEqual({ locked: true, idleMs: 60_000 });
    expect(readSessionInfoEx(infoEx(1, 0n, now))).toEqual({ locked: false, idleMs: null });
    expect(readSessionInfoEx(infoEx(-1, now + 10n, now))).toEqual({ locked: null, idleMs: null });
    expect(readSessionInfoEx(infoEx(0, now, now).subarray(0, 100))).toEqual({ locked: null, idleMs: null });
  });

  const robin: WindowsSession = {
    number: 2,
    state: 'active',
    name: 'robin',
    sid: 'S-1-5-21-7-1001',
    locked: false,
    remote: false,
    idleMs: 4_000,
  };
  const done: string[] = [];
  const functions = (list: () => WindowsSession[]): SessionFunctions => ({
    list,
    disconnect: (number) => void done.push(`disconnect ${number}`),
    logOff: (number) => void done.push(`log off ${number}`),
  });
  test('the service locks by disconnecting, unless the shell can from inside; a session that is gone is said', async () => {
    const sessions = windowsSessions(
      (number) => `boot-7-${number}`,
      () => Promise.resolve(functions(() => [robin])),
    );
    expect(await sessions.lock('boot-7-2', true)).toBe('inSession');
    expect(await sessions.lock('boot-7-2', false)).toBe('asked');
    await sessions.signOut('boot-7-2');
    expect(done).toEqual(['disconnect 2', 'log off 2']);
    expect(await sessions.idleMs('boot-7-2', null)).toBe(4_000);
    await expect(sessions.lock('boot-7-9', false)).rejects.toThrow('does not list this session any more');
  });

  test('powercfg /requests: a call, a player and nothing', () => {
    const text = `DISPLAY:\r\n[PROCESS] \\Device\\HarddiskVolume3\\Program Files\\Teams\\ms-teams.exe\r\nVideo call in progress\r\n[PROCESS] \\Device\\HarddiskVolume3\\vlc.exe\r\nVLC media playback\r\n\r\nSYSTEM:\r\n[DRIVER] High Definition Audio Device\r\n`;
    expect(powerRequestSignals(text.replaceAll('\r', ''))).toEqual(['videoCall', 'mediaPlayback']);
    expect(powerRequestSignals(text)).toEqual(['videoCall', 'mediaPlayback']);
    expect(powerRequestSignals('DISPLAY:\nNone.\n\nSYSTEM:\nNone.\n')).toEqual([]);
  });
});

describe('macOS, from recorded answers', () => {
  const ioreg = `+-o Root  <class IORegistryEntry, id 0x100000100, retain 32>\n    {\n      "IOConsoleLocked" = Yes\n      "IOConsoleUsers" = ({"kCGSSessionOnConsoleKey"=Yes,"kCGSSessionUserIDKey"=501,"kCGSSessionUserNameKey"="robin","CGSSessionScreenIsLocked"=Yes},{"kCGSSessionOnConsoleKey"=No,"kCGSSessionUserIDKey"=502,"kCGSSessionUserNameKey"="kim"},{"kCGSSessionUserIDKey"=88,"kCGSSessionUserNameKey"="_windowserver"})\n    }\n`;
  test('who is at the screen, in front, locked', async () => {
    expect(consoleUsers(ioreg, (uid) => `b-${uid}`)).toEqual([
      { session: 'b-501', account: { id: '501', name: 'robin' }, active: true, locked: true, remote: false },
      { session: 'b-502', account: { id: '502', name: 'kim' }, active: false, locked: false, remote: false },
    ]);
    expect(consoleUsers('nonsense', String)).toEqual([]);
    const asked: string[] = [];
    const run = (program: string, parameters: readonly string[]) => {
      asked.push([program, ...parameters].join(' '));
      return Promise.resolve(program.endsWith('ioreg') ? ioreg : '');
    };
    const sessions = macSessions((uid) => `b-${uid}`, run);
    await sessions.signOut('b-502');
    expect(asked.at(-1)).toBe('/bin/launchctl bootout user/502');
    await expect(sessions.signOut('b-600')).rejects.toThrow('does not list this session any more');
    const refusing = macSessions(String, () => Promise.resolve(null));
    await expect(refusing.lock('501', true)).rejects.toThrow('macOS refused to turn the display off');
  });

  test('idle time and what keeps the display on', () => {
    expect(hidIdleMs('    | |   "HIDIdleTime" = 61234567890\n')).toBe(61_234);
    expect(hidIdleMs('')).toBeNull();
    const assertions = `Assertion status system-wide:\n   PreventUserIdleDisplaySleep    1\nListed by owning process:\n   pid 612(zoom.us): [0x1] 00:10:00 PreventUserIdleDisplaySleep named: "In a meeting"\n   pid 99(powerd): [0x2] 00:10:00 PreventUserIdleSystemSleep named: "Powerd"\n`;
    expect(assertionSignals(assertions)).toEqual(['videoCall']);
  });
});

test('a system that is only asked: changes become news, a failure is said once it is over', async () => {
  const robin: OsSession = {
    session: 'b-1',
    account: { id: '1', name: 'robin' },
    active: true,
    locked: false,
    remote: false,
  };
  const answers: (OsSession[] | Error)[] = [[robin], [{ ...robin, locked: true }], [], new Error('gone'), [robin]];
  const events: OsSessionEvent[] = [];
  const watching = pollSessions(
    () => {
      const next = answers.shift() ?? [robin];
      return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
    },
    1,
    (event) => events.push(event),
  );
  await expect.poll(() => events.length).toBeGreaterThanOrEqual(5);
  await watching.close();
  expect(events.slice(0, 5).map(({ kind }) => kind)).toEqual([
    'available',
    'changed',
    'ended',
    'unavailable',
    'available',
  ]);
});
