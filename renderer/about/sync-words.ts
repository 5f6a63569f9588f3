import type { SyncState } from '../../src/contract/session.ts';
import { whenOf } from '../ui/times.ts';

const records = (count: number): string => (count === 1 ? '1 record' : `${count} records`);

/** One or two sentences on whether the school's record is up to date with this computer. */
export function syncInWords(sync: SyncState, now: Date): string {
  const last = sync.lastSyncedAt === null ? null : whenOf(sync.lastSyncedAt, now);
  return [state(sync, last), ...(sync.trouble === null ? [] : [sync.trouble])].join(' ');
}

function state({ phase, pending }: SyncState, last: string | null): string {
  switch (phase) {
    case 'notEnrolled':
      return 'This computer is not connected to the school’s record yet. Everything is kept here until it is.';
    case 'synced':
      return last === null ? 'The school has everything.' : `The school has everything, last checked ${last}.`;
    case 'sending':
      return pending === 0 ? 'Checking with the school now.' : `Sending ${records(pending)} to the school now.`;
    case 'waiting':
      return [
        pending === 0
          ? 'Nothing is waiting.'
          : `${records(pending)} ${pending === 1 ? 'is' : 'are'} waiting on this computer.`,
        last === null ? 'Not synced with the school yet.' : `Not synced since ${last}.`,
      ].join(' ');
    case 'awaitingApproval':
      return `This computer waits until your school’s IT approves it. Until then nothing is sent; ${records(pending)} kept here.`;
    case 'refused':
      return 'Your school’s IT did not let this computer into the school’s record. Ask them if that is a mistake.';
    case 'revoked':
      return 'Your school’s IT took this computer out of the school’s record. The policy still applies, and what happens here is kept on this computer.';
  }
}
