import { statfsSync } from 'node:fs';

/** Why the journal refused or failed, each with what a school technician can do about it. */
export const journalErrorCodes = [
  /** The event does not fit its schema; nothing was written. */
  'journal.invalidEvent',
  /** No room on the disk; nothing was written. */
  'journal.diskFull',
  /** Another process holds this journal. */
  'journal.inUse',
  /** Others can read the machine's private key. */
  'journal.keyExposed',
  /** The key file is there but holds no usable key. */
  'journal.keyUnreadable',
  /** The folder or a file in it cannot be read or written. */
  'journal.unavailable',
  /** Damage met while running; the next start sets the file aside. */
  'journal.damaged',
  /** The server holds records that this journal no longer has. */
  'journal.rolledBack',
  /** The server's receipt and this journal disagree about a record. */
  'journal.receiptContradicts',
  /** A receipt for another machine, or for an epoch that this journal does not know. */
  'journal.foreignReceipt',
  /** There is no journal in the folder. */
  'journal.missing',
  /** It was closed. */
  'journal.closed',
] as const;
export type JournalErrorCode = (typeof journalErrorCodes)[number];

export class JournalError extends Error {
  readonly code: JournalErrorCode;
  /** Path of the offending field, where one field is to blame. */
  readonly field: string | undefined;

  constructor(code: JournalErrorCode, message: string, options: { cause?: unknown; field?: string } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'JournalError';
    this.code = code;
    this.field = options.field;
  }
}

const bytesThatCountAsFull = 64 * 1024;

function diskIsFull(folder: string): boolean {
  try {
    const disk = statfsSync(folder);
    return disk.bavail * disk.bsize < bytesThatCountAsFull;
  } catch {
    return false;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** Sorts what SQLite or the file system threw into the journal's own errors; anything else comes back as it is. */
export function journalErrorFrom(error: unknown, folder: string): unknown {
  if (error instanceof JournalError) return error;
  const code = codeOf(error);
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT')
    return new JournalError('journal.diskFull', diskFullSentence(folder), { cause: error });
  if (code.startsWith('SQLITE_IOERR') && diskIsFull(folder))
    return new JournalError('journal.diskFull', diskFullSentence(folder), { cause: error });
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB' || code === 'SQLITE_IOERR_SHORT_READ')
    return new JournalError(
      'journal.damaged',
      `The journal in ${folder} is damaged on disk. Restart the Usher service: it keeps the damaged file and begins a new epoch.`,
      { cause: error },
    );
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED'))
    return new JournalError('journal.inUse', inUseSentence(folder), { cause: error });
  if (code.startsWith('SQLITE_CONSTRAINT'))
    return new JournalError(
      'journal.damaged',
      `The journal in ${folder} was changed by another program while the service ran. Restart the Usher service, which checks it.`,
      { cause: error },
    );
  if (code !== '')
    return new JournalError(
      'journal.unavailable',
      `The journal in ${folder} cannot be used: ${error instanceof Error ? error.message : code}. Check the disk and that the folder belongs to the account the Usher service runs as.`,
      { cause: error },
    );
  if (error instanceof TypeError && error.message.includes('database connection is not open'))
    return new JournalError('journal.closed', `The journal in ${folder} was closed; nothing was written.`, {
      cause: error,
    });
  return error;
}

/** Runs the work and throws its failures as `JournalError`. */
export function guarded<T>(folder: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw journalErrorFrom(error, folder);
  }
}

const diskFullSentence = (folder: string) =>
  `The disk that holds ${folder} is full, so nothing could be recorded. Free some space on it; the next record is written as usual.`;
const inUseSentence = (folder: string) =>
  `Another Usher service is already using the journal in ${folder}. Stop it, or start this one with another state folder.`;
