import type { SyncState } from '../../src/contract/session.ts';
import type { PageView } from '../../src/contract/shell.ts';
import type { LockView, PresentationView } from '../../src/contract/lock.ts';
import type { OpenableWindow } from '../open-argument.ts';

/** One line of the tray's menu: words to read, a line across, or something to choose. */
export type TrayItem =
  | { kind: 'words'; label: string }
  | { kind: 'separator' }
  | { kind: 'open'; label: string; window: OpenableWindow; enabled: boolean }
  | { kind: 'do'; label: string; deed: TrayDeed; enabled: boolean };

/** What the tray does by itself, without a window. */
export type TrayDeed =
  { kind: 'lockNow' } | { kind: 'startPresentation'; minutes: number } | { kind: 'endPresentation' };

/** Where the person is: for the form of dates and times. */
export interface TrayLocale {
  /** BCP 47 tag such as `en-GB`. */
  language: string;
  /** IANA name such as `Europe/London`. */
  timeZone: string;
}

export const serviceAwayWords = "Usher's service is not answering";

/** The tray's menu for what is known now: state in words, then the windows that can be opened. */
export function trayItems(
  pageView: PageView,
  now: Date,
  locale: TrayLocale,
  locksInSeconds: number | null,
): TrayItem[] {
  const gate = pageView.view?.gate;
  const hasPolicy = gate !== undefined && gate.phase !== 'noPolicy';
  const mayOpen = pageView.view !== null && gate?.phase !== 'asking';
  return [
    ...stateLines(pageView, now, locale, locksInSeconds).map((label): TrayItem => ({ kind: 'words', label })),
    ...lockItems(pageView),
    { kind: 'separator' },
    { kind: 'open', label: 'Read the policy', window: 'policy', enabled: mayOpen && hasPolicy },
    { kind: 'open', label: 'My receipts', window: 'receipts', enabled: mayOpen },
    { kind: 'open', label: 'About Usher', window: 'about', enabled: gate?.phase !== 'asking' },
  ];
}

/** The menu's first lines: which policy, and how the record stands. */
export function stateLines(pageView: PageView, now: Date, locale: TrayLocale, locksInSeconds: number | null): string[] {
  const view = pageView.view;
  const policy =
    view === null ? [] : view.gate.phase === 'noPolicy' ? ['No policy yet'] : [policyWords(view.gate.policy)];
  if (pageView.service === 'reconnecting' || view === null) return [...policy, serviceAwayWords];
  const trouble = view.sync.trouble === null ? [] : [view.sync.trouble];
  const next = nextWords(view.lock, view.presentation, now, locale, locksInSeconds);
  const troubles = view.troubles.map(({ detail }) => detail);
  return [...policy, ...(next === null ? [] : [next]), syncWords(view.sync, now, locale), ...trouble, ...troubles];
}

/** Lengths of a presentation to choose from, in minutes, as far as the policy allows. */
const presentationLengths = [15, 30, 60, 90, 120, 180];

function lockItems(pageView: PageView): TrayItem[] {
  const { view } = pageView;
  if (view === null || pageView.service !== 'connected') return [];
  const enabled = view.lock.phase !== 'locking' && view.lock.phase !== 'covered';
  const { allowed, running } = view.presentation;
  const lengths =
    allowed === null || running !== null
      ? []
      : [...presentationLengths.filter((minutes) => minutes < allowed.maximumMinutes), allowed.maximumMinutes];
  return [
    { kind: 'separator' },
    { kind: 'do', label: 'Lock now', deed: { kind: 'lockNow' }, enabled },
    ...lengths.map((minutes): TrayItem => ({
      kind: 'do',
      label: `Present for ${durationWords(minutes * 60)}`,
      deed: { kind: 'startPresentation', minutes },
      enabled: enabled && view.gate.phase !== 'asking',
    })),
    ...(running === null
      ? []
      : [{ kind: 'do', label: 'End presenting', deed: { kind: 'endPresentation' }, enabled } as const]),
  ];
}

/** What will happen next and which clause says so: "Locks in 4 minutes (clause 3.1)". Null where nothing will. */
export function nextWords(
  lock: LockView,
  presentation: PresentationView,
  now: Date,
  locale: TrayLocale,
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

function policyWords({ policy, version }: { policy: { title: string }; version: number }): string {
  return `${policy.title}, version ${version}`;
}

/** "Last synced 08:26", "Not synced since Tue 09:14 (3 records waiting)" … */
export function syncWords(sync: SyncState, now: Date, locale: TrayLocale): string {
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
  }
}

const dayMs = 24 * 60 * 60 * 1_000;

/** A time today as "08:26", in the last six days as "Tue 09:14", before that as "18 Nov 09:14". */
export function momentWords(moment: Date, now: Date, locale: TrayLocale): string {
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
