import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { virtualDisplay, hasVirtualDisplay, type VirtualDisplay } from '../virtual-display.ts';

/** An unpacked elogind (never installed: it would replace the machine's own session service). */
const elogindRoot = process.env['USHER_TEST_ELOGIND'] ?? '';
const programs = [
  'xprintidle',
  'xss-lock',
  'i3lock',
  'xev',
  'xprop',
  'xrandr',
  'wmctrl',
  'dbus-daemon',
  'dbus-send',
  'unshare',
];
const missing = [
  ...(hasVirtualDisplay ? [] : ['a virtual display']),
  ...(process.platform === 'linux' ? programs.filter((name) => spawnSync('which', [name]).status !== 0) : []),
  ...(existsSync(join(elogindRoot, 'lib/elogind/elogind')) ? [] : ['elogind']),
  ...(process.getuid?.() === 0 ? [] : ['root']),
  ...(spawnSync('/usr/bin/python3', ['-c', 'import dbus']).status === 0 ? [] : ['python3-dbus']),
];

/** Can a desktop with a real session service and a real screen locker run here? */
export const hasRealDesktop = missing.length === 0;
/** For a test's name, where it cannot run. */
export const needsRealDesktop = hasRealDesktop ? '' : ` (skipped: needs ${missing.join(', ')})`;

/** elogind's own program that keeps the screen awake while another one runs. */
export const elogindInhibit = (): string => join(elogindRoot, 'bin/elogind-inhibit');

/** The password that unlocks. */
export const password = 'correcthorse';

export interface RealDesktop extends VirtualDisplay {
  /** Address of the message bus with the session service on it. */
  systemBus: string;
  /** logind's id of the session. */
  session: string;
  /** Is the screen locker running, with the keyboard in its hands? */
  isLocked(): boolean;
  /** Keys that reached an ordinary window so far. */
  keysSeen(): number;
  /** Gives the ordinary window the keyboard, as a click on it would. */
  focusOrdinaryWindow(): void;
  /** Ends the lock as an administrator can, without a password. */
  unlock(): void;
  /** Sizes of the visible windows of this class. */
  coveredBy(windowClass: string): string;
  /** Runs a program on the display. @returns what it printed. */
  run(program: string, ...parameters: string[]): string;
  /** Environment with which elogind's own programs find their libraries. */
  libraries: { LD_LIBRARY_PATH: string };
}

const toLogind = ['--system', '--print-reply', '--dest=org.freedesktop.login1', '/org/freedesktop/login1'];

const busConfiguration = (socket: string): string => `<!DOCTYPE busconfig PUBLIC
 "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=${socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/><allow own="*"/><allow send_type="method_call"/><allow send_destination="*"/><allow receive_sender="*"/>
  </policy>
</busconfig>
`;

async function until<T>(
  what: () => string,
  look: () => T | undefined | false | null | '',
  withinMs = 10_000,
): Promise<T> {
  const end = performance.now() + withinMs;
  for (;;) {
    const found = look();
    if (found !== undefined && found !== false && found !== null && found !== '') return found;
    if (performance.now() > end) throw new Error(`${what()} did not come up`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** Folders under elogind's own with shared libraries in them. */
function libraryFolders(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => /^libelogind.*\.so/.test(entry.name))
    .map((entry) => entry.parentPath);
}

/**
 * A virtual screen with a window manager, elogind on a bus of its own, one session on it, and `xss-lock` that runs
 * `i3lock` when logind says so. `close` ends everything; nothing of the machine itself is changed.
 */
export async function realDesktop(): Promise<RealDesktop> {
  const folder = mkdtempSync(join(tmpdir(), 'usher-desktop-'));
  const children: ChildProcess[] = [];
  const display = await virtualDisplay();
  const close = (): void => {
    for (const child of children.splice(0).reverse()) child.kill('SIGTERM');
    display.close();
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', close);
  const socket = join(folder, 'bus');
  writeFileSync(join(folder, 'bus.conf'), busConfiguration(socket));
  children.push(
    spawn('dbus-daemon', ['--nofork', '--nopidfile', `--config-file=${join(folder, 'bus.conf')}`], { stdio: 'ignore' }),
  );
  await until(
    () => 'The message bus',
    () => existsSync(socket),
  );
  const systemBus = `unix:path=${socket}`;
  const environment = { ...process.env, DISPLAY: display.name, DBUS_SYSTEM_BUS_ADDRESS: systemBus };
  const libraries = [...new Set(libraryFolders(elogindRoot))].join(':');
  const elogind = spawn(join(elogindRoot, 'lib/elogind/elogind'), [], {
    env: { ...environment, LD_LIBRARY_PATH: libraries },
    stdio: 'ignore',
  });
  children.push(elogind);

  const leader = join(folder, 'leader.sh');
  writeFileSync(leader, leaderScript(folder));
  chmodSync(leader, 0o755);
  const opener = spawn(
    '/usr/bin/python3',
    [resolve(import.meta.dirname, 'open-session.py'), display.name, 'unshare', '-m', leader],
    {
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  children.push(opener);
  let printed = '';
  let errors = '';
  opener.stdout.on('data', (part: Buffer) => (printed += part.toString()));
  opener.stderr.on('data', (part: Buffer) => (errors += part.toString()));
  const session = await until(
    () => `A session of elogind (${errors})`,
    () => printed.trim(),
  );
  const log = join(folder, 'xev.log');
  const window = await until(
    () => 'The ordinary window',
    () => display.xdotool('search', '--name', 'Event Tester').trim(),
  );
  await until(
    () => 'The screen locker',
    () => existsSync(join(folder, 'xss-lock.ready')),
  );
  const keysSeen = () => [...readFileSync(log, 'utf8').matchAll(/^KeyPress event/gm)].length;
  return {
    ...display,
    close,
    unlock: () =>
      void spawnSync('dbus-send', [...toLogind, 'org.freedesktop.login1.Manager.UnlockSession', `string:${session}`], {
        env: environment,
      }),
    systemBus,
    session,
    isLocked: () => display.xdotool('search', '--class', 'i3lock').trim() !== '',
    keysSeen,
    run: (program, ...parameters) => spawnSync(program, parameters, { env: environment, encoding: 'utf8' }).stdout,
    libraries: { LD_LIBRARY_PATH: libraries },
    coveredBy: (windowClass) =>
      display.xdotool('search', '--onlyvisible', '--class', windowClass, 'getwindowgeometry', '%@'),
    focusOrdinaryWindow: () => void display.xdotool('windowfocus', '--sync', window.split('\n')[0] ?? ''),
  };
}

/**
 * What runs in the session: an ordinary window that writes down its keys, and the locker with a password of its own. PAM is
 * told about that password in a mount namespace, so that the machine's own configuration stays as it is.
 */
function leaderScript(folder: string): string {
  const pam = join(folder, 'pam.d');
  mkdirSync(pam);
  const check = join(folder, 'check-password');
  writeFileSync(check, `#!/bin/sh\n[ "$(tr -d '\\000')" = ${password} ]\n`);
  chmodSync(check, 0o755);
  writeFileSync(
    join(pam, 'i3lock'),
    `auth required pam_exec.so expose_authtok quiet ${check}\naccount required pam_permit.so\n`,
  );
  return `#!/bin/sh
mount --bind ${pam} /etc/pam.d || exit 1
trap 'kill $(jobs -p)' EXIT TERM
xev -event keyboard > ${folder}/xev.log &
xss-lock --ignore-sleep -- i3lock --nofork --color=204060 &
sleep 0.5
: > ${folder}/xss-lock.ready
wait
`;
}
