import { z } from 'zod';
import type { PresentationSignal } from '../../contract/policy-rules.ts';
import { signalOfWords } from '../awake-words.ts';

/** `ListInhibitors` of logind: what, who, why, mode, user id, process id. */
const inhibitors = z.array(
  z.tuple([z.string(), z.string(), z.string(), z.string(), z.number().int(), z.number().int()]),
);

/**
 * What keeps the screen awake for this user: programs say so to logind with a reason in words, such as Chromium's
 * "WebRTC has active PeerConnections" or Firefox's "video-playing".
 */
export function inhibitorSignals(answer: unknown, uid: number): PresentationSignal[] {
  const parsed = inhibitors.safeParse(answer);
  if (!parsed.success) return [];
  const own = parsed.data.filter(
    ([what, , , mode, user]) => user === uid && mode.startsWith('block') && what.split(':').includes('idle'),
  );
  return [...new Set(own.map(([, who, why]) => signalOfWords(`${who} ${why}`)))];
}

/** Window ids out of `xprop -root _NET_CLIENT_LIST`. */
export function windowIds(text: string): string[] {
  return (
    /# (.*)/
      .exec(text)?.[1]
      ?.split(',')
      .map((id) => id.trim())
      .filter((id) => /^0x[0-9a-f]+$/i.test(id)) ?? []
  );
}

/** Does `xprop -id … _NET_WM_STATE` say that the window fills a whole display? */
export const isFullScreen = (text: string): boolean => /_NET_WM_STATE_FULLSCREEN/.test(text);

/** The program's name out of `xprop -id … WM_CLASS`: its second string, as window managers show it. */
export function programName(text: string): string | null {
  const names = [...text.matchAll(/"([^"]*)"/g)].map((match) => match[1] ?? '');
  const name = (names[1] ?? names[0] ?? '').trim();
  return name === '' ? null : name.slice(0, 100);
}

/** How many displays `xrandr --listactivemonitors` lists. */
export const activeDisplays = (text: string): number => Number(/Monitors:\s*(\d+)/.exec(text)?.[1] ?? 0);
