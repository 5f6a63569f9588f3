import { spawn } from 'node:child_process';
import { expect, onTestFinished, test } from 'vitest';
import type { OsSessionEvent } from '../../src/machine/index.ts';
import { LinuxSessions } from '../../src/machine/linux/session-control.ts';
import { elogindInhibit, hasRealDesktop, needsRealDesktop, realDesktop } from '../support/desktop/real-desktop.ts';

test.skipIf(!hasRealDesktop)(
  `a real session service and display: sessions, idle time, what presents, open programs, lock and unlock${needsRealDesktop}`,
  { timeout: 60_000 },
  async () => {
    const desktop = await realDesktop();
    onTestFinished(() => desktop.close());
    process.env['DBUS_SYSTEM_BUS_ADDRESS'] = desktop.systemBus;
    const sessions = new LinuxSessions('boot');
    const events: OsSessionEvent[] = [];
    const watching = sessions.watch((event) => events.push(event));
    onTestFinished(async () => {
      delete process.env['DBUS_SYSTEM_BUS_ADDRESS'];
      await watching.close();
    });
    const session = `boot-${desktop.session}`;
    const uid = String(process.getuid?.() ?? 0);
    await expect.poll(() => events[0]).toMatchObject({ kind: 'available', sessions: [{ session, locked: false }] });
    expect(await sessions.displaySessionOf(Number(uid))).toBe(session);

    const peer = { processId: process.pid, accountId: uid, environment: { DISPLAY: desktop.name } };
    desktop.xdotool('mousemove_relative', '5', '5');
    const idleMs = await sessions.idleMs(session, peer);
    expect(idleMs).toBeLessThan(2_000);
    expect(await sessions.openPrograms(session, peer)).toEqual([]);
    expect(await sessions.presentationSignals(session, peer)).toEqual([]);

    const inhibitor = spawn(
      elogindInhibit(),
      ['--what=idle', '--who=browser', '--why=WebRTC has active PeerConnections', 'sleep', '20'],
      {
        env: { ...process.env, ...desktop.libraries },
        stdio: 'ignore',
      },
    );
    onTestFinished(() => void inhibitor.kill());
    await expect.poll(() => sessions.presentationSignals(session, peer), { timeout: 5_000 }).toEqual(['videoCall']);
    inhibitor.kill();
    await expect.poll(() => sessions.presentationSignals(session, peer), { timeout: 5_000 }).toEqual([]);

    // Two displays, and a window that fills one of them.
    desktop.run('xrandr', '--setmonitor', 'left', '640/170x800/210+0+0', 'screen');
    desktop.run('xrandr', '--setmonitor', 'right', '640/170x800/210+640+0', 'none');
    desktop.run('wmctrl', '-r', 'Event Tester', '-b', 'add,fullscreen');
    await expect.poll(() => sessions.presentationSignals(session, peer), { timeout: 5_000 }).toEqual(['fullScreen']);
    desktop.run('xprop', '-name', 'Event Tester', '-f', 'WM_CLASS', '8s', '-set', 'WM_CLASS', 'Event Tester');
    expect(await sessions.openPrograms(session, peer)).toEqual(['Event Tester']);
    desktop.run('wmctrl', '-r', 'Event Tester', '-b', 'remove,fullscreen');

    expect(await sessions.lock(session)).toBe('asked');
    await expect
      .poll(() => events.at(-1), { timeout: 5_000 })
      .toMatchObject({ kind: 'changed', session: { locked: true } });
    expect(desktop.isLocked()).toBe(true);
    desktop.unlock();
    await expect
      .poll(() => events.at(-1), { timeout: 5_000 })
      .toMatchObject({ kind: 'changed', session: { locked: false } });
    await sessions.signOut(session);
    await expect.poll(() => events.at(-1), { timeout: 10_000 }).toMatchObject({ kind: 'ended', session });
  },
);
