import type { Policy } from '../contract/policy.ts';

const dayMs = 86_400_000;

/** From so many days before it is due on, a review is said to be coming up. */
export const reviewSoonDays = 60;

/**
 * The day on which a policy is to be reviewed, `YYYY-MM-DD`: as it says itself, or so many months after it was ratified,
 * approved or published as it says. Null where it says neither.
 * @param publishedOn calendar date
 */
export function reviewDueOn(lifecycle: Policy['lifecycle'], publishedOn: string): string | null {
  if (lifecycle.reviewDueOn !== undefined) return lifecycle.reviewDueOn;
  if (lifecycle.reviewEveryMonths === undefined) return null;
  return monthsAfter(lifecycle.ratifiedOn ?? lifecycle.approvedOn ?? publishedOn, lifecycle.reviewEveryMonths);
}

/** Whole days by which the review is late on a day; negative: so many days are left. */
export const daysOverdue = (dueOn: string, today: string): number =>
  Math.round((Date.parse(today) - Date.parse(dueOn)) / dayMs);

/** The same day of a later month, or the last of that month where it is shorter. */
function monthsAfter(date: string, months: number): string {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  const lastDay = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(day, lastDay))).toISOString().slice(0, 10);
}
