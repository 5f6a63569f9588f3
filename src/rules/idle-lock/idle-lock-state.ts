import type { EventData } from '../../contract/event.ts';
import type { LockAction, LockReason, PresentationReason } from '../../contract/lock.ts';
import type { PresentationSignal } from '../../contract/policy-rules.ts';
import type { LastInput } from './last-input.ts';

/** What allows an enforcement: a clause of the policy version in force. Null where a person asked for it themselves. */
export interface Authority {
  policyVersion: number | null;
  clause: string;
}

export interface Locking {
  kind: 'locking';
  action: LockAction;
  reason: LockReason;
  authority: Authority | null;
  requestedMs: number;
  /** When the system was last asked, and how often so far. */
  askedMs: number;
  attempts: number;
  /** The system wants it asked from inside the session: the shell does. */
  inSession: boolean;
  /** Windows of Usher cover the displays, because the system did not confirm. */
  covered: { sinceMs: number; why: string } | null;
}

export type LockPhase =
  { kind: 'watching' } | { kind: 'warning'; sinceMs: number } | Locking | { kind: 'locked'; sinceMs: number };

export interface Presentation {
  reason: PresentationReason;
  startedMs: number;
  endsMs: number;
}

/** Who says when the computer was last touched. */
export type IdleWatch =
  | { by: 'shell'; dueMs: number }
  /** The shell is gone or silent: the system's own idle time, if it has one. `blindSinceMs`: nobody tells since then. */
  | { by: 'system'; askAtMs: number; blindSinceMs: number | null }
  /** No shell was in this session yet. */
  | { by: 'nobody' };

/** The idle lock of one session. Times are milliseconds since boot. */
export interface IdleLockState {
  phase: LockPhase;
  lastInput: LastInput;
  /** No idle lock before this, because of "More time" or a presentation that just ended. */
  notBeforeMs: number;
  extended: boolean;
  presentation: Presentation | null;
  /** A recognised presentation reached its ceiling; no other is recognised until somebody touches the computer. */
  signalsSpent: boolean;
  /** When signs of a presentation were last looked for. */
  lookedMs: number | null;
  watch: IdleWatch;
}

export type IdleLockInput =
  /** `shell`: asked inside the session. `system`: the operating system's own second source. */
  | { kind: 'idleSampled'; source: 'shell' | 'system'; idleMs: number }
  | { kind: 'systemIdleUnknown' }
  | { kind: 'shellSeen' }
  | { kind: 'shellLost' }
  /** The machine was asleep for so long until now. */
  | { kind: 'slept'; asleepMs: number }
  | { kind: 'timePassed' }
  | { kind: 'locked' }
  | { kind: 'unlocked' }
  | { kind: 'ended' }
  /** "Lock now", or a rule of its own (a device) that answers with a lock. */
  | { kind: 'lockAsked'; reason: LockReason; authority: Authority | null }
  | { kind: 'lockedFromInside' }
  | { kind: 'lockFailed'; why: string }
  /** Somebody wants the covered machine to try again at once. */
  | { kind: 'retryAsked' }
  | { kind: 'extendAsked' }
  | { kind: 'presentationAsked'; minutes: number }
  | { kind: 'presentationEndAsked' }
  | { kind: 'signalsSeen'; signals: readonly PresentationSignal[] }
  | { kind: 'termsChanged' };

type LockEvent =
  'lock.requested' | 'lock.confirmed' | 'lock.failed' | 'lock.extended' | 'presentation.started' | 'presentation.ended';

export type IdleLockEffect =
  | { [T in LockEvent]: { kind: 'record'; type: T; data: EventData<T>; authority: Authority | null } }[LockEvent]
  /** Ask the system to lock or to sign out; say `lockFailed` when it cannot even be asked. */
  | { kind: 'lock' }
  | { kind: 'signOut' }
  /** Say `idleSampled` with `system`, or `systemIdleUnknown`. */
  | { kind: 'askSystemIdle' }
  /** Say `signalsSeen`. */
  | { kind: 'lookForPresentation' };

export interface IdleLockStep {
  state: IdleLockState;
  effects: IdleLockEffect[];
}
