export { JournalError, journalErrorCodes, type JournalErrorCode } from './errors.ts';
export { openJournalForExport } from './export.ts';
export type { Journal } from './journal.ts';
export { openJournal, type OpenedJournal, type OpenOptions } from './open.ts';
export type { JournalReader, Unreceipted } from './reader.ts';
export type { JournalSources } from './seal.ts';
