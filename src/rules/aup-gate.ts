import { readingNotStarted, type AcceptanceSubmission } from '../contract/acceptance.ts';
import type { Account } from '../contract/event.ts';
import type { SignedPolicy } from '../contract/policy.ts';
import { accepted, refused } from '../contract/problem.ts';
import type { GateView } from '../contract/session.ts';
import { acceptedDraft, declinedDraft, interruptedDraft, shownDraft } from './aup-drafts.ts';
import type { Asking, AupGateInput, AupGateState, AupGateStep, KeptReading, Moment } from './aup-gate-state.ts';
import { standing, type RecordedAcceptance } from './aup-standing.ts';
import { furtherReading } from './reading-condition.ts';
import { submissionFault } from './submission.ts';

export type * from './aup-gate-state.ts';
export type { RecordedAcceptance } from './aup-standing.ts';

/** Older acceptances stay in the journal; the gate looks at this many. */
const acceptancesLookedAt = 50;

/** The gate of an account as the journal and the kept reading have it. `acceptances` newest first. */
export function aupGate(
  account: Account,
  policy: SignedPolicy | null,
  acceptances: readonly RecordedAcceptance[],
  interrupted: KeptReading | null,
): AupGateState {
  return {
    account,
    policy,
    acceptances: acceptances.slice(0, acceptancesLookedAt),
    sessions: {},
    recording: {},
    interrupted,
  };
}

/**
 * The AUP gate of one account: pure, over plain data. It opens by nothing but an acceptance of the current text that
 * came back as `recorded`. One asking gives at most one acceptance, however often Accept is pressed.
 */
export function stepAupGate(before: AupGateState, input: AupGateInput, now: Moment): AupGateStep {
  const step = take(before, input, now);
  return settle(step, now);
}

/** What a session of the account has to do about the policy. */
export function gateViewOf(state: AupGateState, session: string, now: Moment): GateView {
  if (state.policy === null) return { phase: 'noPolicy' };
  const is = standing(state.policy, state.acceptances, session, now.atMs);
  if (is.open) return { phase: 'open', policy: state.policy, receipt: is.by.receipt };
  const asking = state.sessions[session]?.asking ?? null;
  const previous = state.acceptances.find((one) => one.policyId === state.policy?.policy.id);
  return {
    phase: 'asking',
    policy: state.policy,
    why: is.why,
    reading: asking?.reading ?? keptFor(state, state.policy.hash),
    previous:
      previous === undefined
        ? null
        : {
            audience: previous.audience,
            teaching: previous.teaching,
            acceptedAt: new Date(previous.atMs).toISOString(),
          },
    declined: asking !== null && asking.declinedBecause !== null,
  };
}

const unchanged = (state: AupGateState): AupGateStep => ({ state, effects: [] });

function take(state: AupGateState, input: AupGateInput, now: Moment): AupGateStep {
  switch (input.kind) {
    case 'policyArrived':
      return unchanged({ ...state, policy: input.policy });
    case 'sessionSeen':
      return unchanged(state.sessions[input.session] === undefined ? withSession(state, input.session, null) : state);
    case 'timePassed':
      return unchanged(state);
    case 'readingProgressed':
      return readFurther(state, input);
    case 'submitted':
      return submit(state, input, now);
    case 'recorded':
      return afterRecording(state, input.asking, input.acceptance);
    case 'recordFailed': {
      const waiting = state.recording[input.asking]?.requests ?? [];
      return {
        state: withoutRecording(state, input.asking),
        effects: waiting.map((request) => ({
          kind: 'answerAcceptance',
          request,
          outcome: { ok: false, problem: input.problem },
        })),
      };
    }
    case 'declined':
      return decline(state, input, now);
    case 'declineRecorded': {
      const asking = state.sessions[input.session]?.asking;
      const answered: AupGateStep['effects'] = [{ kind: 'answer', request: input.request, outcome: accepted(null) }];
      if (asking?.policyHash !== input.policyHash) return { state, effects: answered };
      return {
        state: withSession(state, input.session, { ...asking, declinedBecause: input.reason }),
        effects: answered,
      };
    }
    case 'declineFailed':
      return {
        state,
        effects: [{ kind: 'answer', request: input.request, outcome: { ok: false, problem: input.problem } }],
      };
    case 'shellLost':
      return loseShell(state, input.session);
  }
}

/** Puts the gate up or takes it down wherever the standing says other than the screen. */
function settle(step: AupGateStep, now: Moment): AupGateStep {
  let { state } = step;
  const effects = [...step.effects];
  const policy = state.policy;
  if (policy === null) return step;
  for (const [session, { asking }] of Object.entries(state.sessions)) {
    const is = standing(policy, state.acceptances, session, now.atMs);
    if (is.open) {
      if (asking === null) continue;
      state = withSession(state, session, null);
      effects.push({ kind: 'openGate', session });
    } else if (asking?.policyHash !== policy.hash) {
      const fresh: Asking = {
        policyHash: policy.hash,
        why: is.why,
        sinceUptimeMs: now.uptimeMs,
        reading: keptFor(state, policy.hash),
        declinedBecause: null,
      };
      state = withSession(state, session, fresh);
      effects.push({ kind: 'showGate', session });
      effects.push({ kind: 'record', draft: shownDraft(state.account, session, policy, is.why) });
    }
  }
  return { state, effects };
}

function readFurther(state: AupGateState, input: AupGateInput & { kind: 'readingProgressed' }): AupGateStep {
  const asking = state.sessions[input.session]?.asking;
  const answer = (outcome: ReturnType<typeof refused> | { ok: true; value: null }): AupGateStep['effects'] => [
    { kind: 'answer', request: input.request, outcome },
  ];
  if (asking === undefined || asking === null || asking.policyHash !== input.policyHash) {
    return { state, effects: answer(notAsked(state, input.policyHash)) };
  }
  const reading = furtherReading(asking.reading, input.reading);
  return {
    state: withSession(state, input.session, { ...asking, reading }),
    effects: [{ kind: 'keepReading', kept: { policyHash: input.policyHash, reading } }, ...answer(accepted(null))],
  };
}

function submit(state: AupGateState, input: AupGateInput & { kind: 'submitted' }, now: Moment): AupGateStep {
  const answer = (outcome: Extract<AupGateStep['effects'][number], { kind: 'answerAcceptance' }>['outcome']) => ({
    state,
    effects: [{ kind: 'answerAcceptance', request: input.request, outcome } as const],
  });
  const { policy } = state;
  if (policy === null || policy.hash !== input.submission.policyHash) {
    return answer(notAsked(state, input.submission.policyHash));
  }
  const is = standing(policy, state.acceptances, input.session, now.atMs);
  if (is.open) return answer(accepted(is.by.receipt));
  const key = askingKey(policy, input.session);
  const underway = state.recording[key];
  if (underway !== undefined) {
    const requests = [...underway.requests, input.request];
    return unchanged({ ...state, recording: { ...state.recording, [key]: { requests } } });
  }
  const asking = state.sessions[input.session]?.asking ?? null;
  if (asking === null) return answer(notAsked(state, policy.hash));
  const submission: AcceptanceSubmission = {
    ...input.submission,
    reading: furtherReading(asking.reading, input.submission.reading),
  };
  const problem = submissionFault(policy.policy, submission);
  if (problem !== null) return answer({ ok: false, problem });
  return {
    state: { ...state, recording: { ...state.recording, [key]: { requests: [input.request] } } },
    effects: [
      {
        kind: 'recordAcceptance',
        asking: key,
        draft: acceptedDraft(state.account, input.session, policy, submission, openSeconds(asking, now)),
      },
    ],
  };
}

function afterRecording(state: AupGateState, key: string, acceptance: RecordedAcceptance): AupGateStep {
  const waiting = state.recording[key]?.requests ?? [];
  const acceptances = [acceptance, ...state.acceptances].slice(0, acceptancesLookedAt);
  return {
    state: { ...withoutRecording(state, key), acceptances, interrupted: null },
    effects: [
      { kind: 'keepReading', kept: null },
      ...waiting.map((request) => ({
        kind: 'answerAcceptance' as const,
        request,
        outcome: accepted(acceptance.receipt),
      })),
    ],
  };
}

function decline(state: AupGateState, input: AupGateInput & { kind: 'declined' }, now: Moment): AupGateStep {
  const asking = state.sessions[input.session]?.asking ?? null;
  const { policy } = state;
  if (policy === null || asking === null || asking.policyHash !== input.policyHash) {
    return {
      state,
      effects: [{ kind: 'answer', request: input.request, outcome: notAsked(state, input.policyHash) }],
    };
  }
  const reading = furtherReading(asking.reading, input.reading);
  const further = withSession(state, input.session, { ...asking, reading });
  if (asking.declinedBecause === input.reason) {
    return { state: further, effects: [{ kind: 'answer', request: input.request, outcome: accepted(null) }] };
  }
  const { session, request, reason } = input;
  const draft = declinedDraft(state.account, session, policy, {
    reason,
    reading,
    openSeconds: openSeconds(asking, now),
  });
  return { state: further, effects: [{ kind: 'recordDecline', session, request, draft }] };
}

function loseShell(state: AupGateState, session: string): AupGateStep {
  const lost = state.sessions[session];
  if (lost === undefined) return unchanged(state);
  const sessions = Object.fromEntries(Object.entries(state.sessions).filter(([name]) => name !== session));
  if (lost.asking === null) return unchanged({ ...state, sessions });
  const { policyHash, reading } = lost.asking;
  return {
    state: { ...state, sessions, interrupted: { policyHash, reading } },
    effects: [{ kind: 'record', draft: interruptedDraft(state.account, session, policyHash, reading) }],
  };
}

function notAsked(state: AupGateState, policyHash: string) {
  if (state.policy === null) {
    return refused('acceptance.noPolicy', 'No policy has reached this machine yet, so there is nothing to accept.');
  }
  if (state.policy.hash !== policyHash) {
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

/** What counts as one asking: the session where each sign-in is asked, else the account. */
function askingKey(policy: SignedPolicy, session: string): string {
  return policy.policy.renewal.kind === 'eachSignIn' ? `${policy.hash} ${session}` : policy.hash;
}

function openSeconds(asking: Asking, now: Moment): number {
  return Math.max(0, Math.floor((now.uptimeMs - asking.sinceUptimeMs) / 1_000));
}

function keptFor(state: AupGateState, policyHash: string) {
  return state.interrupted?.policyHash === policyHash ? state.interrupted.reading : readingNotStarted;
}

function withSession(state: AupGateState, session: string, asking: Asking | null): AupGateState {
  return { ...state, sessions: { ...state.sessions, [session]: { asking } } };
}

function withoutRecording(state: AupGateState, key: string): AupGateState {
  return { ...state, recording: Object.fromEntries(Object.entries(state.recording).filter(([name]) => name !== key)) };
}
