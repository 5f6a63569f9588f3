import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { EventDraft } from '../../src/contract/event.ts';
import type { Receipt } from '../../src/contract/record.ts';
import { openJournal, type Journal, type OpenedJournal } from '../../src/journal/index.ts';
import { generateSigningKey, signReceipt, type SigningKey } from '../../src/proof/index.ts';

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'usher-journal-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Opens a real journal; closed when the test is over. */
export function openIn(folder: string): OpenedJournal {
  const opened = openJournal({
    folder,
    clock: { now: () => new Date(), uptimeMs: () => performance.now() },
    random: (bytes) => randomBytes(bytes),
  });
  onTestFinished(() => opened.journal.close());
  return opened;
}

export const shown = (version = 1): EventDraft => ({
  type: 'gate.shown',
  account: { id: '1000', name: 'r.ashdown' },
  session: '3',
  subject: 'staff-aup',
  rule: null,
  data: { policyHash: 'b'.repeat(64), policyVersion: version, why: 'first' },
});

export const serverKey: SigningKey = generateSigningKey();

/** The server's receipt for everything up to this journal's head. */
export function receiptFor(journal: Journal): Receipt {
  return signReceipt(serverKey, { deviceId: journal.deviceId, ...journal.head(), at: new Date().toISOString() });
}
