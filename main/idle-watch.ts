import type { PageView } from '../src/contract/shell.ts';
import type { ServicePresence } from './service-presence.ts';

/** Asked again so soon while the service does not answer. */
const retryMs = 1_000;

export interface IdleWatchOptions {
  /** Seconds since the last input in this session, as the system counts them. */
  idleSeconds(): number;
  service: Pick<ServicePresence, 'call'>;
  /** The screen locks after so long if nobody touches the computer; null when it does not. */
  onLocksIn(seconds: number | null): void;
}

/**
 * Reads the session's idle clock whenever the service wants it and passes it on. What follows from it is decided there;
 * between two readings nothing runs here.
 */
export class IdleWatch {
  private readonly options: IdleWatchOptions;
  private timer: NodeJS.Timeout | null = null;
  private asking = false;
  private phase = '';
  private running = false;

  constructor(options: IdleWatchOptions) {
    this.options = options;
  }

  /** The service can be reached, or something it decided has changed: it wants to know at once. */
  viewed(view: PageView): void {
    if (view.service !== 'connected' || view.view === null) return;
    const phase = `${view.view.lock.phase} ${view.view.presentation.running?.startedAt ?? ''}`;
    if (this.running && phase === this.phase) return;
    this.running = true;
    this.phase = phase;
    void this.read();
  }

  stop(): void {
    this.running = false;
    if (this.timer !== null) clearTimeout(this.timer);
  }

  private async read(): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    if (this.timer !== null) clearTimeout(this.timer);
    const idleMs = Math.max(0, this.options.idleSeconds()) * 1_000;
    const answer = await this.options.service.call('idleSampled', { idleMs });
    this.asking = false;
    if (!this.running) return;
    if (answer?.ok === true) this.options.onLocksIn(answer.value.locksInSeconds);
    this.timer = setTimeout(() => void this.read(), answer?.ok === true ? answer.value.nextSampleInMs : retryMs);
  }
}
