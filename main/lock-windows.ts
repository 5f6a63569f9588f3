import type { PageView } from '../src/contract/shell.ts';
import { isAsked } from './gate-presence.ts';

/** Which windows about locking, presenting and notices stand now. */
export interface LockWindows {
  warning: boolean;
  cover: boolean;
  presenting: boolean;
  standing: boolean;
  notice: boolean;
}

/**
 * Decides them from what the service last told. A cover stays when the service goes away; a warning does not, because
 * nobody would lock at its end. Nothing personal comes up over a presentation or over the policy. That somebody
 * is about to be signed out, or works without having accepted, stands as long as it is so.
 */
export function lockWindows(pageView: PageView): LockWindows {
  const { view } = pageView;
  if (view === null) return { warning: false, cover: false, presenting: false, standing: false, notice: false };
  const connected = pageView.service === 'connected';
  const cover = view.lock.phase === 'covered';
  const warning = connected && view.lock.phase === 'warning';
  const leaving = view.gate.phase === 'leaving';
  const presenting = connected && view.presentation.running !== null && !leaving;
  const free = !cover && !warning && !presenting && !isAsked(view.gate) && view.lock.phase !== 'locked';
  const standing = connected && free && (leaving || view.policies.some(({ state }) => state === 'limited'));
  return { warning, cover, presenting, standing, notice: free && view.notices.length > 0 };
}
