import type { AcceptanceSubmission, Reading } from '../contract/acceptance.ts';
import type { Account, EventDraft } from '../contract/event.ts';
import type { SignedPolicy } from '../contract/policy.ts';
import type { Outcome, Problem } from '../contract/problem.ts';
import type { AcceptanceReceipt } from '../contract/session.ts';
import type { RecordedAcceptance } from './aup-standing.ts';

export type { Moment } from './moment.ts';

/** How far a text was read before the shell or the machine stopped. */
export interface KeptReading {
  policyHash: string;
  reading: Reading;
}

/** A gate on screen: what is asked, since when, how far it was read. */
export interface Asking {
  policyHash: string;
  why: 'first' | 'changed' | 'renewal';
  sinceUptimeMs: number;
  reading: Reading;
  /** The reason given with "I do not accept" (may be empty); null when it was not pressed. */
  declinedBecause: string | null;
}

/** One account's AUP gate, over all its sessions on this machine. */
export interface AupGateState {
  account: Account;
  policy: SignedPolicy | null;
  /** Newest first. */
  acceptances: readonly RecordedAcceptance[];
  /** Sessions with a shell connected; `asking` is null while the gate is open. */
  sessions: Readonly<Record<string, { asking: Asking | null }>>;
  /** Acceptances on their way to the disk, by asking, and the requests that wait for each. */
  recording: Readonly<Record<string, { requests: readonly string[] }>>;
  /** Where a reading broke off, for the next time the gate is shown. */
  interrupted: KeptReading | null;
}

/** Requests are named by the caller; `answer` effects name them again. */
export type AupGateInput =
  | { kind: 'policyArrived'; policy: SignedPolicy }
  | { kind: 'sessionSeen'; session: string }
  | { kind: 'readingProgressed'; session: string; request: string; policyHash: string; reading: Reading }
  | { kind: 'submitted'; session: string; request: string; submission: AcceptanceSubmission }
  | { kind: 'recorded'; asking: string; acceptance: RecordedAcceptance }
  | { kind: 'recordFailed'; asking: string; problem: Problem }
  | { kind: 'declined'; session: string; request: string; policyHash: string; reason: string; reading: Reading }
  | { kind: 'declineRecorded'; session: string; request: string; policyHash: string; reason: string }
  | { kind: 'declineFailed'; request: string; problem: Problem }
  | { kind: 'shellLost'; session: string }
  | { kind: 'timePassed' };

export type AupGateEffect =
  /** Commit the acceptance, then say `recorded` or `recordFailed` with the same `asking`. */
  | { kind: 'recordAcceptance'; asking: string; draft: EventDraft & { type: 'policy.accepted' } }
  /** Commit it, then say `declineRecorded` or `declineFailed`. */
  | {
      kind: 'recordDecline';
      session: string;
      request: string;
      draft: EventDraft & { type: 'policy.declined' };
    }
  /** Commit it; nothing waits for it. */
  | { kind: 'record'; draft: EventDraft }
  | { kind: 'answerAcceptance'; request: string; outcome: Outcome<AcceptanceReceipt> }
  | { kind: 'answer'; request: string; outcome: Outcome<null> }
  | { kind: 'showGate'; session: string }
  | { kind: 'openGate'; session: string }
  /** Keep on disk where a restart goes on; null forgets it. */
  | { kind: 'keepReading'; kept: KeptReading | null };

export interface AupGateStep {
  state: AupGateState;
  effects: AupGateEffect[];
}
