/** Why the store could not take a write, where waiting can help. */
export type StoreFault = 'full' | 'busy';

/** Reads SQLite's result code (https://www.sqlite.org/rescode.html); null for a fault that waiting will not cure. */
export function storeFaultOf(error: unknown): StoreFault | null {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code.startsWith('SQLITE_FULL') || code.startsWith('SQLITE_IOERR') || code === 'ENOSPC') return 'full';
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return 'busy';
  return null;
}
