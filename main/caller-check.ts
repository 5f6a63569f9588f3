import { refused, type Outcome } from '../src/contract/problem.ts';
import type { PageName } from '../src/contract/shell.ts';
import { isOwnPage } from './page-files.ts';

/** What is known about who sent a page call. */
export interface Caller {
  /** Which of our windows it came from; null when it is none of them. */
  page: PageName | null;
  /** False for an inner frame, and for a frame that is already gone. */
  isMainFrame: boolean;
  /** Address of the frame that called. */
  address: string;
}

/** May this caller speak to the shell? Null if so, else why not. */
export function callerFault(caller: Caller, pagesUrl: string): Extract<Outcome<never>, { ok: false }> | null {
  if (caller.page === null) return refused('page.unknownWindow', 'This call did not come from a window of Usher.');
  if (!caller.isMainFrame) {
    return refused('page.innerFrame', 'This call came from a frame inside a page. Only the page itself may call.');
  }
  if (!isOwnPage(caller.address, pagesUrl)) {
    return refused('page.foreignOrigin', "This call came from a page that is not one of Usher's own.");
  }
  return null;
}
