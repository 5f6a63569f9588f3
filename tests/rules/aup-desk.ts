import type { AcceptanceSubmission } from '../../src/contract/acceptance.ts';
import type { Renewal } from '../../src/contract/policy-asking.ts';
import type { Audience, Policy, SignedPolicy } from '../../src/contract/policy.ts';
import type { Outcome } from '../../src/contract/problem.ts';
import type { AcceptanceReceipt } from '../../src/contract/session.ts';
import {
  aupGate,
  gateViewOf,
  policyStandingsOf,
  stepAupGate,
  type AupGateEffect,
  type AupGateInput,
  type AupGateState,
  type Moment,
  type RecordedAcceptance,
} from '../../src/rules/aup-gate.ts';

export const account = { id: '1000', name: 'a.person' };
export const dayMs = 86_400_000;

/** A policy whose hash and only clause are made of `text`. */
export function policyWith(
  text: string,
  renewal: Renewal,
  version = 1,
  change: Partial<Policy> = {},
  publishedAt = '2026-01-01T00:00:00.000Z',
): SignedPolicy {
  return {
    policy: {
      format: 'usher/policy/1',
      id: 'staff',
      title: 'Staff policy',
      language: 'en-GB',
      audiences: ['staff'],
      sections: [{ id: 's1', title: 'One', clauses: [{ id: 'c1', text }] }],
      variables: [{ name: 'head', label: 'Head', placeholder: '(head)', value: 'the head' }],
      form: {
        statements: [{ id: 'agree', text: 'I agree, and will tell (head).' }],
        fields: [{ id: 'name', kind: 'printedName', label: 'Name', required: true }],
      },
      reading: { toEnd: true, minimumSeconds: 0 },
      renewal,
      contacts: [],
      lifecycle: {},
      ...change,
    },
    hash: text.repeat(64).slice(0, 64),
    version,
    publishedAt,
    signature: 'A'.repeat(86),
  };
}

export const goodReading = { readSeconds: 5, depthPercent: 100, sectionsRead: ['s1'] };
export const submissionOf = (policyHash: string, complete = true): AcceptanceSubmission => ({
  policyHash,
  audience: 'staff',
  teaching: false,
  statements: complete ? ['agree'] : [],
  fields: { name: { kind: 'text', value: 'A Person' } },
  reading: goodReading,
});

export function receiptFor(policyHash: string, seq: number): AcceptanceReceipt {
  return {
    policyId: 'staff',
    policyTitle: 'Staff policy',
    policyVersion: 1,
    policyHash,
    acceptedAt: '2026-01-01T00:00:00.000Z',
    deviceId: '0'.repeat(32),
    record: { epoch: 1, seq, hash: '0'.repeat(64) },
    verificationCode: 'AAAA-AAAA-AAAA',
    signedAs: 'A Person',
    statements: [],
    syncedAt: null,
  };
}

type Asked = Extract<AupGateInput, { request: string; session: string }>;
type Unasked = Asked extends infer I ? (I extends Asked ? Omit<I, 'request'> : never) : never;

/** Carries out effects by hand and remembers what was committed. */
export class Desk {
  state: AupGateState;
  now: Moment = { atMs: Date.parse('2026-01-05T08:00:00.000Z'), uptimeMs: 1_000 };
  policy: SignedPolicy | null = null;
  committed: RecordedAcceptance[] = [];
  pending: Extract<AupGateEffect, { kind: 'recordAcceptance' | 'recordAnswer' }>[] = [];
  answers: Extract<AupGateEffect, { kind: 'answer' | 'answerAcceptance' | 'answerCheck' }>[] = [];
  signedOut: string[] = [];
  notes: Extract<AupGateEffect, { kind: 'record' }>[] = [];
  asked = 0;

  constructor(policy: SignedPolicy | readonly SignedPolicy[] | null = null, who = account) {
    const policies = policy === null ? [] : [policy].flat();
    this.policy = policies[0] ?? null;
    this.state = aupGate(who, policies, [], null);
  }

  take(input: AupGateInput): AupGateEffect[] {
    if (input.kind === 'policiesArrived') this.policy = input.policies[0] ?? null;
    const { state, effects } = stepAupGate(this.state, input, this.now);
    this.state = state;
    for (const effect of effects) {
      if (effect.kind === 'recordAcceptance' || effect.kind === 'recordAnswer') this.pending.push(effect);
      if (effect.kind === 'answer' || effect.kind === 'answerAcceptance' || effect.kind === 'answerCheck') {
        this.answers.push(effect);
      }
      if (effect.kind === 'signOut') this.signedOut.push(effect.session);
      if (effect.kind === 'record') this.notes.push(effect);
    }
    return effects;
  }

  deliver(works: boolean): AupGateEffect[] {
    const effect = this.pending.shift();
    if (effect === undefined) return [];
    const problem = { code: 'journal.full', detail: 'The disk is full.' };
    if (effect.kind === 'recordAnswer') {
      return this.take(works ? effect.then : { kind: 'notRecorded', request: effect.then.request, problem });
    }
    if (!works) return this.take({ kind: 'recordFailed', asking: effect.asking, problem });
    const acceptance: RecordedAcceptance = {
      policyId: effect.draft.data.policyId,
      policyHash: effect.draft.data.policyHash,
      atMs: this.now.atMs,
      session: effect.draft.session,
      audience: effect.draft.data.audience,
      teaching: effect.draft.data.teaching,
      receipt: receiptFor(effect.draft.data.policyHash, this.committed.length + 1),
    };
    this.committed.unshift(acceptance);
    return this.take({ kind: 'recorded', asking: effect.asking, acceptance });
  }

  view(session: string) {
    return gateViewOf(this.state, session, this.now);
  }

  /** Something a person does, carried out at once and kept. @returns what it was answered with. */
  does(input: Unasked): Outcome<unknown> | undefined {
    const request = `d${(this.asked += 1)}`;
    this.take({ ...input, request });
    while (this.pending.length > 0) this.deliver(true);
    return this.answerTo(request);
  }

  /** Reads and signs what is asked now. */
  accepts(session: string, audience: Audience = 'staff', teaching = false): Outcome<unknown> | undefined {
    const view = this.view(session);
    if (view.phase !== 'asking') throw new Error(`Nothing is asked: ${view.phase}`);
    const submission = { ...submissionOf(view.policy.hash), audience, teaching };
    return this.does({ kind: 'submitted', session, submission });
  }

  passes(ms: number): void {
    this.now = { atMs: this.now.atMs + ms, uptimeMs: this.now.uptimeMs + ms };
    this.take({ kind: 'timePassed' });
  }

  /** How the person stands, policy by policy. */
  standings(session: string): string[] {
    return policyStandingsOf(this.state, session, this.now).map(({ policyId, state }) => `${policyId} ${state}`);
  }

  /** How the second signatures stand. */
  signatures(session: string): (string | null)[] {
    return policyStandingsOf(this.state, session, this.now).map(({ counterSignature }) => counterSignature);
  }

  submit(session: string, complete = true, policyHash = this.policy?.hash ?? 'f'.repeat(64)): string {
    const request = `r${(this.asked += 1)}`;
    this.take({ kind: 'submitted', session, request, submission: submissionOf(policyHash, complete) });
    return request;
  }

  answerTo(request: string) {
    return this.answers.find((one) => one.request === request)?.outcome;
  }
}
