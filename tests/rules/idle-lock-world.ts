import {
  idleLock,
  sampleInMs,
  stepIdleLock,
  wakeAtMs,
  type IdleLockEffect,
  type IdleLockInput,
  type IdleLockState,
  type LockTerms,
} from '../../src/rules/idle-lock/idle-lock.ts';

/** How the operating system takes a request to lock or sign out. */
export type Mood =
  | { kind: 'confirms'; afterMs: number }
  | { kind: 'silent' }
  | { kind: 'refuses' }
  | { kind: 'inSession'; afterMs: number };

export type Step =
  | { do: 'wait'; ms: number }
  | { do: 'touch' }
  | { do: 'keepTouching'; times: number; everyMs: number }
  | { do: 'shell'; is: 'alive' | 'silent' | 'gone' }
  | { do: 'sleep'; ms: number }
  | { do: 'askLock' }
  | { do: 'unlock' }
  | { do: 'personLocks' }
  | { do: 'extend' }
  | { do: 'present'; minutes: number }
  | { do: 'stopPresenting' }
  | { do: 'signals'; on: boolean }
  | { do: 'mood'; mood: Mood }
  | { do: 'systemIdle'; is: 'right' | 'unknown' }
  | { do: 'moveClock'; byMs: number };

type Requested = Extract<IdleLockEffect, { type: 'lock.requested' }>;

/**
 * A room with a computer in it: one person who touches it or does not, a shell that reads an idle clock, an operating
 * system with moods, and the lock under test between them. Everything happens in simulated time.
 */
export class World {
  now = 1_000_000;
  /** What the lock did that it never may. */
  readonly faults: string[] = [];
  readonly requests: Requested[] = [];
  /** How late each idle lock was for which nothing went wrong since the last touch. */
  readonly latenessMs: number[] = [];
  readonly presentations: number[] = [];
  ended = false;
  state: IdleLockState;
  readonly #terms: LockTerms;
  /** The idle clock shows whole seconds, as Electron's does. */
  readonly #coarse: boolean;
  readonly #learntLateMs: number;
  #round = 0;
  #awake = 1_000_000;
  #wallAhead = 0;
  #touched = 1_000_000;
  #touchedAwake = 1_000_000;
  /** A touch after the idle clock was read cannot be in what was read. */
  #touchedWhenRead = 1_000_000;
  #locked = false;
  #requestOpen = false;
  #undisturbed = false;
  #mayLockFrom = 0;
  #shell: 'alive' | 'silent' | 'gone' = 'gone';
  #mood: Mood = { kind: 'confirms', afterMs: 150 };
  #systemIdle: 'right' | 'unknown' = 'right';
  #signals = false;
  #sampleAt = Infinity;
  /** By the clock that stands still while the machine sleeps: nobody sees a sleeping screen. */
  #presentingSince = 0;
  #coming: { at: number; run: () => void }[] = [];

  constructor(terms: LockTerms, coarse: boolean, learntLateMs = 5) {
    this.#learntLateMs = learntLateMs;
    this.#terms = terms;
    this.#coarse = coarse;
    this.state = idleLock(this.#moment());
    this.take({ do: 'shell', is: 'alive' });
    this.take({ do: 'touch' });
  }

  get isSafe(): boolean {
    const { phase } = this.state;
    return this.ended || phase.kind === 'locked' || (phase.kind === 'locking' && phase.covered !== null);
  }

  take(step: Step): void {
    if (this.ended) return;
    switch (step.do) {
      case 'wait':
        return this.#pass(step.ms);
      case 'touch':
        return this.#touch();
      case 'keepTouching':
        for (let time = 0; time < step.times; time += 1) {
          this.#pass(step.everyMs);
          this.#touch();
        }
        return;
      case 'shell':
        this.#undisturbed = false;
        if (this.#shell !== 'gone' && step.is === 'gone') this.#feed({ kind: 'shellLost' });
        if (this.#shell === 'gone' && step.is !== 'gone') this.#feed({ kind: 'shellSeen' });
        this.#shell = step.is;
        this.#sampleAt = step.is === 'alive' ? this.now : Infinity;
        return;
      case 'sleep': {
        this.now += step.ms;
        this.#undisturbed = false;
        const shouldLock = step.ms >= this.#terms.lockAfterMs;
        this.#feed({ kind: 'slept', asleepMs: step.ms });
        if (shouldLock && (this.state.phase.kind === 'watching' || this.state.phase.kind === 'warning')) {
          this.faults.push(`slept ${step.ms} and woke open`);
        }
        return;
      }
      case 'askLock':
        return this.#feed({ kind: 'lockAsked', reason: 'person', authority: null });
      case 'personLocks':
        this.#setLocked();
        return;
      case 'unlock':
        if (!this.#locked) return;
        this.#locked = false;
        this.#requestOpen = false;
        this.#touch();
        return this.#feed({ kind: 'unlocked' });
      case 'extend':
        return this.#feed({ kind: 'extendAsked' });
      case 'present':
        this.#touch();
        return this.#feed({ kind: 'presentationAsked', minutes: step.minutes });
      case 'stopPresenting':
        return this.#feed({ kind: 'presentationEndAsked' });
      case 'signals':
        this.#signals = step.on;
        return;
      case 'mood':
        this.#mood = step.mood;
        return;
      case 'systemIdle':
        this.#undisturbed = false;
        this.#systemIdle = step.is;
        return;
      case 'moveClock':
        this.#wallAhead += step.byMs;
        return;
    }
  }

  #moment() {
    return { atMs: 1_700_000_000_000 + this.now + this.#wallAhead, uptimeMs: this.now };
  }

  #touch(): void {
    this.#touched = this.now;
    this.#touchedAwake = this.#awake;
    this.#undisturbed = this.#shell === 'alive';
  }

  #idleMs(): number {
    const idle = this.#awake - this.#touchedAwake;
    return this.#coarse ? Math.floor(idle / 1_000) * 1_000 : idle;
  }

  #pass(ms: number): void {
    const until = this.now + ms;
    let rounds = 0;
    while (!this.ended) {
      this.#coming.sort((one, other) => one.at - other.at);
      const wakeAt = wakeAtMs(this.state, this.#terms) ?? Infinity;
      const next = Math.min(this.#coming[0]?.at ?? Infinity, this.#sampleAt, Math.max(wakeAt, this.now));
      if (next > until) break;
      rounds += 1;
      if (rounds > 100_000) throw new Error('The lock asks to be woken without end');
      this.#to(Math.max(next, this.now));
      if (next === this.#coming[0]?.at) this.#coming.shift()?.run();
      else if (next === this.#sampleAt) this.#sample();
      else {
        this.#feed({ kind: 'timePassed' });
        // A timer that fires in the same instant again would fire a millisecond later on a real clock.
        if ((wakeAtMs(this.state, this.#terms) ?? Infinity) <= this.now) this.#to(this.now + 1);
      }
    }
    if (!this.ended) this.#to(Math.max(until, this.now));
  }

  #to(at: number): void {
    this.#awake += at - this.now;
    this.now = at;
  }

  #sample(): void {
    const idleMs = this.#idleMs();
    const touched = this.#touched;
    this.#sampleAt = Infinity;
    // What was read is learnt a little later, sometimes at once and sometimes not.
    this.#round += 1;
    this.#later((this.#round * 37) % (this.#learntLateMs + 1), () => {
      this.#touchedWhenRead = touched;
      this.#feed({ kind: 'idleSampled', source: 'shell', idleMs });
      if (this.#shell !== 'alive') return;
      this.#sampleAt = this.now + Math.ceil(sampleInMs(this.state, this.#terms, this.now));
    });
  }

  #later(inMs: number, run: () => void): void {
    this.#coming.push({ at: this.now + inMs, run });
  }

  #setLocked(): void {
    if (this.#locked || this.ended) return;
    this.#locked = true;
    this.#feed({ kind: 'locked' });
  }

  #feed(input: IdleLockInput): void {
    if (this.ended) return;
    const before = this.state;
    const { state, effects } = stepIdleLock(before, input, this.#terms, this.#moment());
    this.state = state;
    for (const effect of effects) this.#carryOut(effect, before);
    if (before.presentation !== null && state.presentation !== before.presentation) {
      this.presentations.push(this.#awake - this.#presentingSince);
    }
    if (state.presentation !== null && state.presentation !== before.presentation) this.#presentingSince = this.#awake;
    // The shell hears of every change it shows, and reads its idle clock at once then.
    const looksDifferent = before.phase.kind !== state.phase.kind || before.presentation !== state.presentation;
    if (looksDifferent && this.#shell === 'alive' && this.#sampleAt !== Infinity) this.#sampleAt = this.now;
    if (before.notBeforeMs !== state.notBeforeMs) this.#mayLockFrom = state.notBeforeMs;
  }

  #carryOut(effect: IdleLockEffect, before: IdleLockState): void {
    switch (effect.kind) {
      case 'record':
        if (effect.type === 'lock.requested') this.#onRequest(effect, before);
        return;
      case 'lock':
      case 'signOut':
        return this.#system(effect.kind);
      case 'askSystemIdle':
        return this.#later(8, () => {
          if (this.#systemIdle === 'unknown') this.#feed({ kind: 'systemIdleUnknown' });
          else {
            this.#touchedWhenRead = this.#touched;
            this.#feed({ kind: 'idleSampled', source: 'system', idleMs: this.#idleMs() });
          }
        });
      case 'lookForPresentation':
        return this.#later(60, () =>
          this.#feed({ kind: 'signalsSeen', signals: this.#signals ? ['fullScreen', 'videoCall'] : [] }),
        );
    }
  }

  #onRequest(request: Requested, before: IdleLockState): void {
    this.requests.push(request);
    if (this.#requestOpen) this.faults.push('asked twice for one idle period');
    this.#requestOpen = true;
    if (this.#locked) this.faults.push('asked while locked');
    if (request.data.reason !== 'idle') return;
    const due = Math.max(this.#touchedWhenRead + this.#terms.lockAfterMs, this.#mayLockFrom);
    if (this.now < due) this.faults.push(`early by ${due - this.now} ms`);
    if (before.presentation !== null) this.faults.push('locked during a presentation');
    if (this.#undisturbed && this.#touched === this.#touchedWhenRead) this.latenessMs.push(this.now - due);
  }

  #system(asked: 'lock' | 'signOut'): void {
    const mood = this.#mood;
    switch (mood.kind) {
      case 'silent':
        return;
      case 'refuses':
        return this.#later(10, () => this.#feed({ kind: 'lockFailed', why: 'The locker is not there' }));
      case 'inSession':
        this.#later(5, () => this.#feed({ kind: 'lockedFromInside' }));
        return this.#later(5 + mood.afterMs, () => this.#confirm(asked));
      case 'confirms':
        return this.#later(mood.afterMs, () => this.#confirm(asked));
    }
  }

  #confirm(asked: 'lock' | 'signOut'): void {
    if (asked === 'lock') return this.#setLocked();
    this.#feed({ kind: 'ended' });
    this.ended = true;
  }
}
