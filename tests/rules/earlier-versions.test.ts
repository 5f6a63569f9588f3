import { describe, expect, test } from 'vitest';
import { readingNotStarted, type Reading } from '../../src/contract/acceptance.ts';
import type { Policy, SignedPolicy } from '../../src/contract/policy.ts';
import {
  aupGate,
  gateViewOf,
  stepAupGate,
  type AupGateState,
  type RecordedAcceptance,
} from '../../src/rules/aup-gate.ts';
import { wantedVersions } from '../../src/rules/earlier-versions.ts';
import { furtherReading, readingOutstanding } from '../../src/rules/reading-condition.ts';
import { testPolicy } from '../support/test-device.ts';

const now = { atMs: Date.parse('2026-11-02T08:00:00.000Z'), uptimeMs: 60_000 };
const hashOf = (version: number): string => String(version).repeat(64);

function published(version: number, reading: Policy['reading'] = { toEnd: true, minimumSeconds: 0 }): SignedPolicy {
  return {
    policy: { ...testPolicy(` Version ${version}.`), reading },
    hash: hashOf(version),
    version,
    publishedAt: '2026-11-01T08:00:00.000Z',
    signature: 'A'.repeat(86),
  };
}

function acceptanceOfVersion(version: number): RecordedAcceptance {
  return {
    policyId: 'staff-aup',
    policyHash: hashOf(version),
    atMs: now.atMs - 1_000,
    session: 'c0',
    audience: 'staff',
    teaching: false,
    receipt: {
      policyId: 'staff-aup',
      policyTitle: 'Acceptable use of computers',
      policyVersion: version,
      policyHash: hashOf(version),
      acceptedAt: '2026-11-02T07:59:59.000Z',
      deviceId: '0'.repeat(32),
      record: { epoch: 1, seq: version, hash: '0'.repeat(64) },
      verificationCode: 'AAAA-AAAA-AAAA',
      signedAs: 'A Person',
      statements: [],
      syncedAt: null,
    },
  };
}

/** The gate of somebody who accepted version 1, with version 2 in force. */
function asked(reading?: Policy['reading'], earlierTexts: AupGateState['earlierTexts'] = {}): AupGateState {
  const account = { id: '1000', name: 'a.person' };
  const state = { ...aupGate(account, [published(2, reading)], [acceptanceOfVersion(1)], null), earlierTexts };
  return stepAupGate(state, { kind: 'sessionSeen', session: 'c1' }, now).state;
}

/** Why Accept was refused; null where the acceptance goes to the record. */
function refusal(state: AupGateState, reading: Reading): string | null {
  const submission = {
    policyHash: hashOf(2),
    audience: 'staff' as const,
    teaching: false,
    statements: ['agree'],
    fields: {
      name: { kind: 'text' as const, value: 'A Person' },
      signature: { kind: 'signature' as const, value: { kind: 'typed' as const, text: 'A Person' } },
    },
    reading,
  };
  const { effects } = stepAupGate(state, { kind: 'submitted', session: 'c1', request: '1', submission }, now);
  for (const effect of effects) {
    if (effect.kind === 'answerAcceptance' && !effect.outcome.ok) return effect.outcome.problem.field ?? '';
  }
  expect(effects.map(({ kind }) => kind)).toContain('recordAcceptance');
  return null;
}

const changesRead: Reading = { readSeconds: 4, depthPercent: 10, changesPercent: 100, sectionsRead: [] };

describe('which earlier versions are kept', () => {
  const accepted = (accountId: string, version: number, policyId = 'staff-aup') => ({
    accountId,
    policyId,
    policyHash: hashOf(version),
  });

  test('the one that each account accepted last, while it has not accepted the one in force', () => {
    const texts = [accepted('1', 3), accepted('2', 2), accepted('1', 1), accepted('3', 1), accepted('2', 1)];
    expect(wantedVersions(texts, [published(3)])).toEqual(new Set([hashOf(2), hashOf(1)]));
    expect(wantedVersions([accepted('3', 3), ...texts], [published(3)])).toEqual(new Set([hashOf(2)]));
    expect(wantedVersions([accepted('2', 3), accepted('3', 3), ...texts], [published(3)])).toEqual(new Set());
  });

  test('of several policies, each by itself', () => {
    const texts = [accepted('1', 5, 'visitors'), accepted('1', 1)];
    expect(wantedVersions(texts, [published(2)])).toEqual(new Set([hashOf(5), hashOf(1)]));
  });
});

describe('who accepted an earlier version', () => {
  test('is told which, and whether its text can be had', () => {
    const previous = (texts: AupGateState['earlierTexts']) => {
      const view = gateViewOf(asked(undefined, texts), 'c1', now);
      return view.phase === 'asking' ? [view.why, view.previous?.policyHash, view.previous?.text] : [];
    };
    expect(previous({})).toEqual(['changed', hashOf(1), 'awaited']);
    expect(previous({ [hashOf(1)]: 'here' })).toEqual(['changed', hashOf(1), 'here']);
    expect(previous({ [hashOf(1)]: 'gone' })).toEqual(['changed', hashOf(1), 'gone']);
  });

  test('reads the whole again unless the policy says that what changed is enough', () => {
    expect(refusal(asked(undefined, { [hashOf(1)]: 'here' }), changesRead)).toBe('reading.depthPercent');
  });

  test('may accept after what changed, read to its end and for as long as the policy says', () => {
    const reading = { toEnd: true, minimumSeconds: 300, changesSuffice: { minimumSeconds: 4 } };
    const state = asked(reading, { [hashOf(1)]: 'here' });
    expect(refusal(state, changesRead)).toBeNull();
    expect(refusal(state, { ...changesRead, changesPercent: 80 })).toBe('reading.changesPercent');
    expect(refusal(state, { ...changesRead, readSeconds: 3 })).toBe('reading.readSeconds');
    expect(refusal(state, { readSeconds: 4, depthPercent: 100, sectionsRead: [] })).toBeNull();
  });

  test('reads the whole where what changed could not be shown, whatever the page says', () => {
    const reading = { toEnd: true, minimumSeconds: 0, changesSuffice: { minimumSeconds: 0 } };
    expect(refusal(asked(reading), changesRead)).toBe('reading.depthPercent');
    expect(refusal(asked(reading, { [hashOf(1)]: 'gone' }), changesRead)).toBe('reading.depthPercent');
  });

  test('what was read of the changes never becomes unread', () => {
    const later = furtherReading(changesRead, { ...readingNotStarted, changesPercent: 20 });
    expect(later.changesPercent).toBe(100);
    expect(furtherReading(readingNotStarted, readingNotStarted)).toEqual(readingNotStarted);
    expect(readingOutstanding({ toEnd: true, minimumSeconds: 0 }, later, true)).toMatchObject({
      of: 'document',
      toEnd: true,
    });
  });
});
