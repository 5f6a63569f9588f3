import type { AcceptanceSubmission, NamedPerson, Reading } from '../contract/acceptance.ts';
import type { Account, EventData, EventDraft, EventType } from '../contract/event.ts';
import type { SignedPolicy } from '../contract/policy.ts';
import { visitorQuestion } from '../contract/policy-rules.ts';
import { fillVariables } from './policy-for-person.ts';

type Draft<T extends EventType> = Extract<EventDraft, { type: T }>;

/** Enforcement of the gate itself: by the policy's own version; no clause of the text speaks about the gate. */
const ruleOf = (policy: SignedPolicy) => ({ policyVersion: policy.version, clause: 'default' as const });

const named = ({ policy, version, hash }: SignedPolicy) => ({
  policyId: policy.id,
  policyVersion: version,
  policyHash: hash,
});

export function shownDraft(
  account: Account,
  session: string,
  policy: SignedPolicy,
  why: EventData<'gate.shown'>['why'],
): Draft<'gate.shown'> {
  return {
    type: 'gate.shown',
    data: { policyHash: policy.hash, policyVersion: policy.version, why },
    account,
    session,
    subject: policy.policy.id,
    rule: ruleOf(policy),
  };
}

export function interruptedDraft(
  account: Account,
  session: string,
  policyHash: string,
  reading: Reading,
): Draft<'gate.interrupted'> {
  return {
    type: 'gate.interrupted',
    data: { policyHash, why: 'shellLost', reading },
    account,
    session,
    subject: null,
    rule: null,
  };
}

/** The words that were on screen go into the record, with the school's own words in the blanks. */
export function acceptedDraft(
  account: Account,
  session: string,
  signed: SignedPolicy,
  submission: AcceptanceSubmission,
  { openSeconds, person }: { openSeconds: number; person: string | null },
): Draft<'policy.accepted'> {
  const { policy } = signed;
  const fields = policy.form.fields.flatMap((field) => {
    const value = submission.fields[field.id];
    return value === undefined ? [] : [{ id: field.id, label: field.label, value }];
  });
  return {
    type: 'policy.accepted',
    data: {
      policyId: policy.id,
      policyTitle: policy.title,
      policyVersion: signed.version,
      policyHash: signed.hash,
      audience: submission.audience,
      teaching: submission.teaching,
      statements: policy.form.statements.map(({ id, text }) => ({ id, text: fillVariables(text, policy.variables) })),
      fields,
      reading: submission.reading,
      openSeconds,
      ...(person === null ? {} : { person }),
    },
    account,
    session,
    subject: policy.id,
    rule: ruleOf(signed),
  };
}

export function declinedDraft(
  account: Account,
  session: string,
  signed: SignedPolicy,
  { person, ...answer }: { reason: string; reading: Reading; openSeconds: number; person: string | null },
): Draft<'policy.declined'> {
  const { decline } = signed.policy;
  return {
    type: 'policy.declined',
    data: {
      ...named(signed),
      ...answer,
      ...(decline === undefined ? {} : { then: decline.mode }),
      ...(person === null ? {} : { person }),
    },
    account,
    session,
    subject: signed.policy.id,
    rule: ruleOf(signed),
  };
}

export function postponedDraft(
  account: Account,
  session: string,
  signed: SignedPolicy,
  why: EventData<'policy.postponed'>['why'],
  untilMs: number,
): Draft<'policy.postponed'> {
  return {
    type: 'policy.postponed',
    data: { ...named(signed), why, until: new Date(untilMs).toISOString() },
    account,
    session,
    subject: signed.policy.id,
    rule: ruleOf(signed),
  };
}

export function checkedDraft(
  account: Account,
  session: string,
  signed: SignedPolicy,
  attempt: Pick<EventData<'policy.checked'>, 'attempt' | 'passed' | 'answers'>,
): Draft<'policy.checked'> {
  return {
    type: 'policy.checked',
    data: { ...named(signed), ...attempt },
    account,
    session,
    subject: signed.policy.id,
    rule: ruleOf(signed),
  };
}

/** `clause`: the one that says that who it is gets asked. */
export function personNamedDraft(
  account: Account,
  session: string,
  { version }: SignedPolicy,
  clause: string,
  { name, answers }: NamedPerson,
): Draft<'session.personNamed'> {
  const given = visitorQuestion.options.flatMap((question) => {
    const answer = answers[question];
    return answer === undefined ? [] : [{ question, answer }];
  });
  return {
    type: 'session.personNamed',
    data: { name, answers: given },
    account,
    session,
    subject: null,
    rule: { policyVersion: version, clause },
  };
}

/** The system is asked to end the session because the policy was not accepted. */
export function signOutDraft(account: Account, session: string, signed: SignedPolicy): Draft<'lock.requested'> {
  return {
    type: 'lock.requested',
    data: { action: 'signOut', reason: 'declined', idleSeconds: null },
    account,
    session,
    subject: signed.policy.id,
    rule: ruleOf(signed),
  };
}

export function signOutFailedDraft(
  account: Account,
  session: string,
  signed: SignedPolicy,
  why: string,
): Draft<'lock.failed'> {
  return {
    type: 'lock.failed',
    data: { action: 'signOut', reason: 'declined', why, covered: true },
    account,
    session,
    subject: signed.policy.id,
    rule: ruleOf(signed),
  };
}
