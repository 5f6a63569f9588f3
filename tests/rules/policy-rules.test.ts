import { describe, expect, test } from 'vitest';
import { policy } from '../../src/contract/policy.ts';
import { problemFromZod } from '../../src/contract/problem.ts';
import { testPolicy } from '../support/test-device.ts';

const clause = 'passwords.1';
const idleLock = { clause, warnAfterSeconds: 540, lockAfterSeconds: 600, maximumSeconds: 600 };

function refusal(rules: unknown): string {
  const result = policy.safeParse({ ...testPolicy(), rules });
  return result.success ? 'accepted' : problemFromZod(result.error, 'policy.invalid').detail;
}

describe('a rule that cannot be right is refused with the field and the fix', () => {
  test.each([
    ['zero', { ...idleLock, warnAfterSeconds: 0 }, 'rules.idleLock.warnAfterSeconds', 'at least 1 second'],
    ['negative', { ...idleLock, lockAfterSeconds: -5 }, 'rules.idleLock.lockAfterSeconds', 'at least 1 second'],
    ['not whole', { ...idleLock, warnAfterSeconds: 1.5 }, 'rules.idleLock.warnAfterSeconds', 'whole seconds'],
    [
      'over its own maximum',
      { ...idleLock, lockAfterSeconds: 601 },
      'rules.idleLock.lockAfterSeconds',
      'maximum of 600 seconds',
    ],
    [
      'a warning after the lock',
      { ...idleLock, warnAfterSeconds: 600 },
      'rules.idleLock.warnAfterSeconds',
      'less than lockAfterSeconds (600)',
    ],
    ['a clause that is not there', { ...idleLock, clause: 'screens.9' }, 'rules.idleLock.clause', 'screens.9'],
    [
      'a save-your-work time longer than the idle time',
      { ...idleLock, sharedMachines: { clause, saveWorkSeconds: 600 } },
      'rules.idleLock.sharedMachines.saveWorkSeconds',
      'less than lockAfterSeconds (600)',
    ],
    [
      'a clause that is not there, further down',
      { ...idleLock, sharedMachines: { clause: 'screens.9', saveWorkSeconds: 60 } },
      'rules.idleLock.sharedMachines.clause',
      'screens.9',
    ],
  ])('%s', (_what, rule, field, words) => {
    const detail = refusal({ idleLock: rule });
    expect(detail).toContain(field);
    expect(detail).toContain(words);
  });

  test('a time of day, a weekday and a rule nobody knows', () => {
    expect(refusal({ endOfDay: { clause, remindAt: '25:00', weekdays: [1] } })).toContain(
      'must be a time such as 15:45',
    );
    expect(refusal({ endOfDay: { clause, remindAt: '15:00', weekdays: [8] } })).toContain('rules.endOfDay.weekdays');
    expect(refusal({ idelLock: idleLock })).toContain('idelLock');
  });

  test('a good rule is accepted', () => {
    expect(refusal({ idleLock })).toBe('accepted');
  });
});
