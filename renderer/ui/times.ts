import type { Instant } from '../../src/contract/primitives.ts';

const locale = 'en-GB';
const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
const shortDay = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', year: 'numeric' });

/** `08:26`, by this machine's clock. */
export const timeOf = (at: Instant): string => clock.format(new Date(at));

/** `3 June 2025`. */
export const dateOf = (at: Instant): string => shortDay.format(new Date(at));

/** `Tuesday, 3 June 2025 at 08:26`. */
export const dateAndTimeOf = (at: Instant): string => `${day.format(new Date(at)).replace(',', '')} at ${timeOf(at)}`;

/** `08:26` on the same day as `now`, else with the date. */
export function whenOf(at: Instant, now: Date): string {
  return new Date(at).toDateString() === now.toDateString() ? timeOf(at) : `${dateOf(at)} at ${timeOf(at)}`;
}

/** Today in this machine's time zone, `YYYY-MM-DD`. */
export function calendarDateOf(now: Date): string {
  const pad = (part: number, length: number) => String(part).padStart(length, '0');
  return `${pad(now.getFullYear(), 4)}-${pad(now.getMonth() + 1, 2)}-${pad(now.getDate(), 2)}`;
}
