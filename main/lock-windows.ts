import type { PageView } from '../src/contract/shell.ts';

/** Which windows about locking, presenting and notices stand now. */
export interface LockWindows {
  warning: boolean;
  cover: boolean;
  presenting: boolean;
  notice: boolean;
}

/**
 * Decides them from what the service last told. A cover stays when the service goes away; a warning does not, because
 * nobody would lock at its end. Nothing personal comes up over a presentation or over the policy.
 */
export function lockWindows(pageView: PageView): LockWindows {
  const { view } = pageView;
  if (view === null) return { warning: false, cover: false, presenting: false, notice: false };
  const connected = pageView.service === 'connected';
  const cover = view.lock.phase === 'covered';
  const warning = connected && view.lock.phase === 'warning';
  const presenting = connected && view.presentation.running !== null;
  const free = !cover && !warning && !presenting && view.gate.phase !== 'asking' && view.lock.phase !== 'locked';
  return { warning, cover, presenting, notice: free && view.notices.length > 0 };
}
