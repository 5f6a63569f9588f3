import { app, Menu, powerMonitor, session } from 'electron';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { shellReady } from '../src/contract/launcher.ts';
import type { PageView } from '../src/contract/shell.ts';
import { settingsFromEnvironment } from '../src/contract/settings.ts';
import type { z } from 'zod';
import { connectSession, socketPathFor } from '../src/wire/index.ts';
import { gateAtStart, gatePresence, isAsked, recordedStaysMs, type GatePresenceInput } from './gate-presence.ts';
import { IdleWatch } from './idle-watch.ts';
import { lockWindows } from './lock-windows.ts';
import { lockSession } from './lockdown.ts';
import { doFromTray } from './tray/deeds.ts';
import { windowToOpen, type OpenableWindow } from './open-argument.ts';
import { listenToPages } from './page-calls.ts';
import { shellFilesBeside } from './page-files.ts';
import { pageHandlers } from './page-handlers.ts';
import { ScreenLock } from './screen-lock.ts';
import { ServicePresence } from './service-presence.ts';
import { UsherTray } from './tray/tray.ts';
import { CornerWindow } from './windows/corner.ts';
import { KioskWindows } from './windows/kiosk.ts';
import { OrdinaryWindows } from './windows/ordinary.ts';
import { PageWindows } from './windows/page-window.ts';

/** Set by the build from package.json. */
declare const USHER_VERSION: string;

const note = (sentence: string): void => console.error(`usher shell: ${sentence}`);

function socketPath(): string {
  try {
    return socketPathFor(settingsFromEnvironment(process.env));
  } catch (error) {
    note(error instanceof Error ? error.message : String(error));
    process.exit(2);
  }
}

const socket = socketPath();
app.setName('Usher');
app.setAppUserModelId('school.usher.shell');
app.enableSandbox();
Menu.setApplicationMenu(null);
/** One shell for each person and service; a second start only tells the first what to open. */
const instance = createHash('sha256').update(socket).digest('hex').slice(0, 12);
app.setPath('userData', join(app.getPath('appData'), 'Usher', instance));

if (app.requestSingleInstanceLock()) void app.whenReady().then(start);
else app.quit();

function start(): void {
  if (process.platform === 'darwin') app.dock?.hide();
  const files = shellFilesBeside(import.meta.url);
  lockSession(session.defaultSession, files.pagesUrl);

  const pages = new PageWindows(files, note);
  const gate = new KioskWindows(pages, { main: 'gate', other: 'cover', holds: true });
  const warning = new KioskWindows(pages, { main: 'idleWarning', other: 'idleWarning', holds: false });
  const cover = new KioskWindows(pages, { main: 'lockCover', other: 'lockCover', holds: true });
  const strip = new CornerWindow(pages, {
    page: 'presenting',
    width: 560,
    height: 52,
    where: 'top',
    title: 'Presenting',
  });
  const standing = new CornerWindow(pages, {
    page: 'standing',
    width: 720,
    height: 64,
    where: 'top',
    title: 'You have not accepted the policy',
  });
  const notice = new CornerWindow(pages, {
    page: 'notice',
    width: 440,
    height: 360,
    where: 'corner',
    title: 'A notice from Usher',
  });
  const ordinary = new OrdinaryWindows(pages);
  let presence = gateAtStart;

  const onGate = (input: GatePresenceInput): void => {
    presence = gatePresence(presence, input, Date.now());
    if (presence.recordedUntilMs !== null) setTimeout(() => onGate({ kind: 'timePassed' }), recordedStaysMs + 50);
    if (presence.up) ordinary.closeAll();
    gate.show(presence.up);
  };
  const onLock = (view: PageView): void => {
    const wanted = lockWindows(view);
    if (wanted.cover) ordinary.closeAll();
    gate.rest(wanted.cover);
    cover.show(wanted.cover);
    warning.show(wanted.warning);
    strip.show(wanted.presenting);
    standing.show(wanted.standing);
    notice.show(wanted.notice);
  };
  const open = (name: OpenableWindow): void => {
    if (cover.isUp) cover.focus();
    else if (presence.up) gate.focus();
    else ordinary.show(name);
  };
  const tray = new UsherTray({
    locale: { language: app.getLocale() || 'en-GB', timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone },
    now: () => new Date(),
    onOpen: open,
    onDo: (deed) => void doFromTray(service, deed, note),
  });
  const service = new ServicePresence({
    socketPath: socket,
    agentVersion: USHER_VERSION,
    connect: connectSession,
    random: Math.random,
    onNote: note,
    onChange(view) {
      if (view.view !== null) onGate({ kind: 'viewed', asked: isAsked(view.view.gate) });
      onLock(view);
      screenLock.viewed(view);
      idle.viewed(view);
      tray.show(view);
      pages.broadcast(view);
    },
  });
  const screenLock = new ScreenLock(service);
  const idle = new IdleWatch({
    idleSeconds: () => powerMonitor.getSystemIdleTime(),
    service,
    onLocksIn: (seconds) => tray.locksIn(seconds),
  });
  // Electron tells of these on Windows and macOS; on Linux the service hears of them from logind.
  powerMonitor.on('lock-screen', () => void service.call('screenLockChanged', { locked: true }));
  powerMonitor.on('unlock-screen', () => void service.call('screenLockChanged', { locked: false }));
  listenToPages({
    pagesUrl: files.pagesUrl,
    pageOf: (contents) => pages.pageOf(contents),
    handlers: pageHandlers({ service, gate, pages, isAsking: () => presence.asked, onGate }),
    onRefused: note,
  });

  app.on('second-instance', (_event, argv) => {
    const wanted = windowToOpen(argv);
    if (wanted !== null) open(wanted);
  });
  // Without this listener Electron would end with its last window; the shell lives in the tray.
  app.on('window-all-closed', () => undefined);
  app.on('before-quit', () => {
    for (const windows of [gate, warning, cover]) windows.allowClosing();
    for (const corner of [strip, standing, notice]) corner.show(false);
    idle.stop();
    service.stop();
  });

  service.start();
  const wanted = windowToOpen(process.argv);
  if (wanted !== null) open(wanted);
  announce();
}

/** One line for the process that started the shell. `--shown-as` and `--viewer` are set by what shows the windows. */
function announce(): void {
  const ready: z.infer<typeof shellReady> = {
    kind: 'shellReady',
    shownAs: app.commandLine.getSwitchValue('shown-as') || `Electron ${process.versions.electron}`,
    viewer: app.commandLine.getSwitchValue('viewer') || null,
  };
  console.log(`usher-ready ${JSON.stringify(ready)}`);
}
