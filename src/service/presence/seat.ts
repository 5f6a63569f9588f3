import type { Account, EventCore, EventDraft } from '../../contract/event.ts';
import {
  idleFinding,
  type ClauseReference,
  type IdleFinding,
  type LockView,
  type PresentationView,
  type SessionNotice,
} from '../../contract/lock.ts';
import type { SignedPolicy } from '../../contract/policy.ts';
import type { Machine, SessionProcess } from '../../machine/index.ts';
import { distrustsShell, idleHealthUnknown, stepIdleHealth, type IdleHealthInput } from '../../rules/idle-health.ts';
import {
  idleLock,
  sampleInMs,
  stepIdleLock,
  wakeAtMs,
  type IdleLockEffect,
  type IdleLockInput,
  type IdleLockState,
  type LockTerms,
} from '../../rules/idle-lock/idle-lock.ts';
import { clauseReferenceOf, lockTermsOf } from '../../rules/idle-lock/lock-terms.ts';
import { lockViewOf, presentationViewOf } from '../../rules/idle-lock/lock-view.ts';
import { lockDueMs } from '../../rules/idle-lock/times.ts';
import type { Moment } from '../../rules/moment.ts';
import type { ServiceLog } from '../service-log.ts';

export interface SeatOptions {
  session: string;
  account: Account;
  machine: Pick<Machine, 'sessions'>;
  sharedMachine: boolean;
  policy: SignedPolicy | null;
  moment: () => Moment;
  log: ServiceLog;
  record(draft: EventDraft): void;
  /** What the session's shell shows has changed. */
  onChange(): void;
}

/** The second source is compared with the shell's this often. */
const compareEveryMs = 60_000;

/** One signed-in session: its idle lock, how well its idle clock works, and what it is told. */
export class Seat {
  readonly session: string;
  readonly account: Account;
  /** Shells connected from here. */
  shells = 0;
  /** Through which the session's display and bus are reached; kept after the shell ended. */
  process: SessionProcess | null = null;
  readonly notices = new Map<string, SessionNotice>();
  readonly #options: SeatOptions;
  #policy: SignedPolicy | null;
  #terms: LockTerms | null;
  #lock: IdleLockState;
  #health = idleHealthUnknown;
  #programs: string[] = [];
  #comparedMs = 0;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(options: SeatOptions) {
    this.#options = options;
    this.session = options.session;
    this.account = options.account;
    this.#policy = options.policy;
    this.#terms = lockTermsOf(options.policy, options.sharedMachine);
    this.#lock = idleLock(options.moment());
  }

  get lock(): IdleLockState {
    return this.#lock;
  }
  get terms(): LockTerms | null {
    return this.#terms;
  }
  get policy(): SignedPolicy | null {
    return this.#policy;
  }
  /** Did Usher itself ask for a lock that is under way? */
  get isLocking(): boolean {
    return this.#lock.phase.kind === 'locking';
  }

  policyArrived(policy: SignedPolicy | null): void {
    this.#policy = policy;
    this.#terms = lockTermsOf(policy, this.#options.sharedMachine);
    this.take({ kind: 'termsChanged' });
    this.#options.onChange();
  }

  /** The shell's idle clock was read. @returns when to read it again, and when the screen would lock. */
  async sampled(idleMs: number): Promise<{ nextSampleInMs: number; locksInSeconds: number | null }> {
    const { moment } = this.#options;
    const nowMs = moment().uptimeMs;
    const distrusted = distrustsShell(this.#health);
    const compare = this.#terms !== null && (distrusted || nowMs - this.#comparedMs >= compareEveryMs);
    if (compare) this.#comparedMs = nowMs;
    const systemIdleMs = compare ? await this.#options.machine.sessions.idleMs(this.session, this.process) : null;
    this.check({ kind: 'sampled', idleMs, systemIdleMs });
    const believedMs = distrustsShell(this.#health) ? (systemIdleMs ?? idleMs) : idleMs;
    this.take({ kind: 'idleSampled', source: 'shell', idleMs: believedMs });
    const after = moment().uptimeMs;
    const counts = this.#terms !== null && this.#lock.presentation === null && this.#lock.phase.kind !== 'locked';
    return {
      nextSampleInMs: Math.ceil(sampleInMs(this.#lock, this.#terms, after)),
      locksInSeconds:
        counts && this.#terms !== null
          ? Math.max(0, Math.ceil((lockDueMs(this.#lock, this.#terms) - after) / 1_000))
          : null,
    };
  }

  /** Something that shows how well the idle clock works. */
  check(input: IdleHealthInput): void {
    const step = stepIdleHealth(this.#health, input, this.#options.moment().uptimeMs);
    this.#health = step.state;
    for (const data of step.found) this.#record({ type: 'idle.detectionBroken', data }, null);
    for (const finding of step.restored) this.#record({ type: 'idle.detectionRestored', data: { finding } }, null);
    if (step.found.length + step.restored.length > 0) this.#options.onChange();
  }

  take(input: IdleLockInput): void {
    if (this.#closed) return;
    const before = this.#lock;
    const { state, effects } = stepIdleLock(before, input, this.#terms, this.#options.moment());
    this.#lock = state;
    if (input.kind === 'ended') this.close();
    for (const effect of effects) this.#carryOut(effect);
    if (this.#terms?.action === 'signOut' && state.phase.kind === 'warning' && before.phase.kind !== 'warning') {
      void this.#listPrograms();
    }
    if (looksDifferent(before, state)) this.#options.onChange();
    this.#arrange();
  }

  lockView(): LockView {
    return lockViewOf(this.#viewParts());
  }
  presentationView(): PresentationView {
    return presentationViewOf(this.#viewParts());
  }
  /** What is wrong with the idle clock, in words for a technician. */
  troubles(): { finding: IdleFinding; detail: string }[] {
    return idleFinding.options.flatMap((finding) => {
      const detail = this.#health.open[finding];
      return detail === undefined ? [] : [{ finding, detail }];
    });
  }
  clauseOf(id: string): ClauseReference | null {
    return this.#policy === null ? null : clauseReferenceOf(this.#policy, id);
  }

  /** No timer and no effect after this. */
  close(): void {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #viewParts() {
    return {
      state: this.#lock,
      terms: this.#terms,
      now: this.#options.moment(),
      clauseOf: (id: string) => this.clauseOf(id),
      programs: this.#programs,
    };
  }

  #arrange(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const wakeAt = this.#closed ? null : wakeAtMs(this.#lock, this.#terms);
    if (wakeAt === null) return;
    const inMs = Math.min(Math.max(1, Math.ceil(wakeAt - this.#options.moment().uptimeMs)), 0x7fff_ffff);
    this.#timer = setTimeout(() => this.take({ kind: 'timePassed' }), inMs);
  }

  #carryOut(effect: IdleLockEffect): void {
    const { sessions } = this.#options.machine;
    switch (effect.kind) {
      case 'record': {
        const { authority, kind: _kind, ...event } = effect;
        this.#record(event, authority);
        if (event.type === 'lock.failed')
          this.#options.log.error('The screen could not be locked', { why: event.data.why });
        return;
      }
      case 'lock':
        return void this.#askToLock();
      case 'signOut':
        sessions
          .signOut(this.session)
          .catch((error: unknown) => this.take({ kind: 'lockFailed', why: sentenceOf(error) }));
        return;
      case 'askSystemIdle':
        void sessions.idleMs(this.session, this.process).then((idleMs) => {
          this.take(
            idleMs === null ? { kind: 'systemIdleUnknown' } : { kind: 'idleSampled', source: 'system', idleMs },
          );
          if (this.shells === 0) this.check({ kind: 'source', available: idleMs !== null });
        });
        return;
      case 'lookForPresentation':
        void sessions
          .presentationSignals(this.session, this.process)
          .then((signals) => this.take({ kind: 'signalsSeen', signals }));
    }
  }

  async #askToLock(): Promise<void> {
    try {
      const asked = await this.#options.machine.sessions.lock(this.session, this.shells > 0);
      if (asked === 'asked') return;
      if (this.shells > 0) this.take({ kind: 'lockedFromInside' });
      else {
        const why = 'This session can only be locked from inside, and the program that would do it is not running';
        this.take({ kind: 'lockFailed', why });
      }
    } catch (error) {
      this.take({ kind: 'lockFailed', why: sentenceOf(error) });
    }
  }

  async #listPrograms(): Promise<void> {
    this.#programs = await this.#options.machine.sessions.openPrograms(this.session, this.process);
    if (this.#lock.phase.kind === 'warning') this.#options.onChange();
  }

  #record(event: EventCore, authority: { policyVersion: number | null; clause: string } | null): void {
    const { account, session } = this;
    this.#options.record({ ...event, account, session, subject: null, rule: authority });
  }
}

const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 300);

/** Does what a shell shows depend on the difference? A newer sample of idle time alone shows nothing. */
function looksDifferent(before: IdleLockState, after: IdleLockState): boolean {
  return (
    before.phase !== after.phase ||
    before.presentation !== after.presentation ||
    before.extended !== after.extended ||
    before.notBeforeMs !== after.notBeforeMs
  );
}
