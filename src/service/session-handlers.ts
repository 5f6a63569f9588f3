import { accepted } from '../contract/problem.ts';
import type { SessionView, SyncState } from '../contract/session.ts';
import type { Peer } from '../machine/index.ts';
import type { SessionClient, SessionHandlers } from '../wire/index.ts';
import type { Acceptances } from './acceptances.ts';
import type { DeviceDesk } from './devices/device-desk.ts';
import type { Gates } from './gates.ts';
import type { Presence } from './presence/presence.ts';
import { accountOf } from './refusals.ts';

export interface SessionDesk {
  handlers: SessionHandlers<Peer>;
  onClosed(client: SessionClient<Peer>): void;
  /** Sends every client of the account (of all accounts, without one) its view, if it changed. */
  show(accountId: string | null): void;
}

export interface SessionDeskOptions {
  gates: Gates;
  presence: Presence;
  devices: DeviceDesk;
  acceptances: Acceptances;
  hostname: string;
  version: string;
  sync: () => SyncState;
}

/** Answers shells and command lines. Whose gate and whose receipts is decided by the operating system's word alone. */
export function sessionDesk({
  gates,
  presence,
  devices,
  acceptances,
  hostname,
  version,
  sync,
}: SessionDeskOptions): SessionDesk {
  const shown = new Map<SessionClient<Peer>, string>();
  const seatOf = (peer: Peer): string => `${peer.account.id} ${peer.session}`;

  const withDevices = (view: ReturnType<Presence['view']>, peer: Peer): typeof view => ({
    ...view,
    notices: [...devices.notices(peer), ...view.notices].slice(0, 20),
  });
  const viewOf = (peer: Peer): SessionView => ({
    account: peer.account,
    session: peer.session,
    hostname,
    agentVersion: version,
    ...gates.view(accountOf(peer), peer.session),
    sync: sync(),
    ...withDevices(presence.view(peer), peer),
  });
  const remember = (client: SessionClient<Peer>, view: SessionView): boolean => {
    const text = JSON.stringify(view);
    if (shown.get(client) === text) return false;
    shown.set(client, text);
    return true;
  };

  return {
    handlers: {
      hello(params, client) {
        if (params.role === 'shell') {
          gates.sessionSeen(accountOf(client.peer), client.peer.session);
          void presence.shellSeen(client.peer);
        }
        const view = viewOf(client.peer);
        remember(client, view);
        return accepted(view);
      },
      readingProgressed: (params, { peer }) =>
        gates.answerless(accountOf(peer), { kind: 'readingProgressed', session: peer.session, ...params }),
      accept(submission, { peer }) {
        presence.touched(peer);
        return gates.submit(accountOf(peer), { kind: 'submitted', session: peer.session, submission });
      },
      decline: (params, { peer }) =>
        gates.answerless(accountOf(peer), { kind: 'declined', session: peer.session, ...params }),
      chooseRole: (role, { peer }) =>
        gates.answerless(accountOf(peer), { kind: 'roleChosen', session: peer.session, role }),
      answerCheck: (answers, { peer }) =>
        gates.checkAnswered(accountOf(peer), { kind: 'checkAnswered', session: peer.session, ...answers }),
      postpone: (params, { peer }) =>
        gates.answerless(accountOf(peer), { kind: 'postponed', session: peer.session, ...params }),
      namePerson: (person, { peer }) =>
        gates.answerless(accountOf(peer), { kind: 'personNamed', session: peer.session, person }),
      askAgain: (_params, { peer }) => gates.answerless(accountOf(peer), { kind: 'askedAgain', session: peer.session }),
      policyText: ({ policyHash }, { peer }) => gates.policyText(accountOf(peer), policyHash),
      receipts: (_params, { peer }) => accepted(acceptances.of(peer.account.id).map((one) => one.receipt)),
      idleSampled: async ({ idleMs }, { peer }) => accepted(await presence.sampled(peer, idleMs)),
      lockNow: (_params, { peer }) => presence.lockNow(peer),
      screenLockChanged: ({ locked }, { peer }) => presence.screenLockChanged(peer, locked),
      lockAttemptFailed: ({ attempt, why }, { peer }) => presence.lockAttemptFailed(peer, attempt, why),
      extend: (_params, { peer }) => presence.extend(peer),
      startPresentation({ minutes }, { peer }) {
        presence.touched(peer);
        return presence.startPresentation(peer, minutes);
      },
      endPresentation(_params, { peer }) {
        presence.touched(peer);
        return presence.endPresentation(peer);
      },
      answerNotice: ({ id, answer }, { peer }) =>
        devices.dismiss(peer, id) ? accepted(null) : presence.answerNotice(peer, id, answer),
      signOut: (_params, { peer }) => presence.signOut(peer),
      askForDevice: ({ plug, reason }, { peer }) => devices.ask(peer, plug, reason),
      enterDeviceCode: ({ plug, code }, { peer }) => devices.enterCode(peer, plug, code),
    },
    onClosed(client) {
      shown.delete(client);
      if (client.role !== 'shell') return;
      presence.shellLost(client.peer);
      const others = [...shown.keys()].some((one) => one.role === 'shell' && seatOf(one.peer) === seatOf(client.peer));
      if (!others) gates.shellLost(accountOf(client.peer), client.peer.session);
    },
    show(accountId) {
      for (const client of shown.keys()) {
        if (accountId !== null && client.peer.account.id !== accountId) continue;
        const view = viewOf(client.peer);
        if (remember(client, view)) client.push(view);
      }
    },
  };
}
