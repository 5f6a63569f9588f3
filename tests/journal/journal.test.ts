import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { openJournalForExport } from '../../src/journal/index.ts';
import { exportLineText, recordFault, verifyExport } from '../../src/proof/index.ts';
import { openIn, receiptFor, serverKey, shown, temporaryFolder } from './journal-in-test.ts';

const exportOf = (folder: string): string => {
  const reader = openJournalForExport({ folder });
  try {
    const about = { serverPublicKey: serverKey.publicKey, exportedAt: '2026-11-24T08:00:00.000Z' };
    return [...reader.exportLines(about)].map(exportLineText).join('');
  } finally {
    reader.close();
  }
};

describe('a journal', () => {
  test('begins with the record of its epoch and numbers what follows without a gap', () => {
    const { journal, opened } = openIn(temporaryFolder());
    expect(opened).toBe('new');
    journal.append(shown(1));
    journal.appendAll([shown(2), shown(3)]);
    const records = journal.recordsAfter(1, 0, 10);
    expect(records.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    expect(records[0]?.body?.type).toBe('journal.epochStarted');
    expect(records.map((record) => recordFault(record, journal.deviceId))).toEqual([null, null, null, null]);
  });

  test('is written ahead, with an fsync at every commit', () => {
    const folder = temporaryFolder();
    openIn(folder).journal.close();
    const source = readFileSync(resolve(import.meta.dirname, '../../src/journal/schema.ts'), 'utf8');
    expect(source).toContain("pragma('synchronous = FULL')");
    const database = new Database(join(folder, 'journal.sqlite'), { readonly: true });
    expect(database.pragma('journal_mode', { simple: true })).toBe('wal');
    database.close();
  });

  test('keeps its key and its records for the account of the service alone', () => {
    const folder = temporaryFolder();
    openIn(folder);
    for (const name of ['device-key.pem', 'journal.sqlite']) expect(statSync(join(folder, name)).mode & 0o077).toBe(0);
  });

  test('refuses a key that others can read, and says what to do', () => {
    const folder = temporaryFolder();
    openIn(folder).journal.close();
    chmodSync(join(folder, 'device-key.pem'), 0o644);
    expect(() => openIn(folder)).toThrow(
      `Other accounts can read this machine's key (${join(folder, 'device-key.pem')} has mode 0644). Set it to 0600`,
    );
  });

  test('goes on where it ended', () => {
    const folder = temporaryFolder();
    const first = openIn(folder).journal;
    first.append(shown());
    const head = first.head();
    first.close();
    const second = openIn(folder);
    expect(second.opened).toBe('continued');
    expect(second.journal.head()).toEqual(head);
    expect(second.journal.append(shown()).prev).toBe(head.hash);
  });

  test('refuses an event that does not fit its type, names the field and writes nothing', () => {
    const { journal } = openIn(temporaryFolder());
    const before = journal.head();
    const wrong = {
      ...shown(),
      type: 'gate.shown' as const,
      data: { policyHash: 'not a hash', policyVersion: 1, why: 'first' as const },
    };
    expect(() => journal.append(wrong)).toThrow(
      'The event gate.shown was not recorded. data.policyHash: must be 64 lower-case hexadecimal characters.',
    );
    expect(journal.head()).toEqual(before);
  });

  test('is held by one process only', () => {
    const folder = temporaryFolder();
    openIn(folder);
    expect(() => openIn(folder)).toThrow(
      `Another Usher service is already using the journal in ${folder}. Stop it, or start this one with another state folder.`,
    );
  });

  test('removes a body on request, and the chain still verifies', () => {
    const folder = temporaryFolder();
    const { journal } = openIn(folder);
    const record = journal.append(shown());
    journal.append(shown());
    expect(journal.redact(1, record.seq)).toBe(true);
    const verified = verifyExport(exportOf(folder));
    expect(verified).toMatchObject({ outcome: 'sound', bodiesRemoved: 1, records: 3 });
  });

  test('loses nothing it acknowledged when its process is killed', { timeout: 30_000 }, () => {
    const folder = temporaryFolder();
    const child = spawnSync(process.execPath, [resolve(import.meta.dirname, 'append-until-killed.ts'), folder], {
      encoding: 'utf8',
    });
    expect(child.signal).toBe('SIGKILL');
    const acknowledged = Number(child.stdout.trim().split('\n').at(-1));
    expect(acknowledged).toBeGreaterThan(10);
    const { journal, opened } = openIn(folder);
    expect(opened).toBe('continued');
    expect(journal.head().seq).toBeGreaterThanOrEqual(acknowledged);
  });
});

describe('a journal that was damaged on disk', () => {
  test.each([
    ['overwritten in the middle', (file: string) => overwrite(file, 4_096 * 2)],
    ['cut short', (file: string) => truncateSync(file, 5_000)],
    ['replaced by something else', (file: string) => writeFileSync(file, 'not a database at all')],
  ])('%s is kept aside and reported, and a new epoch names the last receipt', (_how, damage) => {
    const folder = temporaryFolder();
    const { journal } = openIn(folder);
    for (let version = 1; version <= 40; version += 1) journal.append(shown(version));
    const receipt = receiptFor(journal);
    journal.keepReceipt(receipt);
    journal.close();
    damage(join(folder, 'journal.sqlite'));

    const again = openIn(folder);
    expect(again.opened).toBe('afterDamage');
    expect(again.setAside).not.toBeNull();
    expect(existsSync(again.setAside ?? '')).toBe(true);
    const [first] = again.journal.recordsAfter(2, 0, 1);
    expect(first?.body).toMatchObject({
      type: 'journal.epochStarted',
      data: { reason: 'damaged', previous: { epoch: 1, lastReceipt: { seq: receipt.seq, hash: receipt.hash } } },
    });
    expect(again.journal.append(shown()).epoch).toBe(2);
  });

  test('whose records were changed by hand is damage too', () => {
    const folder = temporaryFolder();
    const { journal } = openIn(folder);
    journal.append(shown(1));
    journal.close();
    const database = new Database(join(folder, 'journal.sqlite'));
    database.exec('DROP TRIGGER records_are_only_redacted');
    database.prepare("UPDATE records SET body = replace(body, 'r.ashdown', 'j.ashdown') WHERE seq = 2").run();
    database.close();
    const again = openIn(folder);
    expect(again.opened).toBe('afterDamage');
    const started = again.journal.recordsAfter(2, 0, 1)[0]?.body;
    expect(started?.type === 'journal.epochStarted' ? started.data.detail : '').toContain(
      'the content of record 2 of epoch 1 was changed',
    );
  });

  test('that lost its file altogether begins a new epoch and says so', () => {
    const folder = temporaryFolder();
    const { journal } = openIn(folder);
    journal.append(shown());
    journal.close();
    for (const name of readdirSync(folder).filter((one) => one.startsWith('journal.sqlite')))
      truncateSync(join(folder, name), 0);
    const again = openIn(folder);
    expect(again.opened).toBe('afterDamage');
    expect(again.journal.epoch).toBe(2);
  });
});

describe('receipts', () => {
  test('the journal refuses to go back past one', () => {
    const { journal } = openIn(temporaryFolder());
    journal.append(shown());
    const ahead = { ...receiptFor(journal), seq: 90 };
    expect(() => journal.keepReceipt(ahead)).toThrow(
      'The server confirms record 90 of epoch 1, but this journal ends at 2: it was rolled back, for instance by restoring the machine from an image.',
    );
    expect(journal.receipts()).toEqual([]);
  });

  test('one for another machine is not kept', () => {
    const { journal } = openIn(temporaryFolder());
    const other = { ...receiptFor(journal), deviceId: '0'.repeat(32) };
    expect(() => journal.keepReceipt(other)).toThrow('The server sent a receipt for another machine');
    expect(journal.receipts()).toEqual([]);
  });
});

function overwrite(file: string, at: number): void {
  const bytes = readFileSync(file);
  bytes.fill(0xa5, at, at + 512);
  writeFileSync(file, bytes);
}
