import type { AcceptanceSubmission } from '../contract/acceptance.ts';
import { accepted, refused, type Outcome, type Problem } from '../contract/problem.ts';
import { acceptedDraft, checkedDraft, declinedDraft, personNamedDraft, postponedDraft } from './aup-drafts.ts';
import {
  askedIn,
  changesShown,
  notAsked,
  openSeconds,
  personAsked,
  policyBy,
  sessionIn,
  sharedAccountOf,
  withSession,
} from './aup-gate-sessions.ts';
import type { AupGateEffect, AupGateInput, AupGateState, AupGateStep, Moment } from './aup-gate-state.ts';
import { rolesIn } from './aup-sequence.ts';
import { standing, type RecordedAcceptance } from './aup-standing.ts';
import { markCheck } from './comprehension.ts';
import { furtherReading } from './reading-condition.ts';
import { submissionFault } from './submission.ts';

type Input<K extends AupGateInput['kind']> = Extract<AupGateInput, { kind: K }>;

/** The request is answered with "done". */
export const answered = (state: AupGateState, request: string): AupGateStep => ({
  state,
  effects: [{ kind: 'answer', request, outcome: accepted(null) }],
});

const answeredWith = (state: AupGateState, request: string, outcome: Outcome<null>): AupGateStep => ({
  state,
  effects: [{ kind: 'answer', request, outcome }],
});

export function readFurther(state: AupGateState, input: Input<'readingProgressed'>): AupGateStep {
  const asked = askedIn(state, input.session, input.policyHash);
  if ('ok' in asked) return answeredWith(state, input.request, asked);
  const reading = furtherReading(asked.asking.reading, input.reading);
  return {
    state: withSession(state, input.session, { asking: { ...asked.asking, reading } }),
    effects: [
      { kind: 'keepReading', kept: { policyHash: input.policyHash, reading } },
      { kind: 'answer', request: input.request, outcome: accepted(null) },
    ],
  };
}

/** Other clauses, or another policy, may be for this role; what was read of the one on screen has to be read again. */
export function chooseRole(state: AupGateState, { session, request, role }: Input<'roleChosen'>): AupGateStep {
  if (!rolesIn(state.policies).includes(role.audience)) {
    const detail = 'No policy here is for the role that was chosen. Choose another.';
    return answeredWith(state, request, refused('acceptance.audience', detail, 'audience'));
  }
  const { asking, role: before } = sessionIn(state, session);
  const same = before === null || (before.audience === role.audience && before.teaching === role.teaching);
  const fresh =
    asking === null || same
      ? asking
      : {
          ...asking,
          reading: { readSeconds: asking.reading.readSeconds, depthPercent: 0, sectionsRead: [] },
          check: { ...asking.check, passed: false },
        };
  return answered(withSession(state, session, { role, asking: fresh }), request);
}

export function namePerson(state: AupGateState, { session, request, person }: Input<'personNamed'>): AupGateStep {
  const shared = sharedAccountOf(state);
  if (shared === null) {
    const detail = 'This account is one person’s own, so nobody is asked who they are.';
    return answeredWith(state, request, refused('person.notAsked', detail));
  }
  const missing = shared.rule.ask.find((question) => person.answers[question] === undefined);
  if (missing !== undefined) {
    const detail = 'This has to be filled in before you go on.';
    return answeredWith(state, request, refused('person.missing', detail, `answers.${missing}`));
  }
  const answers = Object.fromEntries(shared.rule.ask.map((question) => [question, person.answers[question]]));
  return {
    state,
    effects: [
      {
        kind: 'recordAnswer',
        draft: personNamedDraft(state.account, session, shared.policy, shared.rule.clause, { ...person, answers }),
        then: { kind: 'personRecorded', session, request, name: person.name },
      },
    ],
  };
}

export function answerCheck(state: AupGateState, input: Input<'checkAnswered'>): AupGateStep {
  const { session, request, policyHash } = input;
  const asked = askedIn(state, session, policyHash);
  if ('ok' in asked) return { state, effects: [{ kind: 'answerCheck', request, outcome: asked }] };
  const { check } = asked.signed.policy;
  if (check === undefined) {
    const outcome = refused('check.none', 'This policy has no questions to answer.');
    return { state, effects: [{ kind: 'answerCheck', request, outcome }] };
  }
  const strange = Object.keys(input.answers).find((id) => !check.questions.some((question) => question.id === id));
  if (strange !== undefined) {
    const outcome = refused('check.unknown', `The policy has no question "${strange}".`, `answers.${strange}`);
    return { state, effects: [{ kind: 'answerCheck', request, outcome }] };
  }
  const { passed, answers } = markCheck(check, input.answers);
  const attempts = asked.asking.check.attempts + 1;
  const wrong = answers.filter((one) => !one.right).map(({ question }) => question);
  return {
    // Counted at once, so that a second press while the first is on its way to the disk has a number of its own.
    state: withSession(state, session, { asking: { ...asked.asking, check: { ...asked.asking.check, attempts } } }),
    effects: [
      {
        kind: 'recordAnswer',
        draft: checkedDraft(state.account, session, asked.signed, { attempt: attempts, passed, answers }),
        then: { kind: 'checkRecorded', session, request, policyHash, result: { passed, attempts, wrong } },
      },
    ],
  };
}

export function afterCheck(state: AupGateState, input: Input<'checkRecorded'>): AupGateStep {
  const { session, request, policyHash, result } = input;
  const effects: AupGateEffect[] = [{ kind: 'answerCheck', request, outcome: accepted(result) }];
  const { asking } = sessionIn(state, session);
  if (asking?.policyHash !== policyHash || !result.passed) return { state, effects };
  return {
    state: withSession(state, session, { asking: { ...asking, check: { ...asking.check, passed: true } } }),
    effects,
  };
}

export function submit(state: AupGateState, input: Input<'submitted'>, now: Moment): AupGateStep {
  const { session, request } = input;
  const { policyHash } = input.submission;
  const answer = (outcome: Extract<AupGateEffect, { kind: 'answerAcceptance' }>['outcome']): AupGateStep => ({
    state,
    effects: [{ kind: 'answerAcceptance', request, outcome }],
  });
  const signed = policyBy(state, policyHash);
  if (signed === null) return answer(notAsked(state, policyHash));
  const person = personAsked(state, session);
  const is = standing(signed, person.acceptances, person, now.atMs);
  if (is.open && is.by !== null) return answer(accepted(is.by.receipt));
  const perSession = person.shared || signed.policy.renewal.kind === 'eachSignIn';
  const key = perSession ? `${policyHash} ${session}` : policyHash;
  const underway = state.recording[key];
  if (underway !== undefined) {
    const requests = [...underway.requests, request];
    return { state: { ...state, recording: { ...state.recording, [key]: { requests } } }, effects: [] };
  }
  const asked = askedIn(state, session, policyHash);
  if ('ok' in asked) return answer(asked);
  const submission: AcceptanceSubmission = {
    ...input.submission,
    reading: furtherReading(asked.asking.reading, input.submission.reading),
  };
  if (signed.policy.check !== undefined && !asked.asking.check.passed) {
    const detail = 'The questions about the policy come first. Answer them, then sign.';
    return answer(refused('acceptance.check', detail, 'check'));
  }
  const problem = submissionFault(signed.policy, submission, changesShown(state, session, signed));
  if (problem !== null) return answer({ ok: false, problem });
  const about = { openSeconds: openSeconds(asked.asking, now), person: sessionIn(state, session).person };
  return {
    state: { ...state, recording: { ...state.recording, [key]: { requests: [request] } } },
    effects: [
      {
        kind: 'recordAcceptance',
        asking: key,
        draft: acceptedDraft(state.account, session, signed, submission, about),
      },
    ],
  };
}

export function afterRecording(
  state: AupGateState,
  key: string,
  acceptance: RecordedAcceptance,
  most: number,
): AupGateStep {
  const waiting = state.recording[key]?.requests ?? [];
  const acceptances = [acceptance, ...state.acceptances].slice(0, most);
  let next: AupGateState = { ...withoutRecording(state, key), acceptances, interrupted: null };
  const here = acceptance.session === null ? undefined : state.sessions[acceptance.session];
  if (acceptance.session !== null && here !== undefined) {
    const { audience, teaching } = acceptance;
    next = withSession(next, acceptance.session, { answered: here.answered + 1, role: { audience, teaching } });
  }
  return {
    state: next,
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

export function recordFailed(state: AupGateState, key: string, problem: Problem): AupGateStep {
  const waiting = state.recording[key]?.requests ?? [];
  return {
    state: withoutRecording(state, key),
    effects: waiting.map((request) => ({ kind: 'answerAcceptance', request, outcome: { ok: false, problem } })),
  };
}

export function decline(state: AupGateState, input: Input<'declined'>, now: Moment): AupGateStep {
  const { session, request, policyHash, reason } = input;
  const asked = askedIn(state, session, policyHash);
  if ('ok' in asked) return answeredWith(state, request, asked);
  const { signed } = asked;
  if (signed.policy.decline?.reason === 'required' && reason.trim() === '') {
    const detail = 'Say in a few words why; the policy asks for it.';
    return answeredWith(state, request, refused('decline.reason', detail, 'reason'));
  }
  const reading = furtherReading(asked.asking.reading, input.reading);
  const further = withSession(state, session, { asking: { ...asked.asking, reading } });
  if (asked.asking.declinedBecause === reason) return answered(further, request);
  const { person } = sessionIn(state, session);
  const about = { reason, reading, openSeconds: openSeconds(asked.asking, now), person };
  return {
    state: further,
    effects: [
      {
        kind: 'recordAnswer',
        draft: declinedDraft(state.account, session, signed, about),
        then: { kind: 'declineRecorded', session, request, policyHash, reason },
      },
    ],
  };
}

/** What the policy has follow when it is declined. */
export function afterDecline(state: AupGateState, input: Input<'declineRecorded'>, now: Moment): AupGateStep {
  const { session, request, policyHash, reason } = input;
  const here = sessionIn(state, session);
  const signed = policyBy(state, policyHash);
  if (here.asking?.policyHash !== policyHash || signed === null) return answered(state, request);
  const way = signed.policy.decline;
  switch (way?.mode) {
    case undefined:
      return answered(withSession(state, session, { asking: { ...here.asking, declinedBecause: reason } }), request);
    case 'limited':
    case 'record': {
      const wentOn = { ...here.wentOn, [policyHash]: way.mode === 'limited' ? 'limited' : 'declined' } as const;
      return answered(withSession(state, session, { wentOn }), request);
    }
    case 'signOut': {
      const leaving = {
        policyHash,
        since: now,
        endsUptimeMs: now.uptimeMs + way.saveWorkSeconds * 1_000,
        covered: !here.hasWorked,
        askedUptimeMs: null,
        failure: null,
      };
      return answered(withSession(state, session, { leaving }), request);
    }
  }
}

export function postpone(state: AupGateState, input: Input<'postponed'>, now: Moment): AupGateStep {
  const { session, request, policyHash } = input;
  const asked = askedIn(state, session, policyHash);
  if ('ok' in asked) return answeredWith(state, request, asked);
  const person = personAsked(state, session);
  const is = standing(asked.signed, person.acceptances, person, now.atMs);
  if (is.open) return answered(state, request);
  if (is.postponableUntilMs === null) {
    const detail = 'This policy cannot be put off, or no longer. Accept it, or choose "I do not accept".';
    return answeredWith(state, request, refused('postpone.over', detail));
  }
  return {
    state,
    effects: [
      {
        kind: 'recordAnswer',
        draft: postponedDraft(state.account, session, asked.signed, is.why, is.postponableUntilMs),
        then: { kind: 'postponementRecorded', session, request, policyHash },
      },
    ],
  };
}

export function afterPostponement(state: AupGateState, input: Input<'postponementRecorded'>): AupGateStep {
  const { session, request, policyHash } = input;
  const { wentOn } = sessionIn(state, session);
  return answered(withSession(state, session, { wentOn: { ...wentOn, [policyHash]: 'postponed' } }), request);
}

function withoutRecording(state: AupGateState, key: string): AupGateState {
  return { ...state, recording: Object.fromEntries(Object.entries(state.recording).filter(([name]) => name !== key)) };
}
