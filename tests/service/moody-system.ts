import type { PresentationSignal } from '../../src/contract/policy-rules.ts';
import {
  thisMachine,
  type Machine,
  type OsSession,
  type OsSessionEvent,
  type SessionControl,
} from '../../src/machine/index.ts';

type LockMood =
  | { kind: 'locks'; afterMs: number }
  | { kind: 'silent' }
  | { kind: 'throws'; sentence: string }
  | { kind: 'inSession' }
  | { kind: 'vanishes' };

/** The operating system's side of sessions, with moods. Everything else of the machine is the real one. */
export class MoodySystem implements SessionControl {
  mood: LockMood = { kind: 'locks', afterMs: 20 };
  systemIdleMs: number | null = 0;
  signals: PresentationSignal[] = [];
  programs: string[] = [];
  passwordAgeDays: number | null = null;
  readonly asked: string[] = [];
  readonly #sessions = new Map<string, OsSession>();
  #tell: (event: OsSessionEvent) => void = () => undefined;

  watch(onEvent: (event: OsSessionEvent) => void): { close(): Promise<void> } {
    this.#tell = onEvent;
    setImmediate(() => onEvent({ kind: 'available', sessions: [...this.#sessions.values()] }));
    return { close: () => Promise.resolve() };
  }

  tell(event: OsSessionEvent): void {
    if (event.kind === 'began' || event.kind === 'changed') this.#sessions.set(event.session.session, event.session);
    if (event.kind === 'ended') this.#sessions.delete(event.session);
    this.#tell(event);
  }

  /** Signs somebody in; `change` later, by the same name. */
  session(session: string, name: string, change: Partial<OsSession> = {}): void {
    const known = this.#sessions.get(session);
    const base: OsSession = known ?? {
      session,
      account: { id: '1001', name },
      active: true,
      locked: false,
      remote: false,
    };
    this.tell({ kind: known === undefined ? 'began' : 'changed', session: { ...base, ...change } });
  }

  lock(session: string): Promise<'asked' | 'inSession'> {
    this.asked.push(`lock ${session}`);
    const { mood } = this;
    if (mood.kind === 'throws') return Promise.reject(new Error(mood.sentence));
    if (mood.kind === 'inSession') return Promise.resolve('inSession');
    if (mood.kind === 'vanishes') this.tell({ kind: 'ended', session });
    if (mood.kind === 'locks') setTimeout(() => this.session(session, '', { locked: true }), mood.afterMs);
    return Promise.resolve('asked');
  }

  signOut(session: string): Promise<void> {
    this.asked.push(`signOut ${session}`);
    if (this.mood.kind === 'throws') return Promise.reject(new Error(this.mood.sentence));
    if (this.mood.kind !== 'silent') setTimeout(() => this.tell({ kind: 'ended', session }), 20);
    return Promise.resolve();
  }

  shutDown(): Promise<void> {
    this.asked.push('shutDown');
    return Promise.resolve();
  }
  idleMs(): Promise<number | null> {
    return Promise.resolve(this.systemIdleMs);
  }
  presentationSignals(): Promise<PresentationSignal[]> {
    return Promise.resolve(this.signals);
  }
  openPrograms(): Promise<string[]> {
    return Promise.resolve(this.programs);
  }
  startShell(program: string): Promise<void> {
    this.asked.push(`start ${program}`);
    return Promise.resolve();
  }
}

/** This machine, with its sessions in other hands and a clock that can be put forward. */
export async function machineWith(system: MoodySystem, options: { bootId?: string } = {}) {
  const real = await thisMachine();
  let asleepMs = 0;
  const machine: Machine = {
    ...real,
    bootId: options.bootId ?? real.bootId,
    uptimeMs: () => real.uptimeMs() + asleepMs,
    sessions: system,
    condition: { ...real.condition, passwordAgeDays: () => Promise.resolve(system.passwordAgeDays) },
  };
  return {
    machine,
    /** The lid was closed for so long. */
    sleep(ms: number) {
      system.tell({ kind: 'sleeping' });
      asleepMs += ms;
      system.tell({ kind: 'woke' });
    },
  };
}
