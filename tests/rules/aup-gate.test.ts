import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Renewal } from '../../src/contract/policy-asking.ts';
import { aupGate, gateViewOf, stepAupGate } from '../../src/rules/aup-gate.ts';
import { account, dayMs, Desk, goodReading, policyWith, receiptFor } from './aup-desk.ts';

describe('the AUP gate', () => {
  test('asks at sign-in, opens once the acceptance is recorded and not before', () => {
    const desk = new Desk(policyWith('a', { kind: 'onChange' }));
    desk.take({ kind: 'sessionSeen', session: 'one' });
    expect(desk.view('one')).toMatchObject({ phase: 'asking', why: 'first', declined: false, previous: null });
    const request = desk.submit('one');
    expect(desk.view('one').phase).toBe('asking');
    expect(desk.answerTo(request)).toBeUndefined();
    expect(desk.deliver(true)).toContainEqual({ kind: 'openGate', session: 'one' });
    expect(desk.view('one').phase).toBe('open');
    expect(desk.answerTo(request)).toMatchObject({ ok: true, value: { record: { seq: 1 } } });
  });

  test('records the words that were on screen, with the blanks filled, and how long the gate was open', () => {
    const desk = new Desk(policyWith('a', { kind: 'onChange' }));
    desk.take({ kind: 'sessionSeen', session: 'one' });
    desk.now = { atMs: desk.now.atMs + 90_500, uptimeMs: desk.now.uptimeMs + 90_500 };
    desk.submit('one');
    expect(desk.pending[0]?.draft).toMatchObject({
      type: 'policy.accepted',
      account,
      session: 'one',
      data: {
        statements: [{ id: 'agree', text: 'I agree, and will tell the head.' }],
        fields: [{ id: 'name', label: 'Name', value: { kind: 'text', value: 'A Person' } }],
        openSeconds: 90,
      },
    });
  });

  test('gives a second press of Accept the same receipt, while recording and after', () => {
    const desk = new Desk(policyWith('a', { kind: 'onChange' }));
    desk.take({ kind: 'sessionSeen', session: 'one' });
    desk.take({ kind: 'sessionSeen', session: 'two' });
    const requests = [desk.submit('one'), desk.submit('one'), desk.submit('two')];
    expect(desk.pending).toHaveLength(1);
    desk.deliver(true);
    requests.push(desk.submit('one'));
    expect(desk.pending).toHaveLength(0);
    expect(requests.map((request) => desk.answerTo(request))).toEqual(
      requests.map(() => ({ ok: true, value: receiptFor('a'.repeat(64), 1) })),
    );
  });

  test('stays when recording fails, says why, and takes a later try', () => {
    const desk = new Desk(policyWith('a', { kind: 'onChange' }));
    desk.take({ kind: 'sessionSeen', session: 'one' });
    const first = desk.submit('one');
    desk.deliver(false);
    expect(desk.answerTo(first)).toEqual({ ok: false, problem: { code: 'journal.full', detail: 'The disk is full.' } });
    expect(desk.view('one').phase).toBe('asking');
    const second = desk.submit('one');
    desk.deliver(true);
    expect(desk.answerTo(second)).toMatchObject({ ok: true });
  });

  test('refuses an incomplete form and names what is missing', () => {
    const desk = new Desk(policyWith('a', { kind: 'onChange' }));
    desk.take({ kind: 'sessionSeen', session: 'one' });
    expect(desk.answerTo(desk.submit('one', false))).toMatchObject({
      ok: false,
      problem: { code: 'acceptance.statement', field: 'statements.agree' },
    });
    expect(desk.pending).toHaveLength(0);
  });

  test('asks again at once when the policy changes, and an answer to the old text does not open it', () => {
    const desk = new Desk(policyWith('a', { kind: 'onChange' }));
    desk.take({ kind: 'sessionSeen', session: 'one' });
    desk.submit('one');
    desk.take({ kind: 'policiesArrived', policies: [policyWith('b', { kind: 'onChange' }, 2)] });
    desk.deliver(true);
    expect(desk.view('one')).toMatchObject({ phase: 'asking', why: 'changed', previous: { audience: 'staff' } });
    expect(desk.answerTo(desk.submit('one', true, 'a'.repeat(64)))).toEqual({
      ok: false,
      problem: {
        code: 'acceptance.outdated',
        detail: 'The policy was changed meanwhile. Read the version that is now on screen and answer that one.',
        field: 'policyHash',
      },
    });
  });

  test('an acceptance that is already in the journal opens it without asking', () => {
    const policy = policyWith('a', { kind: 'onChange' });
    const desk = new Desk(policy);
    desk.take({ kind: 'sessionSeen', session: 'one' });
    desk.submit('one');
    desk.deliver(true);
    const later = aupGate(account, [policy], desk.committed, null);
    const step = stepAupGate(later, { kind: 'sessionSeen', session: 'two' }, desk.now);
    expect(gateViewOf(step.state, 'two', desk.now).phase).toBe('open');
    expect(step.effects).toEqual([]);
  });

  test('each sign-in is asked where the policy says so', () => {
    const desk = new Desk(policyWith('a', { kind: 'eachSignIn' }));
    desk.take({ kind: 'sessionSeen', session: 'one' });
    desk.submit('one');
    desk.deliver(true);
    expect(desk.view('one').phase).toBe('open');
    desk.take({ kind: 'sessionSeen', session: 'two' });
    expect(desk.view('two')).toMatchObject({ phase: 'asking', why: 'renewal' });
  });

  test('an acceptance runs out after the days the policy gives, and not because the clock was set back', () => {
    const desk = new Desk(policyWith('a', { kind: 'everyDays', days: 30 }));
    desk.take({ kind: 'sessionSeen', session: 'one' });
    desk.submit('one');
    desk.deliver(true);
    const accepted = desk.now;
    desk.now = { atMs: accepted.atMs - 365 * dayMs, uptimeMs: accepted.uptimeMs + 1_000 };
    desk.take({ kind: 'timePassed' });
    expect(desk.view('one').phase).toBe('open');
    desk.now = { atMs: accepted.atMs + 30 * dayMs, uptimeMs: accepted.uptimeMs + 30 * dayMs };
    expect(desk.take({ kind: 'timePassed' })).toContainEqual({ kind: 'showGate', session: 'one' });
    expect(desk.view('one')).toMatchObject({ phase: 'asking', why: 'renewal' });
  });

  test('a lost shell is recorded and the gate comes back where the reading was', () => {
    const desk = new Desk(policyWith('a', { kind: 'onChange' }));
    desk.take({ kind: 'sessionSeen', session: 'one' });
    const reading = { readSeconds: 40, depthPercent: 55, sectionsRead: ['s1'] };
    const progressed = desk.take({
      kind: 'readingProgressed',
      session: 'one',
      request: 'p',
      policyHash: 'a'.repeat(64),
      reading,
    });
    expect(progressed).toContainEqual({ kind: 'keepReading', kept: { policyHash: 'a'.repeat(64), reading } });
    desk.take({ kind: 'shellLost', session: 'one' });
    expect(desk.notes.map((note) => note.draft.type)).toEqual(['gate.shown', 'gate.interrupted']);
    desk.take({ kind: 'sessionSeen', session: 'two' });
    expect(desk.view('two')).toMatchObject({ phase: 'asking', reading });
  });

  test('"I do not accept" is recorded once for one reason, and the gate stays', () => {
    const desk = new Desk(policyWith('a', { kind: 'onChange' }));
    desk.take({ kind: 'sessionSeen', session: 'one' });
    const decline = (request: string) =>
      desk.take({
        kind: 'declined',
        session: 'one',
        request,
        policyHash: 'a'.repeat(64),
        reason: 'not now',
        reading: goodReading,
      });
    decline('d1');
    expect(desk.view('one')).toMatchObject({ phase: 'asking', declined: false });
    desk.deliver(true);
    expect(desk.view('one')).toMatchObject({ phase: 'asking', declined: true });
    decline('d2');
    expect(desk.pending).toHaveLength(0);
    expect(desk.answerTo('d2')).toEqual({ ok: true, value: null });
  });

  test('with no policy there is nothing to accept', () => {
    const desk = new Desk();
    desk.take({ kind: 'sessionSeen', session: 'one' });
    expect(desk.view('one')).toEqual({ phase: 'noPolicy' });
    expect(desk.answerTo(desk.submit('one'))).toMatchObject({ ok: false, problem: { code: 'acceptance.noPolicy' } });
  });
});

describe('the AUP gate, whatever happens in whatever order', () => {
  const session = fc.constantFrom('one', 'two', 'three');
  const renewal = fc.constantFrom<Renewal>(
    { kind: 'onChange' },
    { kind: 'eachSignIn' },
    { kind: 'everyDays', days: 2 },
  );
  const command = fc.oneof(
    fc.record({ do: fc.constant('policy' as const), text: fc.constantFrom('a', 'b', 'c'), renewal }),
    fc.record({ do: fc.constant('seen' as const), session }),
    { weight: 3, arbitrary: fc.record({ do: fc.constant('submit' as const), session, complete: fc.boolean() }) },
    fc.record({ do: fc.constant('submitOld' as const), session, text: fc.constantFrom('a', 'b', 'c') }),
    { weight: 3, arbitrary: fc.record({ do: fc.constant('deliver' as const), works: fc.boolean() }) },
    fc.record({ do: fc.constant('progress' as const), session }),
    fc.record({ do: fc.constant('decline' as const), session }),
    fc.record({ do: fc.constant('lost' as const), session }),
    fc.record({ do: fc.constant('time' as const), hours: fc.integer({ min: -100, max: 100 }) }),
  );

  /** The rule again, in other words: is there a committed acceptance that lets this session go on? */
  function mayGoOn(desk: Desk, here: string): boolean {
    const policy = desk.policy;
    if (policy === null) return false;
    return desk.committed.some((one) => {
      if (one.policyHash !== policy.hash) return false;
      const rule = policy.policy.renewal;
      if (rule.kind === 'eachSignIn') return one.session === here;
      return rule.kind !== 'everyDays' || desk.now.atMs < one.atMs + rule.days * dayMs;
    });
  }

  test('it never opens without a recorded acceptance of the current text, and one asking gives at most one', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 40 }), (commands) => {
        const desk = new Desk();
        const requests: string[] = [];
        for (const one of commands) {
          const recordingBefore = desk.pending.filter((effect) => effect.kind === 'recordAcceptance').length;
          let submitted: string | null = null;
          if (one.do === 'policy')
            desk.take({ kind: 'policiesArrived', policies: [policyWith(one.text, one.renewal)] });
          if (one.do === 'seen') desk.take({ kind: 'sessionSeen', session: one.session });
          if (one.do === 'lost') desk.take({ kind: 'shellLost', session: one.session });
          if (one.do === 'time') {
            desk.now = { atMs: desk.now.atMs + one.hours * 3_600_000, uptimeMs: desk.now.uptimeMs + 1_000 };
            desk.take({ kind: 'timePassed' });
          }
          if (one.do === 'deliver') desk.deliver(one.works);
          const policyHash = desk.policy?.hash ?? 'f'.repeat(64);
          const common = { request: `x${requests.length}`, policyHash, reading: goodReading };
          if (one.do === 'progress') desk.take({ kind: 'readingProgressed', session: one.session, ...common });
          if (one.do === 'decline') desk.take({ kind: 'declined', session: one.session, reason: '', ...common });
          if (one.do === 'submit' || one.do === 'submitOld') {
            const open = mayGoOn(desk, one.session);
            submitted =
              one.do === 'submit'
                ? desk.submit(one.session, one.complete)
                : desk.submit(one.session, true, one.text.repeat(64));
            requests.push(submitted);
            const recording = desk.pending.filter((effect) => effect.kind === 'recordAcceptance');
            if (recording.length > recordingBefore) {
              expect(open, 'recorded again though the gate was open').toBe(false);
              const names = recording.map((effect) => effect.asking);
              expect(new Set(names).size, 'two recordings of one asking').toBe(names.length);
              expect(recording.at(-1)?.draft.data.policyHash).toBe(desk.policy?.hash);
            }
          }
          for (const here of ['one', 'two', 'three']) {
            expect(desk.view(here).phase === 'open').toBe(mayGoOn(desk, here));
          }
          for (const answer of desk.answers) {
            if (answer.kind !== 'answerAcceptance' || !answer.outcome.ok) continue;
            const { record } = answer.outcome.value;
            expect(desk.committed.some((each) => each.receipt.record.seq === record.seq)).toBe(true);
          }
        }
        while (desk.pending.length > 0) desk.deliver(true);
        for (const request of requests) {
          expect(desk.answers.filter((answer) => answer.request === request)).toHaveLength(1);
        }
        for (const text of ['a', 'b', 'c']) {
          const ofText = desk.committed.filter((one) => one.policyHash === text.repeat(64));
          const seqs = new Set(ofText.map((one) => one.receipt.record.seq));
          expect(seqs.size).toBe(ofText.length);
        }
      }),
      { numRuns: 10_000 },
    );
  }, 120_000);
});
