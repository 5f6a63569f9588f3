import { app } from 'electron';
import { join } from 'node:path';
import { accepted, refused } from '../src/contract/problem.ts';
import type { SessionParams, SessionRequest, SessionResult } from '../src/contract/session.ts';
import type { GatePresenceInput } from './gate-presence.ts';
import type { PageCallHandlers } from './page-calls.ts';
import { printPage } from './print-page.ts';
import type { ServicePresence } from './service-presence.ts';
import type { KioskWindows } from './windows/kiosk.ts';
import type { PageWindows } from './windows/page-window.ts';

const serviceAway = refused(
  'service.away',
  "Usher's service is not answering. Nothing was recorded. It is being tried again; what you typed stays here.",
);

export interface PageHandlerParts {
  service: ServicePresence;
  gate: KioskWindows;
  pages: PageWindows;
  /** Whether the service last said that there is something to answer. */
  isAsking(): boolean;
  onGate(input: GatePresenceInput): void;
}

/** What happens when a page calls: most goes to the service, the rest is about windows. */
export function pageHandlers({ service, gate, pages, isAsking, onGate }: PageHandlerParts): PageCallHandlers {
  type Forwarded = Exclude<SessionRequest, 'hello'>;
  const forward = async <M extends Forwarded>(
    method: M,
    params: SessionParams<M>,
  ): Promise<SessionResult<M> | typeof serviceAway> => (await service.call(method, params)) ?? serviceAway;

  return {
    view: () => service.view,
    readingProgressed: (params) => forward('readingProgressed', params),
    async accept(params) {
      onGate({ kind: 'acceptBegan' });
      const answer = await forward('accept', params);
      onGate({ kind: 'acceptEnded', recorded: answer.ok });
      return answer;
    },
    decline: (params) => forward('decline', params),
    chooseRole: (params) => forward('chooseRole', params),
    answerCheck: (params) => forward('answerCheck', params),
    postpone: (params) => forward('postpone', params),
    namePerson: (params) => forward('namePerson', params),
    askAgain: (params) => forward('askAgain', params),
    policyText: (params) => forward('policyText', params),
    receipts: (params) => forward('receipts', params),
    lockNow: (params) => forward('lockNow', params),
    extend: (params) => forward('extend', params),
    endPresentation: (params) => forward('endPresentation', params),
    answerNotice: (params) => forward('answerNotice', params),
    signOut: (params) => forward('signOut', params),
    askForDevice: (params) => forward('askForDevice', params),
    enterDeviceCode: (params) => forward('enterDeviceCode', params),
    finish() {
      if (isAsking()) return refused('gate.notAccepted', 'The policy has not been accepted yet.');
      onGate({ kind: 'finished' });
      return accepted(null);
    },
    print(_params, from) {
      if (isAsking()) return refused('print.notYet', 'Accept the policy first; then it can be saved as PDF.');
      const window = pages.windowOf(from.contents);
      if (window === null) return refused('page.unknownWindow', 'This window is already closed.');
      const name = `${
        window
          .getTitle()
          .replace(/[^\p{L}\p{N} ,.()-]/gu, ' ')
          .trim() || 'Usher'
      }.pdf`;
      return gate.withDialog(() => printPage(window, join(app.getPath('downloads'), name)));
    },
  };
}
