import type { PersonRole } from '../contract/acceptance.ts';
import { audience, type Audience, type SignedPolicy } from '../contract/policy.ts';
import { standing, type AskedOf, type RecordedAcceptance, type Standing } from './aup-standing.ts';

/** How a person went on in this session without accepting: put off, or declined where the policy lets them. */
export type WentOn = 'postponed' | 'limited' | 'declined';

export interface PersonAsked extends AskedOf {
  /** Newest first. */
  acceptances: readonly RecordedAcceptance[];
  /** What they said in this session; null until they did. */
  role: PersonRole | null;
  /** By policy hash. */
  wentOn: Readonly<Record<string, WentOn>>;
}

export interface Placed {
  signed: SignedPolicy;
  is: Standing;
  /** `due`: has to be asked now. */
  state: 'due' | 'accepted' | 'notYet' | 'forOthers' | WentOn;
}

/** How a person stands with each policy in force, in the order of asking. */
export function placesOf(inForce: readonly SignedPolicy[], person: PersonAsked, nowMs: number): Placed[] {
  const role = knownRole(inForce, person);
  return inForce.map((signed) => {
    const is = standing(signed, person.acceptances, person, nowMs);
    return { signed, is, state: stateOf(signed, is, person, role) };
  });
}

function stateOf(signed: SignedPolicy, is: Standing, person: PersonAsked, role: PersonRole | null): Placed['state'] {
  if (role !== null && !signed.policy.audiences.includes(role.audience)) return 'forOthers';
  if (is.open) return is.by === null ? 'notYet' : 'accepted';
  const wentOn = person.wentOn[signed.hash];
  if (wentOn === undefined || (wentOn === 'postponed' && is.postponableUntilMs === null)) return 'due';
  return wentOn;
}

/**
 * Who the person is, as far as it decides which policies are for them: as they said here, else as they said when they
 * last accepted something. A role that no policy is for any more says nothing.
 */
export function knownRole(inForce: readonly SignedPolicy[], person: PersonAsked): PersonRole | null {
  const last = person.acceptances.find((one) => !person.shared || one.session === person.session);
  const role = person.role ?? (last === undefined ? null : { audience: last.audience, teaching: last.teaching });
  return role !== null && rolesIn(inForce).includes(role.audience) ? role : null;
}

/** Everybody that some policy in force is for, in the order of the list that everybody knows. */
export function rolesIn(inForce: readonly SignedPolicy[]): Audience[] {
  return audience.options.filter((one) => inForce.some(({ policy }) => policy.audiences.includes(one)));
}
