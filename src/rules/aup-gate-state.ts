import type { AcceptanceSubmission, CheckAnswers, NamedPerson, PersonRole, Reading } from '../contract/acceptance.ts';
import type { Account, EventDraft } from '../contract/event.ts';
import type { SignedPolicy } from '../contract/policy.ts';
import type { Outcome, Problem } from '../contract/problem.ts';
import type { AcceptanceReceipt, CheckResult, EarlierText, PolicyStanding } from '../contract/session.ts';
import type { WentOn } from './aup-sequence.ts';
import type { RecordedAcceptance } from './aup-standing.ts';
import type { Moment } from './moment.ts';

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
  /** Attempts at the policy's questions since it came on screen. */
  check: { attempts: number; passed: boolean };
}

/** The policy was not accepted, and its way of declining is to sign out. */
export interface Leaving {
  policyHash: string;
  since: Moment;
  endsUptimeMs: number;
  /** The displays are covered, because nothing was being worked on, or because the time is over. */
  covered: boolean;
  /** When the system was last asked to end the session; null before the time is over. */
  askedUptimeMs: number | null;
  failure: string | null;
}

/** One signed-in session of the account. Outlives the shell in it. */
export interface GateSession {
  /** Is a shell there to show anything? */
  connected: boolean;
  /** Null while nothing is asked. */
  asking: Asking | null;
  role: PersonRole | null;
  /** Who it really is, on a shared account. */
  person: string | null;
  wentOn: Readonly<Record<string, WentOn>>;
  leaving: Leaving | null;
  /** Policies accepted here since the gate came up. */
  answered: number;
  /** The gate was open in this session before, so there may be work to save. */
  hasWorked: boolean;
}

export type EarlierTexts = Readonly<Record<string, Exclude<EarlierText, 'awaited'>>>;
export type CounterSignatures = Readonly<Record<string, NonNullable<PolicyStanding['counterSignature']>>>;

/** One account's AUP gate, over all its sessions on this machine. */
export interface AupGateState {
  account: Account;
  /** In force here, in the order of asking. */
  policies: readonly SignedPolicy[];
  /** Newest first. */
  acceptances: readonly RecordedAcceptance[];
  sessions: Readonly<Record<string, GateSession>>;
  /** Acceptances on their way to the disk, by asking, and the requests that wait for each. */
  recording: Readonly<Record<string, { requests: readonly string[] }>>;
  /** Where a reading broke off, for the next time the gate is shown. */
  interrupted: KeptReading | null;
  /** What the server said about second signatures, by policy hash. */
  counterSignatures: CounterSignatures;
  /** What was accepted until then does not count any more (the person had left); null where all of it does. */
  closedAtMs: number | null;
  /** Texts of earlier versions, by hash; those that are not named are awaited from the server. */
  earlierTexts: EarlierTexts;
}

interface FromSession {
  session: string;
  request: string;
}

/** Requests are named by the caller; `answer` effects name them again. */
export type AupGateInput =
  | { kind: 'policiesArrived'; policies: readonly SignedPolicy[] }
  | { kind: 'standingKnown'; counterSignatures: CounterSignatures; closedAtMs: number | null }
  | { kind: 'earlierTextsKnown'; earlierTexts: EarlierTexts }
  | { kind: 'sessionSeen'; session: string }
  | ({ kind: 'readingProgressed'; policyHash: string; reading: Reading } & FromSession)
  | ({ kind: 'roleChosen'; role: PersonRole } & FromSession)
  | ({ kind: 'personNamed'; person: NamedPerson } & FromSession)
  | { kind: 'personRecorded'; session: string; request: string; name: string }
  | ({ kind: 'checkAnswered' } & CheckAnswers & FromSession)
  | { kind: 'checkRecorded'; session: string; request: string; policyHash: string; result: CheckResult }
  | ({ kind: 'submitted'; submission: AcceptanceSubmission } & FromSession)
  | { kind: 'recorded'; asking: string; acceptance: RecordedAcceptance }
  | { kind: 'recordFailed'; asking: string; problem: Problem }
  | ({ kind: 'declined'; policyHash: string; reason: string; reading: Reading } & FromSession)
  | { kind: 'declineRecorded'; session: string; request: string; policyHash: string; reason: string }
  | ({ kind: 'postponed'; policyHash: string } & FromSession)
  | { kind: 'postponementRecorded'; session: string; request: string; policyHash: string }
  /** A record that a request waits for could not be kept. */
  | { kind: 'notRecorded'; request: string; problem: Problem }
  | ({ kind: 'askedAgain' } & FromSession)
  | { kind: 'signOutFailed'; session: string; why: string }
  | { kind: 'shellLost'; session: string }
  | { kind: 'sessionEnded'; session: string }
  | { kind: 'timePassed' };

type DraftOf<T extends EventDraft['type']> = Extract<EventDraft, { type: T }>;

export type AupGateEffect =
  /** Commit the acceptance, then say `recorded` or `recordFailed` with the same `asking`. */
  | { kind: 'recordAcceptance'; asking: string; draft: DraftOf<'policy.accepted'> }
  /** Commit it, then say `then`, or `notRecorded` with its request. */
  | {
      kind: 'recordAnswer';
      draft: DraftOf<'policy.declined' | 'policy.postponed' | 'policy.checked' | 'session.personNamed'>;
      then: Extract<
        AupGateInput,
        { kind: 'declineRecorded' | 'postponementRecorded' | 'checkRecorded' | 'personRecorded' }
      >;
    }
  /** Commit it; nothing waits for it. */
  | { kind: 'record'; draft: EventDraft }
  | { kind: 'answerAcceptance'; request: string; outcome: Outcome<AcceptanceReceipt> }
  | { kind: 'answerCheck'; request: string; outcome: Outcome<CheckResult> }
  | { kind: 'answer'; request: string; outcome: Outcome<null> }
  | { kind: 'showGate'; session: string }
  | { kind: 'openGate'; session: string }
  /** Ask the system to end the session; say `signOutFailed` if it will not. */
  | { kind: 'signOut'; session: string }
  /** Keep on disk where a restart goes on; null forgets it. */
  | { kind: 'keepReading'; kept: KeptReading | null };

export interface AupGateStep {
  state: AupGateState;
  effects: AupGateEffect[];
}
