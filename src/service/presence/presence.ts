import type { Account, EventCore, EventDraft } from '../../contract/event.ts';
import type { LockReason, NoticeAnswer } from '../../contract/lock.ts';
import type { Posture } from '../../contract/machine-state.ts';
import type { SignedPolicy } from '../../contract/policy.ts';
import { accepted, refused, type Outcome } from '../../contract/problem.ts';
import type { SessionView } from '../../contract/session.ts';
import type { SyncAnswer } from '../../contract/sync.ts';
import type { Machine, OsSessionEvent, Peer } from '../../machine/index.ts';
import { localTime } from '../../rules/end-of-day.ts';
import type { Authority } from '../../rules/idle-lock/idle-lock.ts';
import { mayExtend } from '../../rules/idle-lock/idle-lock.ts';
import type { Moment } from '../../rules/moment.ts';
import { stepSessions, type OpenSessions, type SessionInput } from '../../rules/sessions.ts';
import { ofTheMachine } from '../journal-outcome.ts';
import type { KeptFile } from '../kept-file.ts';
import { accountOf } from '../refusals.ts';
import type { ServiceLog } from '../service-log.ts';
import type { KeptSessions } from './kept-sessions.ts';
import { noticeKey, tellOfElsewhere, tellOfEndOfDay, tellOfPassword } from './notices.ts';
import { Seat } from './seat.ts';
import { ShellKeeper } from './shell-keeper.ts';
import { sleepWatch, type SleepWatch } from './sleep-watch.ts';

export interface PresenceOptions {
  machine: Machine;
  sharedMachine: boolean;
  shellProgram: string | null;
  policy: SignedPolicy | null;
  kept: KeptFile<KeptSessions>;
  moment: () => Moment;
  log: ServiceLog;
  record(draft: EventDraft): void;
  /** An account's views are to be sent again. */
  onChange(accountId: string): void;
  /** Something IT should hear of at once. */
  onUrgent(): void;
  /** Somebody came, went, or their screen locked or opened. */
  onSessions(): void;
  onSignedOut(account: Account, session: string): void;
}

/** Whoever is at the machine. */
export interface Front {
  session: string;
  account: Account;
  locked: boolean;
}

/** Where no clock tells that the machine slept, a tick that comes late does. */
const sleepTickMs = 5_000;
/** The list of sessions is written anew this often, so that a power cut is known to the minute. */
const keepEveryMs = 60_000;

/** Who is signed in on this machine, and the idle lock of each session. */
export class Presence {
  readonly #options: PresenceOptions;
  readonly #seats = new Map<string, Seat>();
  readonly #dismissed = new Set<string>();
  readonly #keeper: ShellKeeper;
  readonly #sleep: SleepWatch;
  #sessions: OpenSessions = {};
  #policy: SignedPolicy | null;
  #elsewhere: NonNullable<SyncAnswer['elsewhere']> = [];
  #screenLock: Posture['screenLock'] = null;
  #watching: { close(): Promise<void> } | null = null;
  #ticking: NodeJS.Timeout | null = null;
  #keptAtMs = 0;
  #shuttingDown = false;

  constructor(options: PresenceOptions) {
    const { machine, moment, log, shellProgram, policy } = options;
    this.#options = options;
    this.#policy = policy;
    this.#sleep = sleepWatch(machine, sleepTickMs);
    this.#keeper = new ShellKeeper({
      program: shellProgram,
      machine,
      uptimeMs: () => moment().uptimeMs,
      log,
      record: (seat, event) => this.#record(seat, event),
    });
  }

  /** Tells of sessions that never ended in order, and begins watching. */
  start(): void {
    this.#recallSessions();
    this.#watching = this.#options.machine.sessions.watch((event) => this.#onSystem(event));
    if (this.#options.machine.awakeMs() === null) {
      this.#ticking = setInterval(() => this.#noticeSleep(), sleepTickMs);
    }
  }

  /** Lets go of everything; sessions stay open on the list. */
  async stop(): Promise<void> {
    if (this.#ticking !== null) clearInterval(this.#ticking);
    this.#keeper.close();
    for (const seat of this.#seats.values()) seat.close();
    this.#keep(true);
    await this.#watching?.close();
  }

  /** A shell came up in a session. */
  async shellSeen(peer: Peer): Promise<void> {
    this.#sessionInput({ kind: 'shellSeen', session: peer.session, account: accountOf(peer) });
    const seat = this.#seats.get(peer.session) ?? this.#openSeat(peer.session, accountOf(peer));
    seat.shells += 1;
    this.#keeper.back(seat);
    seat.take({ kind: 'shellSeen' });
    seat.process = await this.#options.machine.sessionProcess(peer);
    await this.#tellOf(seat);
  }

  shellLost(peer: Peer): void {
    const seat = this.#seats.get(peer.session);
    if (seat === undefined) return;
    seat.shells = Math.max(0, seat.shells - 1);
    if (seat.shells > 0) return;
    seat.take({ kind: 'shellLost' });
    this.#keeper.lost(seat);
  }

  async sampled(peer: Peer, idleMs: number): Promise<{ nextSampleInMs: number; locksInSeconds: number | null }> {
    this.#noticeSleep();
    const seat = this.#seats.get(peer.session);
    return seat === undefined ? { nextSampleInMs: 5_000, locksInSeconds: null } : seat.sampled(idleMs);
  }

  /** Asked from outside every desktop, such as over SSH, it is the view of the account's only session. */
  view(peer: Peer): Pick<SessionView, 'lock' | 'presentation' | 'notices' | 'troubles'> {
    const own = [...this.#seats.values()].filter(({ account }) => account.id === peer.account.id);
    const seat = this.#seats.get(peer.session) ?? (own.length === 1 ? own[0] : undefined);
    if (seat === undefined) {
      return { lock: { phase: 'off' }, presentation: { allowed: null, running: null }, notices: [], troubles: [] };
    }
    return {
      lock: seat.lockView(),
      presentation: seat.presentationView(),
      notices: [...seat.notices.values()].slice(0, 20),
      troubles: seat.troubles(),
    };
  }

  lockNow(peer: Peer): Outcome<null> {
    return this.#on(peer, (seat) => {
      const { phase } = seat.lock;
      // Asked from the cover, the next try need not wait.
      if (phase.kind === 'locking' && phase.covered !== null) seat.take({ kind: 'retryAsked' });
      else this.lockSession(peer.session, 'person', null);
      return accepted(null);
    });
  }

  /** Locks because a rule of its own says so, such as a USB stick that came in. Unknown sessions are left alone. */
  lockSession(session: string, reason: LockReason, authority: Authority | null): void {
    this.#seats.get(session)?.take({ kind: 'lockAsked', reason, authority });
  }

  /** Whoever is in front; null where nobody is signed in. */
  get front(): Front | null {
    const open = Object.entries(this.#sessions).map(([session, one]) => ({
      session,
      account: one.account,
      locked: one.lockedSinceMs !== null,
      weight: (one.active ? 2 : 0) + ((this.#seats.get(session)?.shells ?? 0) > 0 ? 1 : 0),
    }));
    const [first] = open.sort((one, other) => other.weight - one.weight);
    if (first === undefined) return null;
    const { weight: _weight, ...front } = first;
    return front;
  }

  screenLockChanged(peer: Peer, locked: boolean): Outcome<null> {
    return this.#on(peer, () => {
      this.#sessionInput({ kind: 'screenLockChanged', session: peer.session, locked });
      return accepted(null);
    });
  }

  /** `attempt`: the number the shell was given; a word about an earlier one is out of date. */
  lockAttemptFailed(peer: Peer, attempt: number, why: string): Outcome<null> {
    return this.#on(peer, (seat) => {
      const { phase } = seat.lock;
      if (phase.kind !== 'locking' || phase.attempts !== attempt) return accepted(null);
      seat.take({ kind: 'lockFailed', why });
      return accepted(null);
    });
  }

  extend(peer: Peer): Outcome<null> {
    return this.#on(peer, (seat) => {
      if (seat.terms === null || !mayExtend(seat.lock, seat.terms)) {
        return refused(
          'lock.noMoreTime',
          'There is no more time to give: it was given once already, or is not needed.',
        );
      }
      seat.take({ kind: 'extendAsked' });
      return accepted(null);
    });
  }

  startPresentation(peer: Peer, minutes: number): Outcome<null> {
    return this.#on(peer, (seat) => {
      const allowed = seat.terms?.presentation ?? null;
      if (allowed === null) return refused('presentation.notAllowed', 'The policy has no presentation mode.');
      const ceiling = Math.max(1, Math.round(allowed.maximumMs / 60_000));
      if (minutes > ceiling) {
        const detail = `The policy allows at most ${ceiling} minutes at a time. Choose ${ceiling} or fewer.`;
        return refused('presentation.tooLong', detail, 'minutes');
      }
      seat.take({ kind: 'presentationAsked', minutes });
      return accepted(null);
    });
  }

  endPresentation(peer: Peer): Outcome<null> {
    return this.#on(peer, (seat) => {
      seat.take({ kind: 'presentationEndAsked' });
      return accepted(null);
    });
  }

  async answerNotice(peer: Peer, id: string, answer: NoticeAnswer): Promise<Outcome<null>> {
    const seat = this.#seats.get(peer.session);
    const notice = seat?.notices.get(id);
    if (seat === undefined || notice === undefined) return accepted(null);
    if (answer !== 'dismissed' && !notice.actions.includes(answer)) {
      return refused('notice.noSuchAction', 'This notice does not offer that.', 'answer');
    }
    if (notice.kind === 'endOfDay') {
      const rule = this.#policy === null || notice.clause === null ? null : notice.clause;
      this.#record(
        seat,
        { type: 'endOfDay.reminded', data: { answer } },
        rule === null ? null : { policyVersion: rule.policyVersion, clause: rule.id },
      );
    }
    const outcome = await this.#carryOutAnswer(peer, answer);
    if (!outcome.ok) return outcome;
    seat.notices.delete(id);
    this.#dismissed.add(noticeKey(seat, id));
    this.#options.onChange(seat.account.id);
    return outcome;
  }

  signOut(peer: Peer): Promise<Outcome<null>> {
    return this.endSession(peer.session);
  }

  async endSession(session: string): Promise<Outcome<null>> {
    try {
      await this.#options.machine.sessions.signOut(session);
      return accepted(null);
    } catch (error) {
      return refused('session.signOutFailed', `This session could not be ended: ${sentenceOf(error)}. Tell IT.`);
    }
  }

  /** Somebody surely touched the computer: a page of ours was used. */
  touched(peer: Peer): void {
    this.#seats.get(peer.session)?.check({ kind: 'touched' });
  }

  policyArrived(policy: SignedPolicy | null): void {
    this.#policy = policy;
    for (const seat of this.#seats.values()) {
      seat.policyArrived(policy);
      this.#compareScreenLock(seat);
      void this.#tellOf(seat);
    }
  }

  /** What the server said about accounts of this machine that are signed in elsewhere. */
  elsewhere(found: SyncAnswer['elsewhere']): void {
    this.#elsewhere = found ?? [];
    for (const seat of this.#seats.values()) this.#tellOfElsewhere(seat);
  }

  postureKnown(posture: Posture): void {
    this.#screenLock = posture.screenLock;
    for (const seat of this.#seats.values()) this.#compareScreenLock(seat);
  }

  /** A process of any session, through which a desktop's settings can be read. */
  get anyProcess() {
    return [...this.#seats.values()].find(({ process }) => process !== null)?.process ?? null;
  }

  /** Looks at what only time brings. */
  timePassed(): void {
    this.#noticeSleep();
    const { atMs, uptimeMs } = this.#options.moment();
    if (uptimeMs - this.#keptAtMs >= keepEveryMs) this.#keep(false);
    if (this.#policy === null) return;
    const now = localTime(new Date(atMs));
    for (const seat of this.#seats.values()) {
      if (tellOfEndOfDay(seat, this.#policy, now, this.#dismissed, this.#options.record)) {
        this.#options.onChange(seat.account.id);
      }
    }
  }

  /** Runs something on the caller's session; one in which no shell ever came up cannot be acted on. */
  #on(peer: Peer, act: (seat: Seat) => Outcome<null>): Outcome<null> {
    const seat = this.#seats.get(peer.session);
    return seat === undefined
      ? refused('session.unknown', 'Usher knows of nobody signed in in this session. Sign in on the screen first.')
      : act(seat);
  }

  #openSeat(session: string, account: Seat['account']): Seat {
    const { machine, sharedMachine, moment, log, record, onChange, onUrgent } = this.#options;
    const seat = new Seat({
      session,
      account,
      machine,
      sharedMachine,
      policy: this.#policy,
      moment,
      log,
      record: (draft) => {
        record(draft);
        if (draft.type === 'lock.failed' || draft.type === 'idle.detectionBroken') onUrgent();
      },
      onChange: () => onChange(account.id),
    });
    this.#seats.set(session, seat);
    this.#compareScreenLock(seat);
    return seat;
  }

  #onSystem(event: OsSessionEvent): void {
    const { log } = this.#options;
    switch (event.kind) {
      case 'available':
        return this.#sessionInput({ kind: 'listed', sessions: event.sessions });
      case 'unavailable':
        return log.warn('The system does not tell about sessions', { why: event.why });
      case 'began':
      case 'changed':
        return this.#sessionInput(event);
      case 'ended':
        return this.#sessionInput(event);
      case 'sleeping':
        return this.#options.record({ ...ofTheMachine, type: 'machine.sleeping', data: {} });
      case 'woke':
        return this.#noticeSleep();
      case 'shuttingDown':
        this.#options.record({ ...ofTheMachine, type: 'machine.shuttingDown', data: {} });
        this.#shuttingDown = true;
        return this.#keep(true);
    }
  }

  #sessionInput(input: SessionInput): void {
    const { moment, record, onUrgent } = this.#options;
    const byUsher = (session: string): boolean => this.#seats.get(session)?.isLocking ?? false;
    const { sessions, news } = stepSessions(this.#sessions, input, moment(), byUsher);
    const changed = sessions !== this.#sessions && JSON.stringify(sessions) !== JSON.stringify(this.#sessions);
    this.#sessions = sessions;
    for (const { session, account, ...event } of news) {
      const seat = this.#seats.get(session) ?? this.#openSeat(session, account);
      if (event.type === 'session.locked') seat.take({ kind: 'locked' });
      if (event.type === 'session.signedOut') this.#endSeat(seat);
      record({ ...event, session, account, subject: null, rule: null });
      if (event.type === 'session.unlocked') {
        seat.take({ kind: 'unlocked' });
        seat.check({ kind: 'touched' });
      }
      if (event.type === 'session.signedIn' || event.type === 'session.signedOut') onUrgent();
    }
    if (changed) this.#keep(this.#shuttingDown);
    if (changed) this.#options.onSessions();
  }

  #endSeat(seat: Seat): void {
    this.#keeper.forget(seat);
    seat.take({ kind: 'ended' });
    seat.close();
    this.#seats.delete(seat.session);
    this.#options.onSignedOut(seat.account, seat.session);
    this.#options.onChange(seat.account.id);
    for (const key of this.#dismissed) if (key.startsWith(`${seat.session} `)) this.#dismissed.delete(key);
  }

  #noticeSleep(): void {
    const asleepMs = this.#sleep.look();
    if (asleepMs === 0) return;
    const sleptSeconds = Math.round(asleepMs / 1_000);
    this.#options.record({ ...ofTheMachine, type: 'machine.woke', data: { sleptSeconds } });
    for (const seat of this.#seats.values()) {
      seat.check({ kind: 'slept' });
      seat.take({ kind: 'slept', asleepMs });
    }
  }

  #recallSessions(): void {
    const { kept, machine, record } = this.#options;
    const before = kept.read();
    if (before === null) return this.#keep(false);
    if (before.bootId === machine.bootId) {
      this.#sessions = before.sessions;
      for (const [session, { account, lockedSinceMs }] of Object.entries(before.sessions)) {
        const seat = this.#openSeat(session, account);
        if (lockedSinceMs !== null) seat.take({ kind: 'locked' });
      }
      return this.#keep(false);
    }
    const open = Object.entries(before.sessions);
    if (!before.inOrder) {
      const data = { lastKnownAt: before.at, openSessions: open.length };
      record({ ...ofTheMachine, type: 'machine.stoppedUnclean', data });
    }
    for (const [session, { account }] of open) {
      record({ account, session, subject: null, rule: null, type: 'session.signedOut', data: { how: 'notSeenAgain' } });
    }
    this.#keep(false);
  }

  #keep(inOrder: boolean): void {
    const { kept, machine, moment, log } = this.#options;
    const { atMs, uptimeMs } = moment();
    this.#keptAtMs = uptimeMs;
    try {
      kept.write({
        bootId: machine.bootId,
        at: new Date(atMs).toISOString(),
        inOrder,
        sessions: { ...this.#sessions },
      });
    } catch (error) {
      log.error('The list of sessions could not be kept', { why: sentenceOf(error) });
    }
  }

  async #tellOf(seat: Seat): Promise<void> {
    this.#tellOfElsewhere(seat);
    const policy = this.#policy;
    if (policy?.policy.rules?.passwordAge === undefined) return;
    const ageDays = await this.#options.machine.condition.passwordAgeDays(seat.account);
    const { date } = localTime(new Date(this.#options.moment().atMs));
    if (ageDays !== null && tellOfPassword(seat, policy, ageDays, date, this.#dismissed, this.#options.record)) {
      this.#options.onChange(seat.account.id);
    }
  }

  #tellOfElsewhere(seat: Seat): void {
    if (tellOfElsewhere(seat, this.#policy, this.#elsewhere, this.#dismissed, this.#options.record)) {
      this.#options.onChange(seat.account.id);
    }
  }

  #compareScreenLock(seat: Seat): void {
    const idle = this.#policy?.policy.rules?.idleLock;
    seat.check({
      kind: 'screenLock',
      setting: this.#screenLock,
      lockAfterSeconds: idle === undefined ? null : idle.lockAfterSeconds,
    });
  }

  async #carryOutAnswer(peer: Peer, answer: NoticeAnswer): Promise<Outcome<null>> {
    if (answer === 'signOut') return this.signOut(peer);
    if (answer === 'dismissed') return accepted(null);
    try {
      await this.#options.machine.sessions.shutDown();
      return accepted(null);
    } catch (error) {
      return refused('machine.shutDownFailed', `This computer could not be shut down: ${sentenceOf(error)}.`);
    }
  }

  #record(seat: Seat, event: EventCore, rule: Authority | null = null): void {
    this.#options.record({ ...event, account: seat.account, session: seat.session, subject: null, rule });
  }
}

const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 300);
