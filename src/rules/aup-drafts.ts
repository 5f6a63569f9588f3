import type { AcceptanceSubmission, Reading } from '../contract/acceptance.ts';
import type { Account, EventData, EventDraft, EventType } from '../contract/event.ts';
import type { SignedPolicy } from '../contract/policy.ts';
import { fillVariables } from './policy-for-person.ts';

type Draft<T extends EventType> = Extract<EventDraft, { type: T }>;

/** Enforcement of the gate itself: by the policy's own version; no clause of the text speaks about the gate. */
const ruleOf = (policy: SignedPolicy) => ({ policyVersion: policy.version, clause: 'default' as const });

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
  openSeconds: number,
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
  answer: { reason: string; reading: Reading; openSeconds: number },
): Draft<'policy.declined'> {
  return {
    type: 'policy.declined',
    data: { policyId: signed.policy.id, policyVersion: signed.version, policyHash: signed.hash, ...answer },
    account,
    session,
    subject: signed.policy.id,
    rule: ruleOf(signed),
  };
}
