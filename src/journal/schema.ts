import Database from 'better-sqlite3';

/** Written to SQLite's own `application_id`: "Ushr". */
const applicationId = 0x55736872;
export const schemaVersion = 1;

/**
 * `type` and `account_id` repeat what the body says, so that a person's acceptances are found without reading every body.
 * The triggers hold whatever program opens the file: records are only ever added at the end of the chain, and the one
 * change allowed is to remove a body with its salt.
 */
const tables = `
  CREATE TABLE identity (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    device_id TEXT NOT NULL
  ) STRICT;

  CREATE TABLE epochs (
    epoch INTEGER PRIMARY KEY,
    genesis TEXT NOT NULL,
    sending_stopped TEXT
  ) STRICT;

  CREATE TABLE records (
    epoch INTEGER NOT NULL REFERENCES epochs (epoch),
    seq INTEGER NOT NULL CHECK (seq >= 1),
    prev TEXT NOT NULL,
    body_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    salt TEXT,
    body TEXT,
    type TEXT,
    account_id TEXT,
    PRIMARY KEY (epoch, seq),
    CHECK ((salt IS NULL) = (body IS NULL))
  ) STRICT;
  CREATE INDEX records_by_type ON records (type, account_id, epoch, seq);

  CREATE TRIGGER records_follow_the_chain BEFORE INSERT ON records
  WHEN NEW.prev IS NOT CASE NEW.seq
    WHEN 1 THEN (SELECT genesis FROM epochs WHERE epoch = NEW.epoch)
    ELSE (SELECT hash FROM records WHERE epoch = NEW.epoch AND seq = NEW.seq - 1)
  END
  BEGIN SELECT RAISE(ABORT, 'a record must follow the last one of its epoch'); END;

  CREATE TRIGGER records_are_only_redacted BEFORE UPDATE ON records
  WHEN NOT (
    NEW.epoch = OLD.epoch AND NEW.seq = OLD.seq AND NEW.prev = OLD.prev
    AND NEW.body_hash = OLD.body_hash AND NEW.hash = OLD.hash AND NEW.type IS OLD.type
    AND NEW.salt IS NULL AND NEW.body IS NULL AND NEW.account_id IS NULL
  )
  BEGIN SELECT RAISE(ABORT, 'a record may only lose its body, salt and account'); END;

  CREATE TRIGGER records_are_kept BEFORE DELETE ON records
  BEGIN SELECT RAISE(ABORT, 'records are never deleted'); END;

  CREATE TABLE receipts (
    epoch INTEGER NOT NULL REFERENCES epochs (epoch),
    seq INTEGER NOT NULL,
    hash TEXT NOT NULL,
    at TEXT NOT NULL,
    signature TEXT NOT NULL,
    PRIMARY KEY (epoch, seq)
  ) STRICT;
  CREATE TRIGGER receipts_are_not_changed BEFORE UPDATE ON receipts
  BEGIN SELECT RAISE(ABORT, 'receipts are never changed'); END;
  CREATE TRIGGER receipts_are_kept BEFORE DELETE ON receipts
  BEGIN SELECT RAISE(ABORT, 'receipts are never deleted'); END;
`;

/**
 * Opens a journal file for writing: write-ahead log, and an fsync at every commit
 * (https://www.sqlite.org/pragma.html#pragma_synchronous; `fullfsync` makes that true on macOS too).
 */
export function openDatabase(path: string): Database.Database {
  const database = new Database(path, { timeout: 2_000 });
  try {
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    database.pragma('fullfsync = ON');
    database.pragma('foreign_keys = ON');
    database.pragma('trusted_schema = OFF');
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

export function createTables(database: Database.Database, deviceId: string): void {
  database.exec(tables);
  database.prepare('INSERT INTO identity (only, device_id) VALUES (1, ?)').run(deviceId);
  database.pragma(`application_id = ${applicationId}`);
  database.pragma(`user_version = ${schemaVersion}`);
}

/** Null for a file without any table, else whose journal it is and in which version of the schema. */
export function identityOf(database: Database.Database): { deviceId: string; version: number } | null {
  const tableCount = database.prepare<[], number>('SELECT count(*) FROM sqlite_schema').pluck().get();
  if (tableCount === 0) return null;
  const deviceId = database.prepare<[], string>('SELECT device_id FROM identity WHERE only = 1').pluck().get() ?? '';
  return { deviceId, version: Number(database.pragma('user_version', { simple: true })) };
}
