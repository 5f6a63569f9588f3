import type { SyncState } from '../../src/contract/session.ts';
import type { PageView } from '../../src/contract/shell.ts';
import type { OpenableWindow } from '../open-argument.ts';

/** One line of the tray's menu: words to read, a line across, or something to choose. */
export type TrayItem =
  | { kind: 'words'; label: string }
  | { kind: 'separator' }
  | { kind: 'open'; label: string; window: OpenableWindow; enabled: boolean };

/** Where the person is: for the form of dates and times. */
export interface TrayLocale {
  /** BCP 47 tag such as `en-GB`. */
  language: string;
  /** IANA name such as `Europe/London`. */
  timeZone: string;
}

export const serviceAwayWords = "Usher's service is not answering";

/** The tray's menu for what is known now: state in words, then the windows that can be opened. */
export function trayItems(pageView: PageView, now: Date, locale: TrayLocale): TrayItem[] {
  const gate = pageView.view?.gate;
  const hasPolicy = gate !== undefined && gate.phase !== 'noPolicy';
  const mayOpen = pageView.view !== null && gate?.phase !== 'asking';
  return [
    ...stateLines(pageView, now, locale).map((label): TrayItem => ({ kind: 'words', label })),
    { kind: 'separator' },
    { kind: 'open', label: 'Read the policy', window: 'policy', enabled: mayOpen && hasPolicy },
    { kind: 'open', label: 'My receipts', window: 'receipts', enabled: mayOpen },
    { kind: 'open', label: 'About Usher', window: 'about', enabled: gate?.phase !== 'asking' },
  ];
}

/** The menu's first lines: which policy, and how the record stands. */
export function stateLines(pageView: PageView, now: Date, locale: TrayLocale): string[] {
  const view = pageView.view;
  const policy =
    view === null ? [] : view.gate.phase === 'noPolicy' ? ['No policy yet'] : [policyWords(view.gate.policy)];
  if (pageView.service === 'reconnecting' || view === null) return [...policy, serviceAwayWords];
  const trouble = view.sync.trouble === null ? [] : [view.sync.trouble];
  return [...policy, syncWords(view.sync, now, locale), ...trouble];
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
