import type { Account } from '../contract/event.ts';
import type { SignedPolicy } from '../contract/policy.ts';
import { interruptedDraft, shownDraft, signOutDraft, signOutFailedDraft } from './aup-drafts.ts';
import * as answers from './aup-gate-answers.ts';
import {
  keptReadingOf,
  mustNameThemselves,
  newSession,
  placesIn,
  policyBy,
  sessionIn,
  withSession,
} from './aup-gate-sessions.ts';
import type {
  Asking,
  AupGateEffect,
  AupGateInput,
  AupGateState,
  AupGateStep,
  KeptReading,
  Moment,
} from './aup-gate-state.ts';
import type { RecordedAcceptance } from './aup-standing.ts';

export type * from './aup-gate-state.ts';
export type { RecordedAcceptance } from './aup-standing.ts';
export { gateViewOf, policyStandingsOf } from './aup-gate-view.ts';

/** Older acceptances stay in the journal; the gate looks at this many. */
const acceptancesLookedAt = 200;

/** A sign-out that the system would not do is asked for again this often. */
const signOutAgainMs = 10_000;

/** The gate of an account as the journal and the kept reading have it. `acceptances` newest first. */
export function aupGate(
  account: Account,
  policies: readonly SignedPolicy[],
  acceptances: readonly RecordedAcceptance[],
  interrupted: KeptReading | null,
): AupGateState {
  return {
    account,
    policies,
    acceptances: acceptances.slice(0, acceptancesLookedAt),
    sessions: {},
    recording: {},
    interrupted,
    counterSignatures: {},
    closedAtMs: null,
    earlierTexts: {},
  };
}

/**
 * The AUP gate of one account: pure, over plain data. It opens only when every policy in force that is for the person is
 * accepted (and that came back as recorded), put off within its grace, or declined where the policy itself lets people
 * go on. One asking gives at most one acceptance, however often Accept is pressed.
 */
export function stepAupGate(before: AupGateState, input: AupGateInput, now: Moment): AupGateStep {
  return settle(take(before, input, now), now);
}

/** When only time brings something, by the machine's uptime; null where it does not. */
export function gateWakeAtMs(state: AupGateState): number | null {
  const ends = Object.values(state.sessions).flatMap(({ leaving }) => {
    if (leaving === null) return [];
    return [leaving.askedUptimeMs === null ? leaving.endsUptimeMs : leaving.askedUptimeMs + signOutAgainMs];
  });
  return ends.length === 0 ? null : Math.min(...ends);
}

const unchanged = (state: AupGateState): AupGateStep => ({ state, effects: [] });

function take(state: AupGateState, input: AupGateInput, now: Moment): AupGateStep {
  switch (input.kind) {
    case 'policiesArrived':
      return unchanged({ ...state, policies: input.policies });
    case 'standingKnown':
      return unchanged({ ...state, counterSignatures: input.counterSignatures, closedAtMs: input.closedAtMs });
    case 'earlierTextsKnown':
      return unchanged({ ...state, earlierTexts: input.earlierTexts });
    case 'sessionSeen':
      return unchanged(withSession(state, input.session, { connected: true }));
    case 'timePassed':
      return signOutThoseWhoLeave(state, now);
    case 'readingProgressed':
      return answers.readFurther(state, input);
    case 'roleChosen':
      return answers.chooseRole(state, input);
    case 'personNamed':
      return answers.namePerson(state, input);
    case 'personRecorded':
      return answers.answered(withSession(state, input.session, { person: input.name }), input.request);
    case 'checkAnswered':
      return answers.answerCheck(state, input);
    case 'checkRecorded':
      return answers.afterCheck(state, input);
    case 'submitted':
      return answers.submit(state, input, now);
    case 'recorded':
      return answers.afterRecording(state, input.asking, input.acceptance, acceptancesLookedAt);
    case 'recordFailed':
      return answers.recordFailed(state, input.asking, input.problem);
    case 'declined':
      return answers.decline(state, input, now);
    case 'declineRecorded':
      return answers.afterDecline(state, input, now);
    case 'postponed':
      return answers.postpone(state, input, now);
    case 'postponementRecorded':
      return answers.afterPostponement(state, input);
    case 'notRecorded':
      return {
        state,
        effects: [{ kind: 'answer', request: input.request, outcome: { ok: false, problem: input.problem } }],
      };
    case 'askedAgain':
      return answers.answered(withSession(state, input.session, { leaving: null, wentOn: {} }), input.request);
    case 'signOutFailed':
      return signOutFailed(state, input.session, input.why);
    case 'shellLost':
      return loseShell(state, input.session);
    case 'sessionEnded': {
      const sessions = Object.fromEntries(Object.entries(state.sessions).filter(([name]) => name !== input.session));
      return unchanged({ ...state, sessions });
    }
  }
}

/** Puts the gate up or takes it down wherever the standing says other than the screen. */
function settle(step: AupGateStep, now: Moment): AupGateStep {
  let { state } = step;
  const effects = [...step.effects];
  for (const [session, before] of Object.entries(state.sessions)) {
    if (before.leaving !== null && !isDue(state, session, before.leaving.policyHash, now)) {
      state = withSession(state, session, { leaving: null });
    }
    const here = sessionIn(state, session);
    if (!here.connected || state.policies.length === 0) {
      if (here.asking !== null) state = withSession(state, session, { asking: null });
      continue;
    }
    if (here.leaving !== null || mustNameThemselves(state, session)) {
      if (here.asking !== null) state = withSession(state, session, { asking: null });
      continue;
    }
    const next = placesIn(state, session, now).find((one) => one.state === 'due');
    if (next === undefined || next.is.open) {
      if (here.asking !== null) effects.push({ kind: 'openGate', session });
      if (here.asking !== null || !here.hasWorked) {
        state = withSession(state, session, { asking: null, answered: 0, hasWorked: true });
      }
    } else if (here.asking?.policyHash !== next.signed.hash) {
      const { signed, is } = next;
      const asking: Asking = {
        policyHash: signed.hash,
        why: is.why,
        sinceUptimeMs: now.uptimeMs,
        reading: keptReadingOf(state, signed.hash),
        declinedBecause: null,
        check: { attempts: 0, passed: false },
      };
      state = withSession(state, session, { asking });
      effects.push({ kind: 'showGate', session });
      effects.push({ kind: 'record', draft: shownDraft(state.account, session, signed, is.why) });
    }
  }
  return { state, effects };
}

/** False once it was withdrawn, changed, or accepted in another session. */
function isDue(state: AupGateState, session: string, policyHash: string, now: Moment): boolean {
  return placesIn(state, session, now).some(({ signed, state: is }) => signed.hash === policyHash && is === 'due');
}

function signOutThoseWhoLeave(before: AupGateState, now: Moment): AupGateStep {
  let state = before;
  const effects: AupGateEffect[] = [];
  for (const [session, { leaving }] of Object.entries(before.sessions)) {
    const signed = leaving === null ? null : policyBy(state, leaving.policyHash);
    if (leaving === null || signed === null || now.uptimeMs < leaving.endsUptimeMs) continue;
    const { askedUptimeMs } = leaving;
    if (askedUptimeMs !== null && now.uptimeMs < askedUptimeMs + signOutAgainMs) continue;
    if (askedUptimeMs === null) effects.push({ kind: 'record', draft: signOutDraft(state.account, session, signed) });
    effects.push({ kind: 'signOut', session });
    state = withSession(state, session, { leaving: { ...leaving, covered: true, askedUptimeMs: now.uptimeMs } });
  }
  return { state, effects };
}

function signOutFailed(state: AupGateState, session: string, why: string): AupGateStep {
  const { leaving } = sessionIn(state, session);
  const signed = leaving === null ? null : policyBy(state, leaving.policyHash);
  if (leaving === null || signed === null || leaving.failure === why) return unchanged(state);
  return {
    state: withSession(state, session, { leaving: { ...leaving, failure: why } }),
    effects: [{ kind: 'record', draft: signOutFailedDraft(state.account, session, signed, why) }],
  };
}

function loseShell(state: AupGateState, session: string): AupGateStep {
  const lost = state.sessions[session] ?? newSession;
  if (!lost.connected) return unchanged(state);
  const without = withSession(state, session, { connected: false, asking: null });
  if (lost.asking === null) return unchanged(without);
  const { policyHash, reading } = lost.asking;
  return {
    state: { ...without, interrupted: { policyHash, reading } },
    effects: [{ kind: 'record', draft: interruptedDraft(state.account, session, policyHash, reading) }],
  };
}
