/** A day and hour on a school's own clock. */
export interface WeeklySlot {
  /** 1 is Monday, 7 is Sunday. */
  weekday: number;
  hour: number;
  /** IANA name, such as `Europe/London`. */
  timeZone: string;
}

const dayMs = 24 * 60 * 60 * 1_000;

/** `2026-09-07` and the hour there, on the clock of a time zone. */
export function localDay(at: Date, timeZone: string): { day: string; weekday: number; hour: number } {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((one) => one.type === type)?.value ?? '';
  const day = `${part('year')}-${part('month')}-${part('day')}`;
  return { day, weekday: new Date(`${day}T00:00:00Z`).getUTCDay() || 7, hour: Number(part('hour')) };
}

/** A calendar day some days before another. */
export const dayBefore = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) - days * dayMs).toISOString().slice(0, 10);

/**
 * The calendar day whose slot is due at `now`; null when none is. A slot stays due to the end of the next day, so that
 * a server that was off at the hour makes up for it; after that the week is left out. An hour that the clock skips in
 * spring is due at the next one; one that comes twice in autumn is the same day, and so the same slot.
 */
export function dueSlot({ weekday, hour, timeZone }: WeeklySlot, now: Date): string | null {
  const local = localDay(now, timeZone);
  if (local.weekday === weekday) return local.hour >= hour ? local.day : null;
  const yesterday = dayBefore(local.day, 1);
  return (new Date(`${yesterday}T00:00:00Z`).getUTCDay() || 7) === weekday ? yesterday : null;
}
