import type { PolicyRules } from '../contract/policy-rules.ts';

type PasswordAgeRule = NonNullable<PolicyRules['passwordAge']>;

/** What to tell about a password of this age; null while it is young enough. */
export function passwordAgeing(rule: PasswordAgeRule, ageDays: number): { dueInDays: number } | null {
  const dueInDays = rule.maximumDays - ageDays;
  return dueInDays <= rule.remindDays ? { dueInDays } : null;
}

export function passwordSentence(dueInDays: number, maximumDays: number): string {
  const rule = `The policy asks for a new one every ${maximumDays} days.`;
  if (dueInDays > 1) return `Your password is due to be changed in ${dueInDays} days. ${rule}`;
  if (dueInDays === 1) return `Your password is due to be changed tomorrow. ${rule}`;
  if (dueInDays === 0) return `Your password is due to be changed today. ${rule}`;
  return `Your password was due to be changed ${-dueInDays === 1 ? 'yesterday' : `${-dueInDays} days ago`}. ${rule}`;
}
