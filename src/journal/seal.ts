import type { EventDraft } from '../contract/event.ts';
import type { ChainHead, SealedRecord } from '../contract/record.ts';
import { canonicalJson, saltBytes, sealCanonical } from '../proof/index.ts';
import { bodyAt, checkedDraft } from './drafts.ts';
import { JournalError } from './errors.ts';

/** Where the journal takes time and randomness from. */
export interface JournalSources {
  /** `now` is the wall clock; `uptimeMs` the monotonic one, milliseconds since the machine booted. */
  readonly clock: { now(): Date; uptimeMs(): number };
  /** Cryptographically strong random bytes. */
  readonly random: (bytes: number) => Uint8Array;
}

/** A record ready to be written. */
export interface Sealed {
  readonly record: SealedRecord;
  /** The body's canonical JSON, as it was hashed and is stored. */
  readonly text: string;
  readonly type: string;
  readonly accountId: string | null;
}

/**
 * Checks the drafts and makes them the next links after `head` (number 0 and the genesis hash for an epoch's first).
 * @throws JournalError `journal.invalidEvent`.
 */
export function sealAfter(
  head: ChainHead,
  deviceId: string,
  drafts: readonly EventDraft[],
  { clock, random }: JournalSources,
): Sealed[] {
  const checked = drafts.map(checkedDraft);
  const at = clock.now().toISOString();
  const uptimeMs = Math.max(0, Math.floor(clock.uptimeMs()));
  const salts = random(saltBytes * drafts.length);
  let prev = head.hash;
  return checked.map((draft, index) => {
    const body = bodyAt(draft, { deviceId, epoch: head.epoch, seq: head.seq + 1 + index, at, uptimeMs });
    const text = canonicalText(body);
    const record = sealCanonical(body, text, prev, salts.subarray(index * saltBytes, (index + 1) * saltBytes));
    prev = record.hash;
    return { record, text, type: body.type, accountId: body.account?.id ?? null };
  });
}

/** @throws JournalError `journal.invalidEvent` for text that has no UTF-8, such as half a surrogate pair. */
function canonicalText(body: SealedRecord['body']): string {
  try {
    return canonicalJson(body);
  } catch (cause) {
    throw new JournalError(
      'journal.invalidEvent',
      'The event was not recorded: it holds a character that is not valid Unicode text.',
      { cause },
    );
  }
}
