import { expect, test } from 'vitest';
import { daysOverdue, reviewDueOn } from '../../src/rules/policy-review.ts';

test('a review is due on the day the policy names, whatever else it says', () => {
  const lifecycle = { reviewDueOn: '2026-09-01', reviewEveryMonths: 12, ratifiedOn: '2020-01-01' };
  expect(reviewDueOn(lifecycle, '2025-01-01')).toBe('2026-09-01');
});

test.each([
  ['ratified', { reviewEveryMonths: 12, approvedOn: '2025-02-01', ratifiedOn: '2025-03-15' }, '2026-03-15'],
  ['approved', { reviewEveryMonths: 60, approvedOn: '2025-02-01' }, '2030-02-01'],
  ['published', { reviewEveryMonths: 6 }, '2026-05-30'],
  ['the last day of a shorter month', { reviewEveryMonths: 3 }, '2026-02-28'],
])('else so many months after it was %s', (_what, lifecycle, due) => {
  expect(reviewDueOn(lifecycle, '2025-11-30')).toBe(due);
});

test('a policy that says neither has no review due', () => {
  expect(reviewDueOn({ owner: 'Headteacher' }, '2025-11-30')).toBeNull();
});

test('a review is overdue from the day after on', () => {
  expect(daysOverdue('2026-09-01', '2026-08-31')).toBe(-1);
  expect(daysOverdue('2026-09-01', '2026-09-01')).toBe(0);
  expect(daysOverdue('2026-03-28', '2026-03-30')).toBe(2);
});
