import type { GateView, PolicyStanding } from '../contract/session.ts';
import type { AupGateState } from './aup-gate-state.ts';
import {
  acceptedBefore,
  keptReadingOf,
  mustNameThemselves,
  personAsked,
  placesIn,
  policyBy,
  sessionIn,
  sharedAccountOf,
} from './aup-gate-sessions.ts';
import { rolesIn, type PersonAsked, type Placed } from './aup-sequence.ts';
import { clauseReferenceOf } from './idle-lock/lock-terms.ts';
import { hasTeachingClauses } from './policy-for-person.ts';
import type { Moment } from './moment.ts';

const instantOf = (atMs: number): string => new Date(atMs).toISOString();

/** What a session of the account has to do about the policies. */
export function gateViewOf(state: AupGateState, session: string, now: Moment): GateView {
  const [first] = state.policies;
  if (first === undefined) return { phase: 'noPolicy' };
  const { leaving } = sessionIn(state, session);
  const left = leaving === null ? null : policyBy(state, leaving.policyHash);
  if (leaving !== null && left !== null) {
    const lastsMs = leaving.endsUptimeMs - leaving.since.uptimeMs;
    return {
      phase: 'leaving',
      policy: left,
      since: instantOf(leaving.since.atMs),
      signsOutAt: instantOf(leaving.since.atMs + lastsMs),
      covered: leaving.covered,
      failure: leaving.failure,
    };
  }
  const shared = sharedAccountOf(state);
  if (shared !== null && mustNameThemselves(state, session)) {
    const clause = clauseReferenceOf(shared.policy, shared.rule.clause);
    if (clause !== null) return { phase: 'identifying', policy: shared.policy, ask: [...shared.rule.ask], clause };
  }
  const places = placesIn(state, session, now);
  const due = places.filter((one) => one.state === 'due');
  const [next] = due;
  if (next === undefined || next.is.open) return openView(state, session, places);
  return askingView(state, session, next.signed, next.is, due.length);
}

function openView(state: AupGateState, session: string, places: readonly Placed[]): GateView {
  const accepted = places.find((one) => one.state === 'accepted') ?? places.find((one) => one.state !== 'forOthers');
  const signed = accepted?.signed ?? state.policies[0];
  if (signed === undefined) return { phase: 'noPolicy' };
  return { phase: 'open', policy: signed, receipt: receiptOf(personAsked(state, session), signed.hash, accepted) };
}

const receiptOf = ({ acceptances }: PersonAsked, hash: string, placed: Placed | undefined) =>
  placed?.is.open === true && placed.is.by !== null
    ? placed.is.by.receipt
    : (acceptances.find((one) => one.policyHash === hash)?.receipt ?? null);

function askingView(
  state: AupGateState,
  session: string,
  policy: Extract<GateView, { phase: 'asking' }>['policy'],
  is: Extract<Placed['is'], { open: false }>,
  due: number,
): GateView {
  const here = sessionIn(state, session);
  const asking = here.asking?.policyHash === policy.hash ? here.asking : null;
  const before = acceptedBefore(state, session, policy);
  return {
    phase: 'asking',
    policy,
    why: is.why,
    reading: asking?.reading ?? keptReadingOf(state, policy.hash),
    previous:
      before === null
        ? null
        : {
            audience: before.acceptance.audience,
            teaching: before.acceptance.teaching,
            acceptedAt: instantOf(before.acceptance.atMs),
            policyHash: before.acceptance.policyHash,
            text: before.text,
          },
    declined: asking !== null && asking.declinedBecause !== null,
    place: { number: here.answered + 1, of: here.answered + due },
    roles: rolesIn(state.policies),
    teachingMatters: state.policies.some(({ policy: one }) => hasTeachingClauses(one)),
    role: here.role,
    check: policy.policy.check === undefined ? null : (asking?.check ?? { attempts: 0, passed: false }),
    postponableUntil: is.postponableUntilMs === null ? null : instantOf(is.postponableUntilMs),
    person: here.person,
  };
}

/** How the person in a session stands with every policy in force, for them to see. */
export function policyStandingsOf(state: AupGateState, session: string, now: Moment): PolicyStanding[] {
  return placesIn(state, session, now).map((placed) => {
    const { signed, is } = placed;
    const receipt = receiptOf(personAsked(state, session), signed.hash, placed);
    const untilMs = is.open ? (is.by === null ? is.fromMs : null) : is.postponableUntilMs;
    const needsSecond = signed.policy.form.counterSignature !== undefined && placed.state === 'accepted';
    return {
      policyId: signed.policy.id,
      title: signed.policy.title,
      version: signed.version,
      hash: signed.hash,
      state: placed.state === 'due' ? 'asked' : placed.state,
      receipt,
      until: untilMs === null ? null : instantOf(untilMs),
      counterSignature: needsSecond ? (state.counterSignatures[signed.hash] ?? 'waiting') : null,
    };
  });
}
