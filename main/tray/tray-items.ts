import type { PageView } from '../../src/contract/shell.ts';
import { durationWords, policyLines, stateLines, type Locale } from '../../src/words/state-words.ts';
import { isAsked } from '../gate-presence.ts';
import type { OpenableWindow } from '../open-argument.ts';

/** One line of the tray's menu: words to read, a line across, or something to choose. */
export type TrayItem =
  | { kind: 'words'; label: string }
  | { kind: 'separator' }
  | { kind: 'open'; label: string; window: OpenableWindow; enabled: boolean }
  | { kind: 'do'; label: string; deed: TrayDeed; enabled: boolean };

/** What the tray does by itself, without a window. */
export type TrayDeed =
  | { kind: 'lockNow' }
  | { kind: 'extend' }
  | { kind: 'startPresentation'; minutes: number }
  | { kind: 'endPresentation' }
  | { kind: 'askAgain' };

export const serviceAwayWords = "Usher's service is not answering";

/** The tray's menu for what is known now: state in words, then the windows that can be opened. */
export function trayItems(pageView: PageView, now: Date, locale: Locale, locksInSeconds: number | null): TrayItem[] {
  const gate = pageView.view?.gate;
  const hasPolicy = gate !== undefined && gate.phase !== 'noPolicy';
  const asked = gate !== undefined && isAsked(gate);
  const mayOpen = pageView.view !== null && !asked;
  const open = pageView.view?.policies.filter(({ state }) => wentOnWithout.has(state)) ?? [];
  return [
    ...trayLines(pageView, now, locale, locksInSeconds).map((label): TrayItem => ({ kind: 'words', label })),
    ...lockItems(pageView),
    { kind: 'separator' },
    ...(open.length === 0 || pageView.service !== 'connected'
      ? []
      : [{ kind: 'do', label: 'Read and accept what is open', deed: { kind: 'askAgain' }, enabled: !asked } as const]),
    { kind: 'open', label: 'Read the policy', window: 'policy', enabled: mayOpen && hasPolicy },
    { kind: 'open', label: 'My receipts', window: 'receipts', enabled: mayOpen },
    { kind: 'open', label: 'About Usher', window: 'about', enabled: !asked },
  ];
}

/** The menu's first lines: which policy, what happens next, and how the record stands. */
export function trayLines(pageView: PageView, now: Date, locale: Locale, locksInSeconds: number | null): string[] {
  const { view, service } = pageView;
  if (view !== null && service !== 'reconnecting') return stateLines(view, now, locale, locksInSeconds);
  const policy = view === null ? [] : [...policyLines(view.policies, now, locale)];
  return [...policy, serviceAwayWords];
}

/** How somebody stands with a policy they work without having accepted. */
const wentOnWithout = new Set(['postponed', 'limited', 'declined']);

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
    ...(view.lock.phase === 'watching' && view.lock.mayExtendSeconds !== null
      ? [
          {
            kind: 'do',
            label: `Away for a moment: ${durationWords(view.lock.mayExtendSeconds)} more`,
            deed: { kind: 'extend' },
            enabled: true,
          } as const,
        ]
      : []),
    ...lengths.map((minutes): TrayItem => ({
      kind: 'do',
      label: `Present for ${durationWords(minutes * 60)}`,
      deed: { kind: 'startPresentation', minutes },
      enabled: enabled && !isAsked(view.gate),
    })),
    ...(running === null
      ? []
      : [{ kind: 'do', label: 'End presenting', deed: { kind: 'endPresentation' }, enabled } as const]),
  ];
}
