import { readingNotStarted } from '../contract/acceptance.ts';
import type { SharedAccountsRule } from '../contract/policy-rules.ts';
import type { SignedPolicy } from '../contract/policy.ts';
import { refused } from '../contract/problem.ts';
import type { EarlierText } from '../contract/session.ts';
import type { Asking, AupGateState, GateSession } from './aup-gate-state.ts';
import { placesOf, type PersonAsked, type Placed } from './aup-sequence.ts';
import type { RecordedAcceptance } from './aup-standing.ts';
import type { Moment } from './moment.ts';
import { rulingPolicy } from './ruling-policy.ts';
import { isSharedAccount } from './shared-account.ts';

export const newSession: GateSession = {
  connected: false,
  asking: null,
  role: null,
  person: null,
  wentOn: {},
  leaving: null,
  answered: 0,
  hasWorked: false,
};

export const sessionIn = (state: AupGateState, session: string): GateSession => state.sessions[session] ?? newSession;

export function withSession(state: AupGateState, session: string, change: Partial<GateSession>): AupGateState {
  return { ...state, sessions: { ...state.sessions, [session]: { ...sessionIn(state, session), ...change } } };
}

/** The rule by which whoever uses this account is asked who they are; null where the account is one person's. */
export function sharedAccountOf(state: AupGateState): { rule: SharedAccountsRule; policy: SignedPolicy } | null {
  const policy = rulingPolicy(state.policies);
  const rule = policy?.policy.rules?.sharedAccounts;
  if (policy === null || rule === undefined || !isSharedAccount(rule, state.account.name)) return null;
  return { rule, policy };
}

export function personAsked(state: AupGateState, session: string): PersonAsked {
  const { role, wentOn } = sessionIn(state, session);
  const { closedAtMs } = state;
  const acceptances =
    closedAtMs === null ? state.acceptances : state.acceptances.filter(({ atMs }) => atMs > closedAtMs);
  return { session, shared: sharedAccountOf(state) !== null, acceptances, role, wentOn };
}

/** How the person in this session stands with each policy in force. */
export function placesIn(state: AupGateState, session: string, now: Moment): Placed[] {
  return placesOf(state.policies, personAsked(state, session), now.atMs);
}

/** Does whoever sits there have to say first who they are? */
export function mustNameThemselves(state: AupGateState, session: string): boolean {
  return sharedAccountOf(state) !== null && sessionIn(state, session).person === null;
}

export function policyBy(state: AupGateState, hash: string): SignedPolicy | null {
  return state.policies.find((one) => one.hash === hash) ?? null;
}

/** The newest acceptance of any version of a policy by whoever sits there, and whether its text can be shown. */
export function acceptedBefore(
  state: AupGateState,
  session: string,
  { policy, hash }: SignedPolicy,
): { acceptance: RecordedAcceptance; text: EarlierText } | null {
  const { shared, acceptances } = personAsked(state, session);
  if (shared) return null;
  const acceptance = acceptances.find(({ policyId }) => policyId === policy.id);
  if (acceptance === undefined) return null;
  const { policyHash } = acceptance;
  return { acceptance, text: policyHash === hash ? 'here' : (state.earlierTexts[policyHash] ?? 'awaited') };
}

/** Is what changed since the version accepted before shown with this policy? */
export function changesShown(state: AupGateState, session: string, signed: SignedPolicy): boolean {
  const before = acceptedBefore(state, session, signed);
  return before?.text === 'here' && before.acceptance.policyHash !== signed.hash;
}

export function keptReadingOf(state: AupGateState, policyHash: string) {
  return state.interrupted?.policyHash === policyHash ? state.interrupted.reading : readingNotStarted;
}

/** What is asked in a session, if it is this text; else why there is nothing to answer. */
export function askedIn(
  state: AupGateState,
  session: string,
  policyHash: string,
): { asking: Asking; signed: SignedPolicy } | ReturnType<typeof refused> {
  const { asking } = sessionIn(state, session);
  const signed = policyBy(state, policyHash);
  return asking?.policyHash === policyHash && signed !== null ? { asking, signed } : notAsked(state, policyHash);
}

export function notAsked(state: AupGateState, policyHash: string) {
  if (state.policies.length === 0) {
    return refused('acceptance.noPolicy', 'No policy has reached this machine yet, so there is nothing to accept.');
  }
  if (policyBy(state, policyHash) === null) {
    return refused(
      'acceptance.outdated',
      'The policy was changed meanwhile. Read the version that is now on screen and answer that one.',
      'policyHash',
    );
  }
  return refused(
    'acceptance.notAsked',
    'The policy is not being asked in this session, so there is nothing to answer.',
  );
}

export function openSeconds(asking: Asking, now: Moment): number {
  return Math.max(0, Math.floor((now.uptimeMs - asking.sinceUptimeMs) / 1_000));
}
