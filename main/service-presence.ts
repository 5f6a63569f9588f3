import type { SessionParams, SessionRequest, SessionResult, SessionView } from '../src/contract/session.ts';
import type { PageView } from '../src/contract/shell.ts';
import type { connectSession, SessionConnection } from '../src/wire/index.ts';
import { reconnectionDelayMs } from './reconnection-backoff.ts';

export interface ServicePresenceOptions {
  socketPath: string;
  agentVersion: string;
  connect: typeof connectSession;
  /** From 0 up to 1. */
  random(): number;
  /** Called whenever what the pages show has changed. */
  onChange(view: PageView): void;
  /** A sentence for the log. */
  onNote(note: string): void;
}

/** Keeps the shell connected to the service for as long as it runs, and the newest view at hand. */
export class ServicePresence {
  private readonly options: ServicePresenceOptions;
  private connection: SessionConnection | null = null;
  private latest: SessionView | null = null;
  private attempt = 0;
  private retry: NodeJS.Timeout | null = null;
  private stopped = false;
  private lastNote = '';

  constructor(options: ServicePresenceOptions) {
    this.options = options;
  }

  get view(): PageView {
    return { service: this.connection === null ? 'reconnecting' : 'connected', view: this.latest };
  }

  /** Begins connecting; a service that is away is tried again for ever. */
  start(): void {
    void this.connectOnce();
  }

  stop(): void {
    this.stopped = true;
    if (this.retry !== null) clearTimeout(this.retry);
    this.connection?.close();
    this.connection = null;
  }

  /** Asks the service; null while it cannot be reached. */
  async call<M extends SessionRequest>(method: M, params: SessionParams<M>): Promise<SessionResult<M> | null> {
    return this.connection === null ? null : this.connection.call(method, params);
  }

  private async connectOnce(): Promise<void> {
    let ended = false;
    try {
      const connection = await this.options.connect(this.options.socketPath, {
        role: 'shell',
        agentVersion: this.options.agentVersion,
        onView: (view) => {
          this.latest = view;
          if (this.connection !== null) this.changed();
        },
        onClosed: (reason) => {
          ended = true;
          this.lost(reason);
        },
      });
      if (this.stopped) return connection.close();
      if (ended) return;
      this.connection = connection;
      this.attempt = 0;
      this.note('Connected to the Usher service.');
      this.changed();
    } catch (error) {
      this.lost(error instanceof Error ? error.message : String(error));
    }
  }

  private lost(reason: string): void {
    if (this.stopped) return;
    const wasConnected = this.connection !== null;
    this.connection = null;
    this.note(reason);
    if (wasConnected) this.changed();
    const delayMs = reconnectionDelayMs(this.attempt, this.options.random());
    this.attempt += 1;
    this.retry = setTimeout(() => void this.connectOnce(), delayMs);
  }

  private changed(): void {
    this.options.onChange(this.view);
  }

  /** Says each thing once, not on every attempt. */
  private note(note: string): void {
    if (note !== this.lastNote) this.options.onNote(note);
    this.lastNote = note;
  }
}
