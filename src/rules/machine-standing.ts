/**
 * What the server concludes about a machine from how it comes back: pure decisions over what is kept of it.
 * `docs/machines.md` has them in words.
 */

/** What is kept of a machine's exchanges. Each answer names the next exchange, and the machine has to say that name. */
export interface ExchangeLine {
  /** Named in the newest answer. */
  current: string | null;
  /** What the machine said to get that answer: it says it again when the answer was lost on the way. */
  before: string | null;
  /** Names that were given out and then passed over, newest first: whoever says one is not who came since. */
  displaced: readonly string[];
  /** When the newest request was made, by the machine's own clock. */
  sentAt: string | null;
}

export const noExchanges: ExchangeLine = { current: null, before: null, displaced: [], sentAt: null };

/** Passed-over names that are remembered. */
const displacedMost = 8;

export type ExchangeVerdict =
  /** It is where it should be, or its last answer was lost. */
  | 'ok'
  /** An older request that arrived after a newer one: it is answered without a name. */
  | 'late'
  /** It says the name of an exchange long past: it went back to an earlier state. */
  | 'rolledBack'
  /** It says a name that was passed over: two machines take turns with one key. */
  | 'cloned';

/** How far an exchange's name counts: `1a.…` is 46; 0 for none. */
const countOf = (name: string | null): number => (name === null ? 0 : Number.parseInt(name.split('.')[0] ?? '0', 36));

/**
 * Judges the name a machine gives its exchange, and names the one after; `random` are 12 random bytes as base64url.
 *
 * A lost answer makes a machine repeat the name before. A copy does that too; but the name passed over for it is then
 * said by the other of the two, at its very next exchange, while a machine of its own never learnt it.
 */
export function judgeExchange(
  line: ExchangeLine,
  said: { exchange: string | null; sentAt: string },
  random: string,
): { line: ExchangeLine; verdict: ExchangeVerdict } {
  const { current, displaced } = line;
  const passedOver = current === null ? displaced : [current, ...displaced].slice(0, displacedMost);
  const next = `${(Math.max(countOf(current), countOf(said.exchange)) + 1).toString(36)}.${random}`;
  const goOn = (verdict: ExchangeVerdict, passed: readonly string[]) => ({
    verdict,
    line: { current: next, before: said.exchange, displaced: passed, sentAt: said.sentAt },
  });
  if (said.exchange !== null && said.exchange === current) return goOn('ok', displaced);
  if (said.exchange === line.before) {
    const later = line.sentAt === null || said.sentAt > line.sentAt;
    return later ? goOn('ok', passedOver) : { line, verdict: 'late' };
  }
  if (said.exchange === null) return goOn('ok', passedOver);
  if (displaced.includes(said.exchange)) {
    return goOn(
      'cloned',
      passedOver.filter((one) => one !== said.exchange),
    );
  }
  // A name that is yet to come: the server itself was restored from a backup, and the machine is right.
  return goOn(countOf(said.exchange) > countOf(current) ? 'ok' : 'rolledBack', passedOver);
}

/** Does a machine's own journal end before what is held of it? Then it lost records that it had sent. */
export const endsTooEarly = (
  own: { epoch: number; seq: number },
  held: { epoch: number; seq: number } | null,
): boolean => held !== null && (own.epoch < held.epoch || (own.epoch === held.epoch && own.seq < held.seq));

/** A day of the calendar as a number: days since 1 January 1970. */
export type DayNumber = number;

export const dayNumber = (calendarDate: string): DayNumber => Date.parse(`${calendarDate}T00:00:00Z`) / 86_400_000;

export interface SchoolDays {
  /** 1 is Monday, 7 Sunday. */
  days: readonly number[];
  closed: readonly { from: string; until: string }[];
  silentAfterSchoolDays: number;
  goneAfterDays: number;
}

/** 1 January 1970 was a Thursday. */
const weekdayOf = (day: DayNumber): number => ((((day + 3) % 7) + 7) % 7) + 1;

export function isSchoolDay(day: DayNumber, school: Pick<SchoolDays, 'days' | 'closed'>): boolean {
  if (!school.days.includes(weekdayOf(day))) return false;
  return !school.closed.some(({ from, until }) => dayNumber(from) <= day && day <= dayNumber(until));
}

/** Days that are looked through at most: more are as good as for ever. */
const lookBackDays = 800;

/** Whole school days that went by after `lastDay`; the present day counts once its hours are over. */
export function schoolDaysSince(
  lastDay: DayNumber,
  today: DayNumber,
  todayIsOver: boolean,
  school: Pick<SchoolDays, 'days' | 'closed'>,
): number {
  let count = 0;
  const end = todayIsOver ? today : today - 1;
  for (let day = Math.max(lastDay + 1, today - lookBackDays); day <= end; day += 1) {
    if (isSchoolDay(day, school)) count += 1;
  }
  return count;
}

/** Has a machine been silent for too long? Days are those of the school's calendar. */
export function silenceOf(
  seen: { lastDay: DayNumber; today: DayNumber; todayIsOver: boolean },
  school: SchoolDays,
): 'heardOf' | 'silent' | 'gone' {
  const days = schoolDaysSince(seen.lastDay, seen.today, seen.todayIsOver, school);
  if (days < school.silentAfterSchoolDays) return 'heardOf';
  return seen.today - seen.lastDay >= school.goneAfterDays ? 'gone' : 'silent';
}

const noSerials = new Set([
  'none',
  'n/a',
  'na',
  'unknown',
  'notspecified',
  'tobefilledbyoem',
  'defaultstring',
  'systemserialnumber',
  'serialnumber',
  'notapplicable',
  'invalid',
  'oem',
  'chassisserialnumber',
]);

/** A serial number that can tell one computer from another; null for what makers write where they have none. */
export function tellingSerial(serial: string | null): string | null {
  const bare = (serial ?? '').toLowerCase().replaceAll(/[^a-z0-9/]/g, '');
  if (bare.length < 4 || noSerials.has(bare) || new Set(bare).size < 2 || '0123456789'.startsWith(bare)) return null;
  return /^123456789/.test(bare) ? null : serial;
}

export type MachineStep = 'approve' | 'refuse' | 'revoke' | 'readmit';
type Standing = 'waiting' | 'approved' | 'refused' | 'revoked';

const steps: Record<MachineStep, Partial<Record<Standing, Standing>>> = {
  approve: { waiting: 'approved' },
  refuse: { waiting: 'refused' },
  revoke: { approved: 'revoked' },
  readmit: { refused: 'waiting', revoked: 'waiting' },
};

/** Where a machine stands after a step; null where the step does not lead on from where it is. */
export const afterStep = (now: Standing, step: MachineStep): Standing | null => steps[step][now] ?? null;
