/** Why the store could not take a write, where waiting can help. */
export type StoreFault = 'full' | 'busy';

/** Codes of PostgreSQL (https://www.postgresql.org/docs/current/errcodes-appendix.html) that are a full or broken disk. */
const postgresFull = new Set(['53100', '58030']);

/**
 * Codes that pass by themselves: serialization failure, deadlock, lock not available, cancelled for lasting too long,
 * shutting down or starting up, ended for being idle, not (yet) the primary, out of memory, too many connections.
 */
const postgresBusy = new Set([
  ...['40001', '40P01', '55P03', '57014', '57P01', '57P02', '57P03', '57P05', '25006', '25P03'],
  ...['53000', '53200', '53300', '53400'],
]);

/** Codes of Node for a database server that cannot be reached. */
const unreachable = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'],
  ...['ENOTFOUND', 'EAI_AGAIN'],
]);

/** What node-postgres says, without a code, about a connection that broke. */
const brokenConnection =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed)/;

/**
 * Reads SQLite's result code (https://www.sqlite.org/rescode.html), PostgreSQL's or the connection's; null for a fault
 * that waiting will not cure.
 */
export function storeFaultOf(error: unknown): StoreFault | null {
  const code = codeOf(error);
  if (code.startsWith('SQLITE_FULL') || code.startsWith('SQLITE_IOERR') || code === 'ENOSPC') return 'full';
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return 'busy';
  if (postgresFull.has(code)) return 'full';
  // Class 08: connection exceptions.
  if (postgresBusy.has(code) || /^08[0-9A-Z]{3}$/.test(code) || unreachable.has(code)) return 'busy';
  return error instanceof Error && brokenConnection.test(error.message) ? 'busy' : null;
}

/** Did PostgreSQL end a transaction, whole, only because another stood in its way? Then it can be run again. */
export function wantsRetry(error: unknown): boolean {
  const code = codeOf(error);
  return code === '40001' || code === '40P01';
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
