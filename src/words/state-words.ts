import type { LockView, PresentationView } from '../contract/lock.ts';
import type { PolicyStanding, SessionView, SyncState } from '../contract/session.ts';

/** Where the person is: for the form of dates and times. */
export interface Locale {
  /** BCP 47 tag such as `en-GB`. */
  language: string;
  /** IANA name such as `Europe/London`. */
  timeZone: string;
}

/** How things stand with the policy, the screen and the record, a line each: for the tray and the command line. */
export function stateLines(view: SessionView, now: Date, locale: Locale, locksInSeconds: number | null): string[] {
  const policies = view.policies.length === 0 ? ['No policy yet'] : policyLines(view.policies, now, locale);
  const trouble = view.sync.trouble === null ? [] : [view.sync.trouble];
  const next = nextWords(view.lock, view.presentation, now, locale, locksInSeconds);
  const troubles = view.troubles.map(({ detail }) => detail);
  return [...policies, ...(next === null ? [] : [next]), syncWords(view.sync, now, locale), ...trouble, ...troubles];
}

/** What will happen next and which clause says so: "Locks in 4 minutes (clause 3.1)". Null where nothing will. */
export function nextWords(
  lock: LockView,
  presentation: PresentationView,
  now: Date,
  locale: Locale,
  locksInSeconds: number | null,
): string | null {
  if (presentation.running !== null) {
    return `Presenting until ${momentWords(new Date(presentation.running.endsAt), now, locale)}: the screen does not lock`;
  }
  switch (lock.phase) {
    case 'off':
      return null;
    case 'locked':
      return 'Locked';
    case 'locking':
      return lock.action === 'lock' ? 'Locking' : 'Signing out';
    case 'covered':
      return 'This computer could not lock itself and is covered';
    case 'warning':
    case 'watching': {
      const does = lock.action === 'lock' ? 'Locks' : 'Signs out';
      const clause = lock.clause.number === null ? '' : ` (clause ${lock.clause.number})`;
      const after = lock.phase === 'watching' ? ` after ${durationWords(lock.afterSeconds)} without use` : '';
      const soon = locksInSeconds === null ? after : ` in ${durationWords(Math.ceil(locksInSeconds / 60) * 60)}`;
      return `${does}${soon}${clause}`;
    }
  }
}

/** `90` as "90 seconds", `600` as "10 minutes", `5400` as "90 minutes", `7200` as "2 hours". */
export function durationWords(seconds: number): string {
  const plural = (count: number, unit: string) => `${count} ${unit}${count === 1 ? '' : 's'}`;
  if (seconds > 0 && seconds % 3_600 === 0) return plural(seconds / 3_600, 'hour');
  return seconds > 0 && seconds % 60 === 0 ? plural(seconds / 60, 'minute') : plural(seconds, 'second');
}

/** What is left of a wait: whole minutes, and seconds for the last two of them. */
export function timeLeftWords(seconds: number): string {
  return durationWords(seconds > 120 ? Math.ceil(seconds / 60) * 60 : seconds);
}

/** How somebody stands with each policy: "Staff policy, version 3: accept it by 3 Dec 00:00". Others' are left out. */
export function policyLines(policies: readonly PolicyStanding[], now: Date, locale: Locale): string[] {
  const mine = policies.filter(({ state }) => state !== 'forOthers');
  return (mine.length === 0 ? policies : mine).map((one) => {
    const how = standingWords(one, now, locale);
    return `${one.title}, version ${one.version}${how === null ? '' : `: ${how}`}`;
  });
}

/** What is to be said about a policy besides its name; null where there is nothing. */
export function standingWords(
  { state, until, counterSignature }: PolicyStanding,
  now: Date,
  locale: Locale,
): string | null {
  const when = until === null ? '' : momentWords(new Date(until), now, locale);
  switch (state) {
    case 'postponed':
      return `accept it by ${when}`;
    case 'limited':
      return 'not accepted, this session is limited';
    case 'declined':
      return 'not accepted';
    case 'notYet':
      return `asked for from ${when}`;
    case 'accepted':
      return counterSignature === 'waiting'
        ? 'waits for a second signature'
        : counterSignature === 'refused'
          ? 'the second signature was refused'
          : null;
    case 'asked':
    case 'forOthers':
      return null;
  }
}

/** "Last synced 08:26", "Not synced since Tue 09:14 (3 records waiting)" … */
export function syncWords(sync: SyncState, now: Date, locale: Locale): string {
  const last = sync.lastSyncedAt === null ? null : momentWords(new Date(sync.lastSyncedAt), now, locale);
  const waiting = sync.pending === 0 ? '' : ` (${sync.pending === 1 ? '1 record' : `${sync.pending} records`} waiting)`;
  switch (sync.phase) {
    case 'notEnrolled':
      return `This computer does not belong to a school's record yet${waiting}`;
    case 'sending':
    case 'synced':
      return last === null ? `Not synced yet${waiting}` : `Last synced ${last}${waiting}`;
    case 'waiting':
      return last === null ? `Not synced yet${waiting}` : `Not synced since ${last}${waiting}`;
    case 'awaitingApproval':
      return `This computer waits until the school's IT approves it${waiting}`;
    case 'refused':
      return `The school's IT did not let this computer in; ask them${waiting}`;
    case 'revoked':
      return `The school's IT took this computer out of its record; the policy still applies${waiting}`;
  }
}

const dayMs = 24 * 60 * 60 * 1_000;

/** A time today as "08:26", in the last six days as "Tue 09:14", before that as "18 Nov 09:14". */
export function momentWords(moment: Date, now: Date, locale: Locale): string {
  const form = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale.language, { timeZone: locale.timeZone, ...options });
  const time = form({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(moment);
  const day = form({ dateStyle: 'short' });
  if (day.format(moment) === day.format(now)) return time;
  if (Math.abs(now.getTime() - moment.getTime()) < 6 * dayMs) {
    return `${form({ weekday: 'short' }).format(moment)} ${time}`;
  }
  return `${form({ day: 'numeric', month: 'short' }).format(moment)} ${time}`;
}
