import type { PolicyRules } from '../contract/policy-rules.ts';

type EndOfDayRule = NonNullable<PolicyRules['endOfDay']>;

/** The machine's own calendar and clock. */
export interface LocalTime {
  /** `YYYY-MM-DD`. */
  date: string;
  /** 1 Monday … 7 Sunday. */
  weekday: number;
  /** Minutes since midnight. */
  minutes: number;
}

export function localTime(at: Date): LocalTime {
  const two = (part: number) => String(part).padStart(2, '0');
  return {
    date: `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`,
    weekday: at.getDay() === 0 ? 7 : at.getDay(),
    minutes: at.getHours() * 60 + at.getMinutes(),
  };
}

const minutesOf = (time: string): number => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
};

/** Later than this after its time, the reminder is left out: the person came back in the evening on purpose. */
const remindWithinMinutes = 90;

/** Is it time to remind, if that was not done today? */
export function endOfDayDue(rule: EndOfDayRule, now: LocalTime, remindedOn: string | null): boolean {
  if (remindedOn === now.date || !rule.weekdays.includes(now.weekday)) return false;
  const since = now.minutes - minutesOf(rule.remindAt);
  return since >= 0 && since < remindWithinMinutes;
}
