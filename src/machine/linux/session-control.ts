import { spawn } from 'node:child_process';
import { homedir } from 'node:os';
import type { PresentationSignal } from '../../contract/policy-rules.ts';
import type { OsSession, OsSessionEvent, SessionControl, SessionProcess } from '../machine.ts';
import { asUser, runInSession } from '../run-in-session.ts';
import {
  asOsSession,
  hintedIdleMs,
  isPersonsSession,
  sessionProperties,
  type SessionProperties,
} from './logind-session.ts';
import { activeDisplays, inhibitorSignals, isFullScreen, programName, windowIds } from './presentation-signals.ts';
import { SystemBus, type BusSignal } from './system-bus.ts';

const service = 'org.freedesktop.login1';
const managerPath = '/org/freedesktop/login1';
const managerFace = 'org.freedesktop.login1.Manager';
const sessionFace = 'org.freedesktop.login1.Session';
const propertiesFace = 'org.freedesktop.DBus.Properties';
/** Windows looked at for full screen and for programs. */
const windowsLookedAt = 40;

/** Sessions through systemd-logind or elogind, and through the session's own display where that has to be. */
export class LinuxSessions implements SessionControl {
  readonly #bus = new SystemBus();
  readonly #bootName: string;
  /** What was last told of each session, by object path. */
  readonly #known = new Map<string, OsSession>();
  #listener: ((event: OsSessionEvent) => void) | null = null;
  #ready = false;

  constructor(bootName: string) {
    this.#bootName = bootName;
    this.#bus.on('up', () => void this.#begin());
    this.#bus.on('down', (why) => this.#away(why));
    this.#bus.on('signal', (signal) => void this.#onSignal(signal));
  }

  watch(onEvent: (event: OsSessionEvent) => void): { close(): Promise<void> } {
    this.#listener = onEvent;
    this.#bus.open();
    return {
      close: () => {
        this.#listener = null;
        this.#bus.close();
        return Promise.resolve();
      },
    };
  }

  /** The session in which a user has their desktop; null where logind does not say. Never rejects. */
  async displaySessionOf(uid: number): Promise<string | null> {
    const own = [...this.#known.values()].filter(({ account }) => account.id === String(uid));
    if (own.length <= 1 || !this.#ready) return own[0]?.session ?? null;
    try {
      const [user] = await this.#manager('GetUser', 'u', [uid]);
      const display = await this.#property(String(user), 'org.freedesktop.login1.User', 'Display');
      const id = Array.isArray(display) ? String(display[0] ?? '') : '';
      return id === '' ? null : `${this.#bootName}-${id}`;
    } catch {
      return own[0]?.session ?? null;
    }
  }

  async lock(session: string): Promise<'asked' | 'inSession'> {
    const id = this.#idOf(session);
    if (id === null || !this.#ready) return 'inSession';
    await this.#manager('LockSession', 's', [id]);
    return 'asked';
  }

  async signOut(session: string): Promise<void> {
    const id = this.#idOf(session);
    if (id === null || !this.#ready) {
      throw new Error('This computer has no session service (logind) that could end the session');
    }
    await this.#manager('TerminateSession', 's', [id]);
  }

  async shutDown(): Promise<void> {
    await this.#manager('PowerOff', 'b', [false]);
  }

  async idleMs(session: string, peer: SessionProcess | null): Promise<number | null> {
    const properties = await this.#propertiesOf(session);
    const hinted = properties === null ? null : hintedIdleMs(properties, Number(process.hrtime.bigint()) / 1e6);
    if (hinted !== null || peer?.environment['DISPLAY'] === undefined) return hinted;
    // https://manpages.debian.org/xprintidle: milliseconds by the X screen saver extension.
    const printed = await runInSession('xprintidle', [], peer);
    return printed !== null && /^\d+\s*$/.test(printed) ? Number(printed) : null;
  }

  async presentationSignals(_session: string, peer: SessionProcess | null): Promise<PresentationSignal[]> {
    if (peer === null) return [];
    const [listed, fullScreen] = await Promise.all([
      this.#manager('ListInhibitors').catch(() => []),
      this.#isFullScreenOnSeveralDisplays(peer),
    ]);
    return [...inhibitorSignals(listed[0], Number(peer.accountId)), ...(fullScreen ? (['fullScreen'] as const) : [])];
  }

  async openPrograms(_session: string, peer: SessionProcess | null): Promise<string[]> {
    if (peer === null || peer.environment['DISPLAY'] === undefined) return [];
    const ids = await this.#windows(peer);
    const names = await Promise.all(
      ids.map(async (id) => programName((await runInSession('xprop', ['-id', id, 'WM_CLASS'], peer)) ?? '')),
    );
    return [...new Set(names.filter((name) => name !== null))].sort();
  }

  startShell(program: string, peer: SessionProcess): Promise<void> {
    return new Promise((resolve, reject) => {
      const environment = { HOME: homedir(), PATH: '/usr/local/bin:/usr/bin:/bin', ...peer.environment };
      const child = spawn(program, [], { env: environment, stdio: 'ignore', detached: true, ...asUser(peer) });
      child.once('error', (error) =>
        reject(new Error(`The program ${program} could not be started: ${error.message}`)),
      );
      child.once('spawn', () => {
        child.unref();
        resolve();
      });
    });
  }

  async #begin(): Promise<void> {
    try {
      await this.#bus.subscribe(`type='signal',sender='${service}'`);
      await this.#bus.subscribe(
        `type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='${service}'`,
      );
      await this.#listAll();
    } catch (error) {
      this.#away(error instanceof Error ? error.message : String(error));
    }
  }

  async #listAll(): Promise<void> {
    const [listed] = await this.#manager('ListSessions');
    const paths = Array.isArray(listed)
      ? listed.flatMap((row: unknown) => (Array.isArray(row) ? [String(row[4])] : []))
      : [];
    this.#known.clear();
    for (const path of paths) {
      const session = await this.#read(path);
      if (session !== null) this.#known.set(path, session);
    }
    this.#ready = true;
    this.#listener?.({ kind: 'available', sessions: [...this.#known.values()] });
  }

  #away(why: string): void {
    this.#ready = false;
    this.#listener?.({ kind: 'unavailable', why });
  }

  async #onSignal({ path, interface: face, member, body }: BusSignal): Promise<void> {
    if (member === 'NameOwnerChanged') {
      if (body[2] === '') return this.#away('The session service (logind) stopped');
      return this.#listAll().catch((error: unknown) => this.#away(String(error)));
    }
    if (face === managerFace) return this.#onManagerSignal(member, body);
    if (face === propertiesFace && member === 'PropertiesChanged' && body[0] === sessionFace) await this.#changed(path);
  }

  async #onManagerSignal(member: string, body: readonly unknown[]): Promise<void> {
    const path = String(body[1] ?? '');
    switch (member) {
      case 'SessionNew':
        return this.#changed(path);
      case 'SessionRemoved': {
        const gone = this.#known.get(path);
        this.#known.delete(path);
        if (gone !== undefined) this.#listener?.({ kind: 'ended', session: gone.session });
        return;
      }
      case 'PrepareForSleep':
        return this.#listener?.({ kind: body[0] === true ? 'sleeping' : 'woke' });
      case 'PrepareForShutdown':
        if (body[0] === true) this.#listener?.({ kind: 'shuttingDown' });
    }
  }

  async #changed(path: string): Promise<void> {
    const session = await this.#read(path);
    const before = this.#known.get(path);
    if (session === null) {
      this.#known.delete(path);
      if (before !== undefined) this.#listener?.({ kind: 'ended', session: before.session });
      return;
    }
    if (JSON.stringify(session) === JSON.stringify(before)) return;
    this.#known.set(path, session);
    this.#listener?.({ kind: before === undefined ? 'began' : 'changed', session });
  }

  async #read(path: string): Promise<OsSession | null> {
    const properties = await this.#readProperties(path);
    return properties !== null && isPersonsSession(properties) ? asOsSession(properties, this.#bootName) : null;
  }

  async #readProperties(path: string): Promise<SessionProperties | null> {
    try {
      const [all] = await this.#bus.call(service, path, propertiesFace, 'GetAll', 's', [sessionFace]);
      const parsed = sessionProperties.safeParse(all);
      return parsed.success ? parsed.data : null;
    } catch {
      return null;
    }
  }

  async #propertiesOf(session: string): Promise<SessionProperties | null> {
    const path = [...this.#known].find(([, known]) => known.session === session)?.[0];
    return path === undefined || !this.#ready ? null : this.#readProperties(path);
  }

  async #property(path: string, face: string, name: string): Promise<unknown> {
    const [found] = await this.#bus.call(service, path, propertiesFace, 'Get', 'ss', [face, name]);
    return typeof found === 'object' && found !== null && 'value' in found ? found.value : null;
  }

  #manager(member: string, signature = '', body: unknown[] = []): Promise<readonly unknown[]> {
    return this.#bus.call(service, managerPath, managerFace, member, signature, body);
  }

  /** logind's own id; null for a session it does not know. */
  #idOf(session: string): string | null {
    const known = [...this.#known.values()].some((one) => one.session === session);
    return known ? session.slice(this.#bootName.length + 1) : null;
  }

  async #windows(peer: SessionProcess): Promise<string[]> {
    const list = await runInSession('xprop', ['-root', '_NET_CLIENT_LIST'], peer);
    return windowIds(list ?? '').slice(-windowsLookedAt);
  }

  async #isFullScreenOnSeveralDisplays(peer: SessionProcess): Promise<boolean> {
    if (peer.environment['DISPLAY'] === undefined) return false;
    const displays = activeDisplays((await runInSession('xrandr', ['--listactivemonitors'], peer)) ?? '');
    if (displays < 2) return false;
    for (const id of await this.#windows(peer)) {
      const [state, name] = await Promise.all([
        runInSession('xprop', ['-id', id, '_NET_WM_STATE'], peer),
        runInSession('xprop', ['-id', id, '_NET_WM_PID'], peer),
      ]);
      const own = new RegExp(`= ${peer.processId}\\b`).test(name ?? '');
      if (!own && isFullScreen(state ?? '')) return true;
    }
    return false;
  }
}
