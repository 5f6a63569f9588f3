import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Decline, Renewal } from '../../src/contract/policy-asking.ts';
import type { Audience, Policy, SignedPolicy } from '../../src/contract/policy.ts';
import { gateWakeAtMs } from '../../src/rules/aup-gate.ts';
import { isSharedAccount } from '../../src/rules/shared-account.ts';
import { account, dayMs, Desk, goodReading, policyWith } from './aup-desk.ts';

const clauses = { sections: [{ id: 's1', title: 'One', clauses: [{ id: 'c1', number: '1', text: 'Keep it safe.' }] }] };

function named(id: string, text: string, renewal: Renewal, change: Partial<Policy> = {}, publishedAt?: string) {
  return policyWith(text, renewal, 1, { ...clauses, id, title: `The ${id} policy`, ...change }, publishedAt);
}
const decline = (desk: Desk, session: string, reason = 'no') => {
  const view = desk.view(session);
  if (view.phase !== 'asking') throw new Error(view.phase);
  const { hash: policyHash } = view.policy;
  return desk.does({ kind: 'declined', session, policyHash, reason, reading: goodReading });
};
const postpone = (desk: Desk, session: string) => {
  const view = desk.view(session);
  if (view.phase !== 'asking') throw new Error(view.phase);
  return desk.does({ kind: 'postponed', session, policyHash: view.policy.hash });
};
function deskWith(...policies: SignedPolicy[]): Desk {
  const desk = new Desk(policies);
  desk.take({ kind: 'sessionSeen', session: 'one' });
  return desk;
}

describe('several policies at one sign-in', () => {
  test('are asked for one after the other, each counted, and the gate opens after the last', () => {
    const desk = deskWith(named('staff', 'a', { kind: 'onChange' }), named('devices', 'b', { kind: 'onChange' }));
    expect(desk.view('one')).toMatchObject({ phase: 'asking', place: { number: 1, of: 2 } });
    desk.accepts('one');
    expect(desk.view('one')).toMatchObject({ policy: { hash: 'b'.repeat(64) }, place: { number: 2, of: 2 } });
    desk.accepts('one');
    expect(desk.view('one').phase).toBe('open');
    expect(desk.standings('one')).toEqual(['staff accepted', 'devices accepted']);
    expect(desk.notes.map(({ draft }) => draft.type)).toEqual(['gate.shown', 'gate.shown']);
  });

  test('each keeps its own renewal: only what is due again is asked again', () => {
    const desk = deskWith(
      named('staff', 'a', { kind: 'onChange' }),
      named('daily', 'b', { kind: 'eachSignIn' }),
      named('yearly', 'c', { kind: 'everyDays', days: 365 }),
    );
    for (let each = 0; each < 3; each += 1) desk.accepts('one');
    desk.take({ kind: 'sessionSeen', session: 'two' });
    expect(desk.view('two')).toMatchObject({ policy: { policy: { id: 'daily' } }, place: { number: 1, of: 1 } });
    desk.accepts('two');
    desk.passes(365 * dayMs);
    expect(desk.view('two')).toMatchObject({ why: 'renewal', policy: { policy: { id: 'yearly' } } });
  });

  test('one asked for once is not asked for again when its text changes; the others are', () => {
    const desk = deskWith(named('induction', 'a', { kind: 'once' }), named('staff', 'b', { kind: 'onChange' }));
    desk.accepts('one');
    desk.accepts('one');
    const policies = [named('induction', 'c', { kind: 'once' }), named('staff', 'd', { kind: 'onChange' })];
    desk.take({ kind: 'policiesArrived', policies });
    expect(desk.view('one')).toMatchObject({ why: 'changed', policy: { policy: { id: 'staff' } } });
  });

  test('a policy that is withdrawn is asked for no longer', () => {
    const desk = deskWith(named('staff', 'a', { kind: 'onChange' }), named('devices', 'b', { kind: 'onChange' }));
    desk.accepts('one');
    desk.take({ kind: 'policiesArrived', policies: [named('staff', 'a', { kind: 'onChange' })] });
    expect(desk.view('one').phase).toBe('open');
  });

  test('nobody is asked before the day it starts', () => {
    const starts = named('staff', 'a', { kind: 'onChange', startsOn: '2026-01-07' });
    const desk = deskWith(starts);
    expect(desk.view('one')).toMatchObject({ phase: 'open', receipt: null });
    expect(desk.standings('one')).toEqual(['staff notYet']);
    desk.passes(2 * dayMs);
    expect(desk.view('one')).toMatchObject({ phase: 'asking', why: 'first' });
  });
});

describe('grace', () => {
  const graced: Renewal = { kind: 'onChange', graceDays: 5 };
  const published = '2026-01-04T12:00:00.000Z';

  test('"Not now" lets the person work until the days are over, and is recorded with the day', () => {
    const desk = deskWith(named('staff', 'a', graced, {}, published));
    expect(desk.view('one')).toMatchObject({ postponableUntil: '2026-01-09T12:00:00.000Z' });
    expect(postpone(desk, 'one')).toMatchObject({ ok: true });
    expect(desk.view('one')).toMatchObject({ phase: 'open', receipt: null });
    expect(desk.standings('one')).toEqual(['staff postponed']);
    desk.passes(4 * dayMs);
    expect(desk.view('one').phase).toBe('open');
    desk.passes(dayMs);
    expect(desk.view('one')).toMatchObject({ phase: 'asking', postponableUntil: null });
    expect(postpone(desk, 'one')).toMatchObject({ ok: false, problem: { code: 'postpone.over' } });
  });

  test('the next sign-in asks again, and "ask again" does so at once', () => {
    const desk = deskWith(named('staff', 'a', graced, {}, published));
    postpone(desk, 'one');
    desk.take({ kind: 'sessionSeen', session: 'two' });
    expect(desk.view('two').phase).toBe('asking');
    desk.does({ kind: 'askedAgain', session: 'one' });
    expect(desk.view('one').phase).toBe('asking');
  });

  test('of a renewal counts from the day it ran out', () => {
    const desk = deskWith(named('staff', 'a', { kind: 'everyDays', days: 30, graceDays: 3 }));
    desk.accepts('one');
    desk.passes(31 * dayMs);
    expect(desk.view('one')).toMatchObject({ why: 'renewal', postponableUntil: '2026-02-07T08:00:00.000Z' });
    expect(postpone(desk, 'one')).toMatchObject({ ok: true });
    desk.passes(2 * dayMs);
    expect(desk.view('one').phase).toBe('asking');
  });

  test('where there is none, there is no "Not now"', () => {
    const desk = deskWith(named('staff', 'a', { kind: 'onChange' }));
    expect(desk.view('one')).toMatchObject({ postponableUntil: null });
    expect(postpone(desk, 'one')).toMatchObject({ ok: false, problem: { code: 'postpone.over' } });
    expect(desk.pending).toEqual([]);
  });
});

describe('declining', () => {
  const signOut: Decline = { mode: 'signOut', reason: 'optional', saveWorkSeconds: 120 };

  test('a reason that the policy requires is asked for', () => {
    const desk = deskWith(
      named('staff', 'a', { kind: 'onChange' }, { decline: { mode: 'limited', reason: 'required' } }),
    );
    expect(decline(desk, 'one', '  ')).toMatchObject({
      ok: false,
      problem: { code: 'decline.reason', field: 'reason' },
    });
    expect(desk.view('one').phase).toBe('asking');
  });

  test.each([
    ['limited', 'staff limited'],
    ['record', 'staff declined'],
  ] as const)('"%s" lets the person go on in this session only', (mode, standing) => {
    const desk = deskWith(named('staff', 'a', { kind: 'onChange' }, { decline: { mode, reason: 'optional' } }));
    decline(desk, 'one');
    expect(desk.view('one')).toMatchObject({ phase: 'open', receipt: null });
    expect(desk.standings('one')).toEqual([standing]);
    desk.take({ kind: 'shellLost', session: 'one' });
    desk.take({ kind: 'sessionSeen', session: 'one' });
    expect(desk.standings('one'), 'ending the screen program changes nothing').toEqual([standing]);
    desk.take({ kind: 'sessionSeen', session: 'two' });
    expect(desk.view('two').phase).toBe('asking');
    desk.does({ kind: 'askedAgain', session: 'one' });
    desk.accepts('one');
    expect(desk.standings('one')).toEqual(['staff accepted']);
  });

  test('signing out: at sign-in the displays stay covered, there is nothing to save', () => {
    const desk = deskWith(named('staff', 'a', { kind: 'onChange' }, { decline: signOut }));
    decline(desk, 'one');
    expect(desk.view('one')).toMatchObject({ phase: 'leaving', covered: true, signsOutAt: '2026-01-05T08:02:00.000Z' });
    expect(gateWakeAtMs(desk.state)).toBe(desk.now.uptimeMs + 120_000);
    desk.passes(119_999);
    expect(desk.signedOut).toEqual([]);
    desk.passes(1);
    expect(desk.signedOut).toEqual(['one']);
    expect(desk.notes.at(-1)?.draft).toMatchObject({ type: 'lock.requested', data: { reason: 'declined' } });
    desk.take({ kind: 'sessionEnded', session: 'one' });
    expect(gateWakeAtMs(desk.state)).toBeNull();
  });

  test('signing out: whoever was working gets the displays back to save, then they are covered', () => {
    const first = named('staff', 'a', { kind: 'onChange' });
    const desk = deskWith(first);
    desk.accepts('one');
    desk.take({ kind: 'policiesArrived', policies: [named('staff', 'b', { kind: 'onChange' }, { decline: signOut })] });
    decline(desk, 'one');
    expect(desk.view('one')).toMatchObject({ phase: 'leaving', covered: false });
    desk.passes(120_000);
    expect(desk.view('one')).toMatchObject({ phase: 'leaving', covered: true });
  });

  test('signing out: a change of mind in time is asked again and nobody is signed out', () => {
    const desk = deskWith(named('staff', 'a', { kind: 'onChange' }, { decline: signOut }));
    decline(desk, 'one');
    desk.passes(60_000);
    desk.does({ kind: 'askedAgain', session: 'one' });
    desk.accepts('one');
    desk.passes(10 * 60_000);
    expect(desk.signedOut).toEqual([]);
    expect(desk.view('one').phase).toBe('open');
  });

  test('signing out: accepted in another session meanwhile, nobody is signed out', () => {
    const desk = deskWith(named('staff', 'a', { kind: 'onChange' }, { decline: signOut }));
    desk.take({ kind: 'sessionSeen', session: 'two' });
    decline(desk, 'one');
    desk.accepts('two');
    desk.passes(10 * 60_000);
    expect(desk.signedOut).toEqual([]);
    expect(desk.view('one').phase).toBe('open');
  });

  test('signing out: a system that will not is recorded once, shown, and asked again every ten seconds', () => {
    const desk = deskWith(named('staff', 'a', { kind: 'onChange' }, { decline: signOut }));
    decline(desk, 'one');
    desk.passes(120_000);
    for (let tries = 0; tries < 3; tries += 1) {
      desk.take({ kind: 'signOutFailed', session: 'one', why: 'The system said no' });
      desk.passes(10_000);
    }
    expect(desk.signedOut).toEqual(['one', 'one', 'one', 'one']);
    expect(desk.notes.filter(({ draft }) => draft.type === 'lock.failed')).toHaveLength(1);
    expect(desk.view('one')).toMatchObject({ phase: 'leaving', covered: true, failure: 'The system said no' });
  });
});

describe('roles', () => {
  const forStaff = named('staff', 'a', { kind: 'onChange' }, { audiences: ['staff'] });
  const forVisitors = named('visitors', 'b', { kind: 'onChange' }, { audiences: ['visitor', 'contractor'] });
  const choose = (desk: Desk, audience: Audience) =>
    desk.does({ kind: 'roleChosen', session: 'one', role: { audience, teaching: false } });

  test('everybody that some policy is for can be chosen, and only what is for them is asked', () => {
    const desk = deskWith(forStaff, forVisitors);
    expect(desk.view('one')).toMatchObject({ roles: ['staff', 'contractor', 'visitor'], place: { number: 1, of: 2 } });
    expect(choose(desk, 'governor')).toMatchObject({ ok: false, problem: { code: 'acceptance.audience' } });
    choose(desk, 'visitor');
    expect(desk.view('one')).toMatchObject({
      policy: { policy: { id: 'visitors' } },
      role: { audience: 'visitor' },
      place: { number: 1, of: 1 },
    });
    desk.accepts('one', 'visitor');
    expect(desk.view('one').phase).toBe('open');
    expect(desk.standings('one')).toEqual(['staff forOthers', 'visitors accepted']);
  });

  test('who accepted as somebody is that the next time, until no policy is for that role', () => {
    const desk = deskWith(forStaff, forVisitors);
    choose(desk, 'staff');
    desk.accepts('one', 'staff');
    desk.take({ kind: 'sessionSeen', session: 'two' });
    expect(desk.view('two').phase).toBe('open');
    desk.take({ kind: 'policiesArrived', policies: [forVisitors] });
    expect(desk.view('two')).toMatchObject({ phase: 'asking', roles: ['contractor', 'visitor'] });
  });

  test('another role means other clauses: the end has to be reached and the questions answered again', () => {
    const check = {
      questions: [
        {
          id: 'q',
          text: 'Which?',
          options: [
            { id: 'x', text: 'X' },
            { id: 'y', text: 'Y' },
          ],
          right: ['x'],
          clause: 'c1',
        },
      ],
    };
    const desk = deskWith(named('staff', 'a', { kind: 'onChange' }, { audiences: ['staff', 'volunteer'], check }));
    choose(desk, 'staff');
    const policyHash = 'a'.repeat(64);
    desk.does({ kind: 'readingProgressed', session: 'one', policyHash, reading: goodReading });
    desk.does({ kind: 'checkAnswered', session: 'one', policyHash, answers: { q: ['x'] } });
    choose(desk, 'volunteer');
    expect(desk.view('one')).toMatchObject({ reading: { depthPercent: 0 }, check: { passed: false, attempts: 1 } });
  });
});

describe('questions before signing', () => {
  const check = {
    questions: [
      { id: 'one-right', text: 'A?', options: ['x', 'y'].map((id) => ({ id, text: id })), right: ['x'], clause: 'c1' },
      {
        id: 'two-right',
        text: 'B?',
        options: ['p', 'q', 'r'].map((id) => ({ id, text: id })),
        right: ['p', 'q'],
        clause: 'c1',
      },
    ],
  };
  const policyHash = 'a'.repeat(64);
  const answer = (desk: Desk, answers: Record<string, string[]>) =>
    desk.does({ kind: 'checkAnswered', session: 'one', policyHash, answers });
  const desk = () => deskWith(named('staff', 'a', { kind: 'onChange' }, { check }));

  test('nothing is signed before all are right; each attempt is recorded with what was chosen', () => {
    const here = desk();
    expect(here.accepts('one')).toMatchObject({ ok: false, problem: { code: 'acceptance.check' } });
    const drafts: unknown[] = [];
    const keep = () => drafts.push(here.pending[0]?.draft.data);
    here.take({
      kind: 'checkAnswered',
      session: 'one',
      request: 'c1',
      policyHash,
      answers: { 'one-right': ['x'], 'two-right': ['p'] },
    });
    keep();
    here.deliver(true);
    expect(here.answerTo('c1')).toEqual({ ok: true, value: { passed: false, attempts: 1, wrong: ['two-right'] } });
    expect(drafts).toMatchObject([
      {
        attempt: 1,
        passed: false,
        answers: [
          { question: 'one-right', right: true },
          { question: 'two-right', chosen: ['p'], right: false },
        ],
      },
    ]);
    expect(answer(here, { 'one-right': ['x'], 'two-right': ['q', 'p'] })).toEqual({
      ok: true,
      value: { passed: true, attempts: 2, wrong: [] },
    });
    expect(here.accepts('one')).toMatchObject({ ok: true });
    expect(here.view('one').phase).toBe('open');
  });

  test('an attempt that could not be recorded does not count as passed', () => {
    const here = desk();
    here.take({
      kind: 'checkAnswered',
      session: 'one',
      request: 'c',
      policyHash,
      answers: { 'one-right': ['x'], 'two-right': ['p', 'q'] },
    });
    here.deliver(false);
    expect(here.answerTo('c')).toMatchObject({ ok: false, problem: { code: 'journal.full' } });
    expect(here.view('one')).toMatchObject({ check: { passed: false } });
  });

  test('every right option and no other: more, fewer, none and unknown ones are wrong', () => {
    const given = fc.subarray(['p', 'q', 'r', 'made-up']);
    fc.assert(
      fc.property(given, (chosen) => {
        const outcome = answer(desk(), { 'one-right': ['x'], 'two-right': chosen });
        const right = [...chosen].sort().join() === 'p,q';
        expect(outcome).toMatchObject({ ok: true, value: { passed: right } });
      }),
    );
    expect(answer(desk(), { nothing: ['x'] })).toMatchObject({ ok: false, problem: { code: 'check.unknown' } });
  });
});

describe('accounts that several people share', () => {
  const rules = {
    sharedAccounts: { clause: 'c1', accounts: ['supply*'], ask: ['organisation', 'host'] },
  } satisfies Policy['rules'];
  const supply = { id: '1001', name: 'Supply.Two' };
  const shared = () => {
    const desk = new Desk([named('staff', 'a', { kind: 'onChange', graceDays: 5 }, { rules })], supply);
    desk.take({ kind: 'sessionSeen', session: 'one' });
    return desk;
  };
  const name = (desk: Desk, session: string) =>
    desk.does({
      kind: 'personNamed',
      session,
      person: { name: 'Alex Example', answers: { organisation: 'Agency', host: 'The office', purpose: 'not asked' } },
    });

  test('ask who it is first, record exactly what the rule asks, and everybody accepts for themselves', () => {
    const desk = shared();
    expect(desk.view('one')).toMatchObject({
      phase: 'identifying',
      ask: ['organisation', 'host'],
      clause: { number: '1' },
    });
    expect(desk.notes).toEqual([]);
    const drafts = desk.take({
      kind: 'personNamed',
      session: 'one',
      request: 'n',
      person: { name: 'Alex Example', answers: {} },
    });
    expect(drafts).toMatchObject([
      { kind: 'answer', outcome: { ok: false, problem: { field: 'answers.organisation' } } },
    ]);
    desk.take({
      kind: 'personNamed',
      session: 'one',
      request: 'n2',
      person: { name: 'Alex Example', answers: { organisation: 'Agency', host: 'The office', purpose: 'not asked' } },
    });
    expect(desk.pending[0]?.draft).toMatchObject({
      type: 'session.personNamed',
      rule: { policyVersion: 1, clause: 'c1' },
      data: {
        name: 'Alex Example',
        answers: [
          { question: 'organisation', answer: 'Agency' },
          { question: 'host', answer: 'The office' },
        ],
      },
    });
    desk.deliver(true);
    expect(desk.view('one')).toMatchObject({ phase: 'asking', person: 'Alex Example', postponableUntil: null });
    desk.accepts('one');
    expect(desk.view('one').phase).toBe('open');
    desk.take({ kind: 'sessionSeen', session: 'two' });
    expect(desk.view('two').phase, 'the next one says who they are').toBe('identifying');
    name(desk, 'two');
    expect(desk.view('two'), 'and accepts too').toMatchObject({ phase: 'asking', why: 'first', previous: null });
  });

  test('a name that could not be recorded lets nobody on', () => {
    const desk = shared();
    desk.take({
      kind: 'personNamed',
      session: 'one',
      request: 'n',
      person: { name: 'Alex Example', answers: { organisation: 'A', host: 'B' } },
    });
    desk.deliver(false);
    expect(desk.view('one').phase).toBe('identifying');
  });

  test('the acceptance carries who it was', () => {
    const desk = shared();
    name(desk, 'one');
    const view = desk.view('one');
    if (view.phase !== 'asking') throw new Error(view.phase);
    desk.submit('one', true, view.policy.hash);
    expect(desk.pending[0]?.draft.data).toMatchObject({ person: 'Alex Example' });
  });

  test('an account of one person is not asked', () => {
    const desk = new Desk([named('staff', 'a', { kind: 'onChange' }, { rules })], account);
    desk.take({ kind: 'sessionSeen', session: 'one' });
    expect(desk.view('one').phase).toBe('asking');
    expect(name(desk, 'one')).toMatchObject({ ok: false, problem: { code: 'person.notAsked' } });
  });

  test('patterns: capitals do not matter, * is any characters, everything else is itself', () => {
    const rule = (accounts: string[]) => ({ clause: 'c1', accounts, ask: [] });
    expect(isSharedAccount(rule(['supply*']), 'SUPPLY.1')).toBe(true);
    expect(isSharedAccount(rule(['supply*']), 'a.supply')).toBe(false);
    expect(isSharedAccount(rule(['*visitor*']), 'reception-visitor-2')).toBe(true);
    expect(isSharedAccount(rule(['a.b']), 'axb')).toBe(false);
    expect(isSharedAccount(undefined, 'supply1')).toBe(false);
  });

  test('patterns agree with what a regular expression says, and a nasty one takes no time', () => {
    const part = fc.constantFrom('a', 'b', '.', '*', '(');
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 1, maxLength: 8 }),
        fc.array(fc.constantFrom('a', 'b', '.', '('), { maxLength: 12 }),
        (pattern, letters) => {
          const asExpression = pattern
            .map((one) => (one === '*' ? '.*' : `\\${one}`.replace(/\\([ab])/, '$1')))
            .join('');
          const rule = { clause: 'c1', accounts: [pattern.join('')], ask: [] };
          expect(isSharedAccount(rule, letters.join(''))).toBe(
            new RegExp(`^${asExpression}$`, 's').test(letters.join('')),
          );
        },
      ),
      { numRuns: 2_000 },
    );
    const slow = { clause: 'c1', accounts: [`${'a*'.repeat(90)}b`], ask: [] };
    expect(isSharedAccount(slow, 'a'.repeat(200))).toBe(false);
  });
});

describe('a second signature', () => {
  const form = {
    statements: [{ id: 'agree', text: 'I agree.' }],
    fields: [],
    counterSignature: { by: ['headteacher' as const], statement: 'I approve this person.' },
  };

  test('the person works meanwhile, and sees that it waits, is given or refused', () => {
    const desk = deskWith(named('staff', 'a', { kind: 'onChange' }, { form }));
    desk.does({
      kind: 'submitted',
      session: 'one',
      submission: {
        policyHash: 'a'.repeat(64),
        audience: 'staff',
        teaching: false,
        statements: ['agree'],
        fields: {},
        reading: goodReading,
      },
    });
    const standing = () => desk.signatures('one');
    expect(desk.view('one').phase).toBe('open');
    expect(standing()).toEqual(['waiting']);
    desk.take({ kind: 'standingKnown', closedAtMs: null, counterSignatures: { ['a'.repeat(64)]: 'given' } });
    expect(standing()).toEqual(['given']);
    desk.take({ kind: 'standingKnown', closedAtMs: null, counterSignatures: { ['a'.repeat(64)]: 'refused' } });
    expect(standing()).toEqual(['refused']);
  });
});

describe('whatever happens in whatever order, with three policies', () => {
  const session = fc.constantFrom('one', 'two');
  const renewal = fc.constantFrom<Renewal>(
    { kind: 'onChange' },
    { kind: 'onChange', graceDays: 2 },
    { kind: 'once' },
    { kind: 'eachSignIn' },
    { kind: 'everyDays', days: 2, graceDays: 1 },
    { kind: 'onChange', startsOn: '2026-01-08' },
  );
  const way = fc.constantFrom<Decline | undefined>(
    undefined,
    { mode: 'limited', reason: 'optional' },
    { mode: 'record', reason: 'optional' },
    { mode: 'signOut', reason: 'optional', saveWorkSeconds: 60 },
  );
  const audiences = fc.constantFrom<Audience[]>(['staff'], ['staff', 'visitor'], ['visitor']);
  const policy = fc.record({
    id: fc.constantFrom('p', 'q', 'r'),
    text: fc.constantFrom('a', 'b', 'c'),
    renewal,
    way,
    audiences,
  });
  const command = fc.oneof(
    fc.record({
      do: fc.constant('policies' as const),
      policies: fc.uniqueArray(policy, { maxLength: 3, selector: ({ id }) => id }),
    }),
    { weight: 2, arbitrary: fc.record({ do: fc.constant('seen' as const), session }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('accept' as const), session }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('decline' as const), session }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('postpone' as const), session }) },
    fc.record({ do: fc.constant('again' as const), session }),
    fc.record({ do: fc.constant('role' as const), session, audience: fc.constantFrom<Audience>('staff', 'visitor') }),
    fc.record({ do: fc.constant('lost' as const), session }),
    fc.record({ do: fc.constant('ended' as const), session }),
    { weight: 2, arbitrary: fc.record({ do: fc.constant('time' as const), hours: fc.integer({ min: 1, max: 40 }) }) },
  );

  /** The rule again, in other words. */
  class Model {
    policies: SignedPolicy[] = [];
    accepted: { id: string; hash: string; atMs: number; session: string; audience: Audience }[] = [];
    /** What was answered otherwise in a session. */
    went = new Map<string, Map<string, 'postponed' | 'wentOn' | 'leaving'>>();
    role = new Map<string, Audience>();

    of(here: string) {
      const found = this.went.get(here) ?? new Map<string, 'postponed' | 'wentOn' | 'leaving'>();
      this.went.set(here, found);
      return found;
    }
    isFor(one: SignedPolicy, here: string): boolean {
      const known = this.role.get(here) ?? this.accepted.at(-1)?.audience;
      const counts = known !== undefined && this.policies.some(({ policy }) => policy.audiences.includes(known));
      return !counts || (known !== undefined && one.policy.audiences.includes(known));
    }
    holds({ policy, hash }: SignedPolicy, here: string, nowMs: number): boolean {
      const { renewal: rule } = policy;
      if (rule.startsOn !== undefined && nowMs < Date.parse(rule.startsOn)) return true;
      return this.accepted.some((one) => {
        if (one.id !== policy.id) return false;
        if (rule.kind === 'once') return true;
        if (one.hash !== hash) return false;
        if (rule.kind === 'eachSignIn') return one.session === here;
        return rule.kind === 'onChange' || nowMs < one.atMs + rule.days * dayMs;
      });
    }
    graceEnds({ policy, hash, publishedAt }: SignedPolicy): number {
      const { renewal: rule } = policy;
      if (rule.kind === 'eachSignIn' || rule.graceDays === undefined) return 0;
      const last = Math.max(
        0,
        ...this.accepted.filter((one) => one.hash === hash && one.id === policy.id).map(({ atMs }) => atMs),
      );
      const ranOut = rule.kind === 'everyDays' && last > 0 ? last + rule.days * dayMs : Date.parse(publishedAt);
      return Math.max(ranOut, rule.startsOn === undefined ? 0 : Date.parse(rule.startsOn)) + rule.graceDays * dayMs;
    }
    mayGoOn(here: string, nowMs: number): boolean {
      return this.policies.every((one) => {
        if (!this.isFor(one, here) || this.holds(one, here, nowMs)) return true;
        const how = this.of(here).get(one.hash);
        return how === 'wentOn' || (how === 'postponed' && nowMs < this.graceEnds(one));
      });
    }
  }

  test('a session is open exactly when nothing that is for the person is due', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60, size: 'max' }), (commands) => {
        const desk = new Desk();
        const model = new Model();
        for (const one of commands) {
          const nowMs = desk.now.atMs;
          if (one.do === 'policies') {
            model.policies = one.policies.map(({ id, text, renewal: rule, way: how, audiences: who }, place) =>
              named(
                id,
                `${text}${place}${id}`,
                rule,
                { audiences: who, ...(how === undefined ? {} : { decline: how }) },
                '2026-01-05T00:00:00.000Z',
              ),
            );
            desk.take({ kind: 'policiesArrived', policies: model.policies });
          }
          if (one.do === 'seen') desk.take({ kind: 'sessionSeen', session: one.session });
          if (one.do === 'lost') desk.take({ kind: 'shellLost', session: one.session });
          if (one.do === 'ended') {
            desk.take({ kind: 'sessionEnded', session: one.session });
            model.went.delete(one.session);
            model.role.delete(one.session);
          }
          if (one.do === 'time') desk.passes(one.hours * 3_600_000);
          if (one.do === 'again') {
            desk.does({ kind: 'askedAgain', session: one.session });
            model.went.delete(one.session);
          }
          if (one.do === 'role') {
            const outcome = desk.does({
              kind: 'roleChosen',
              session: one.session,
              role: { audience: one.audience, teaching: false },
            });
            if (outcome?.ok === true) model.role.set(one.session, one.audience);
          }
          const view = 'session' in one ? desk.view(one.session) : null;
          const connected = 'session' in one && desk.state.sessions[one.session]?.connected === true;
          if (view?.phase === 'asking' && 'session' in one && connected) {
            const { hash, policy: asked } = view.policy;
            if (one.do === 'accept') {
              const audience = asked.audiences.includes(view.role?.audience ?? 'governor')
                ? (view.role?.audience ?? 'staff')
                : (asked.audiences[0] ?? 'staff');
              expect(desk.accepts(one.session, audience)).toMatchObject({ ok: true });
              model.accepted.push({ id: asked.id, hash, atMs: nowMs, session: one.session, audience });
              model.role.set(one.session, audience);
            }
            if (one.do === 'decline') {
              decline(desk, one.session);
              const how = asked.decline?.mode;
              if (how === 'limited' || how === 'record') model.of(one.session).set(hash, 'wentOn');
            }
            if (one.do === 'postpone') {
              const outcome = postpone(desk, one.session);
              expect(outcome?.ok).toBe(nowMs < model.graceEnds(view.policy));
              if (outcome?.ok === true) model.of(one.session).set(hash, 'postponed');
            }
          }
          for (const here of ['one', 'two']) {
            const phase = desk.view(here).phase;
            if (model.policies.length === 0) expect(phase).toBe('noPolicy');
            else if (phase !== 'leaving') expect(phase === 'open').toBe(model.mayGoOn(here, desk.now.atMs));
            else expect(model.mayGoOn(here, desk.now.atMs), 'signed out though nothing is due').toBe(false);
          }
        }
      }),
      { numRuns: 3_000 },
    );
  }, 60_000);
});
