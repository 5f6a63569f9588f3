import type Database from 'better-sqlite3';
import type { EventData } from '../contract/event.ts';
import type { SealedRecord } from '../contract/record.ts';
import { genesisHash } from '../proof/index.ts';
import { sealAfter, type JournalSources, type Sealed } from './seal.ts';

/** A prepared way to add one sealed record; commits on its own unless a transaction is open. */
export function recordInserter(database: Database.Database): (sealed: Sealed) => void {
  const insert = database.prepare<
    [number, number, string, string, string, string | null, string, string, string | null]
  >(`INSERT INTO records (epoch, seq, prev, body_hash, hash, salt, body, type, account_id)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  return ({ record, text, type, accountId }) => {
    const { epoch, seq, prev, bodyHash, hash, salt } = record;
    insert.run(epoch, seq, prev, bodyHash, hash, salt, text, type, accountId);
  };
}

const longestDetail = 500;

/** Begins an epoch: its row and its first record, in one commit. */
export function startEpoch(
  database: Database.Database,
  deviceId: string,
  epoch: number,
  data: EventData<'journal.epochStarted'>,
  sources: JournalSources,
): SealedRecord {
  const genesis = genesisHash(deviceId, epoch);
  const draft = {
    type: 'journal.epochStarted' as const,
    data: { ...data, detail: data.detail.slice(0, longestDetail) },
    account: null,
    session: null,
    subject: null,
    rule: null,
  };
  const [sealed] = sealAfter({ epoch, seq: 0, hash: genesis }, deviceId, [draft], sources);
  if (sealed === undefined) throw new Error('One draft makes one record');
  database.transaction(() => {
    database.prepare('INSERT INTO epochs (epoch, genesis) VALUES (?, ?)').run(epoch, genesis);
    recordInserter(database)(sealed);
  })();
  return sealed.record;
}
