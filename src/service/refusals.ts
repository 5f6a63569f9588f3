import type { Account } from '../contract/event.ts';
import type { SessionRefusal } from '../wire/index.ts';
import type { Peer } from '../machine/index.ts';
import { ofTheMachine } from './journal-outcome.ts';
import type { EventDraft } from '../contract/event.ts';

/** Per account, so that one cannot drown what another does. */
const recordedPerWindow = 10;
const windowMs = 10 * 60_000;

type RefusalDraft = Extract<EventDraft, { type: 'shell.refused' }>;

/** Turns what the socket refused into events, of each account at most ten in ten minutes; the rest are counted. */
export class Refusals {
  readonly #uptimeMs: () => number;
  readonly #windows = new Map<string, { sinceMs: number; count: number }>();

  constructor(uptimeMs: () => number) {
    this.#uptimeMs = uptimeMs;
  }

  /** The event to record, or null when this account had its share. */
  take(refusal: SessionRefusal<Peer>): RefusalDraft | null {
    const who = refusal.peer?.account.id ?? '';
    const now = this.#uptimeMs();
    const window = this.#windows.get(who);
    const draft = (detail: string): RefusalDraft => ({
      ...ofTheMachine,
      type: 'shell.refused',
      data: { code: refusal.code, detail: detail.slice(0, 500) },
      account: refusal.peer === null ? null : accountOf(refusal.peer),
      session: refusal.peer?.session ?? null,
    });
    if (window === undefined || now - window.sinceMs >= windowMs) {
      const unrecorded = Math.max(0, (window?.count ?? 0) - recordedPerWindow);
      this.#windows.set(who, { sinceMs: now, count: 1 });
      return draft(unrecorded === 0 ? refusal.detail : `${refusal.detail} (and ${unrecorded} before, not recorded)`);
    }
    window.count += 1;
    return window.count > recordedPerWindow ? null : draft(refusal.detail);
  }
}

/** As it goes into events: without the display name. */
export function accountOf(peer: Peer): Account {
  return { id: peer.account.id, name: peer.account.name };
}
