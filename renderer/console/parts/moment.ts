const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const timeWithSeconds = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const weekdayDate = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short' });
const fullDate = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const longDate = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });

const dayStart = (at: Date): number => new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();

/** Whole calendar days from `at` to `now` in this browser's time zone. */
function daysBetween(at: Date, now: Date): number {
  return Math.round((dayStart(now) - dayStart(at)) / 86_400_000);
}

/** A moment as a person says it in the school: "08:26", "Yesterday 15:02", "Thu 12 Nov 08:26", "3 Sept 2025 08:26". */
export function momentWords(instant: string, now: Date, precision: 'minutes' | 'seconds' = 'minutes'): string {
  const at = new Date(instant);
  const clock = (precision === 'seconds' ? timeWithSeconds : time).format(at);
  const days = daysBetween(at, now);
  if (days === 0) return clock;
  if (days === 1) return `Yesterday ${clock}`;
  if (at.getFullYear() === now.getFullYear()) return `${weekdayDate.format(at).replace(',', '')} ${clock}`;
  return `${fullDate.format(at)} ${clock}`;
}

/** How long ago: "just now", "4 min ago", "3 h ago", "9 days ago". */
export function agoWords(instant: string, now: Date): string {
  const minutes = Math.floor((now.getTime() - new Date(instant).getTime()) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${String(minutes)} min ago`;
  if (minutes < 24 * 60) return `${String(Math.floor(minutes / 60))} h ago`;
  const days = Math.floor(minutes / 1_440);
  return days === 1 ? '1 day ago' : `${String(days)} days ago`;
}

/** The whole date and time to the second, for what gets printed. */
export function fullMomentWords(instant: string): string {
  const at = new Date(instant);
  return `${longDate.format(at)} at ${timeWithSeconds.format(at)}`;
}

/** A calendar date (`YYYY-MM-DD`): "1 Sept 2026". */
export function dateWords(date: string): string {
  const [year, month, day] = date.split('-').map(Number);
  return fullDate.format(new Date(year ?? 0, (month ?? 1) - 1, day ?? 1));
}

/** "8 s", "3 min 34 s", "1 h 5 min". */
export function durationWords(seconds: number): string {
  const size = Math.abs(seconds);
  if (size < 60) return `${String(size)} s`;
  if (size < 3_600) return joined(Math.floor(size / 60), 'min', size % 60, 's');
  return joined(Math.floor(size / 3_600), 'h', Math.floor((size % 3_600) / 60), 'min');
}

function joined(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${String(large)} ${largeUnit}` : `${String(large)} ${largeUnit} ${String(small)} ${smallUnit}`;
}
