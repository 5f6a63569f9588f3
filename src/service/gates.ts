import type { Account } from '../contract/event.ts';
import type { SignedPolicy } from '../contract/policy.ts';
import { refused, type Outcome } from '../contract/problem.ts';
import type { AcceptanceReceipt, CheckResult, GateView, PolicyStanding } from '../contract/session.ts';
import type { SyncAnswer } from '../contract/sync.ts';
import type { Journal } from '../journal/index.ts';
import {
  aupGate,
  gateViewOf,
  gateWakeAtMs,
  policyStandingsOf,
  stepAupGate,
  type AupGateEffect,
  type AupGateInput,
  type AupGateState,
  type Moment,
} from '../rules/aup-gate.ts';
import type { Acceptances } from './acceptances.ts';
import type { EarlierVersions } from './earlier-versions.ts';
import { recordEvent } from './journal-outcome.ts';
import type { KeptReadings } from './kept-readings.ts';
import type { ServiceLog } from './service-log.ts';

export interface GatesOptions {
  journal: Journal;
  acceptances: Acceptances;
  readings: KeptReadings;
  policies: readonly SignedPolicy[];
  versions: Pick<EarlierVersions, 'of' | 'texts'>;
  moment: () => Moment;
  log: ServiceLog;
  /** The account's views are to be sent again. */
  onChange(accountId: string): void;
  /** Something that the school is to know at once is on disk. */
  onUrgent(): void;
  /** Ends a session; answers with why it could not. */
  signOut(session: string): Promise<Outcome<null>>;
}

type AnyOutcome = Outcome<AcceptanceReceipt> | Outcome<CheckResult> | Outcome<null>;
type Unnamed<I> = I extends { request: string } ? Omit<I, 'request'> : never;

/** The AUP gates of every account seen on this machine, and the carrying-out of what they decide. */
export class Gates {
  readonly #options: GatesOptions;
  readonly #states = new Map<string, AupGateState>();
  readonly #waiting = new Map<string, (outcome: AnyOutcome) => void>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  #policies: readonly SignedPolicy[];
  #asked = 0;

  constructor(options: GatesOptions) {
    this.#options = options;
    this.#policies = options.policies;
  }

  view(account: Account, session: string): { gate: GateView; policies: PolicyStanding[] } {
    const state = this.#stateOf(account);
    const now = this.#options.moment();
    const upToDate = (receipt: AcceptanceReceipt | null): AcceptanceReceipt | null =>
      receipt === null ? null : this.#options.acceptances.upToDate(receipt);
    const gate = gateViewOf(state, session, now);
    return {
      gate: gate.phase === 'open' ? { ...gate, receipt: upToDate(gate.receipt) } : gate,
      policies: policyStandingsOf(state, session, now).map((one) => ({ ...one, receipt: upToDate(one.receipt) })),
    };
  }

  /** The text of one that is in force here, or of an earlier version that the account accepted. */
  policyText(account: Account, policyHash: string): Outcome<SignedPolicy> {
    const accepted = this.#stateOf(account).acceptances.some((one) => one.policyHash === policyHash);
    const earlier = accepted ? this.#options.versions.of(policyHash) : null;
    const found = this.#policies.find(({ hash }) => hash === policyHash) ?? earlier;
    return found === null
      ? refused('policy.notInForce', 'This policy is no longer in force here.', 'policyHash')
      : { ok: true, value: found };
  }

  sessionSeen(account: Account, session: string): void {
    this.#take(account, { kind: 'sessionSeen', session });
  }

  shellLost(account: Account, session: string): void {
    this.#take(account, { kind: 'shellLost', session });
  }

  sessionEnded(account: Account, session: string): void {
    if (this.#states.has(account.id)) this.#take(account, { kind: 'sessionEnded', session });
  }

  /** Answers only once the acceptance is on disk. */
  async submit(
    account: Account,
    input: Unnamed<Extract<AupGateInput, { kind: 'submitted' }>>,
  ): Promise<Outcome<AcceptanceReceipt>> {
    const outcome = await this.#request(account, input);
    if (!outcome.ok) return outcome;
    const { value } = outcome;
    return value !== null && 'record' in value ? { ok: true, value } : noSuchAnswer;
  }

  /** Answers only once the attempt is on disk. */
  async checkAnswered(
    account: Account,
    input: Unnamed<Extract<AupGateInput, { kind: 'checkAnswered' }>>,
  ): Promise<Outcome<CheckResult>> {
    const outcome = await this.#request(account, input);
    if (!outcome.ok) return outcome;
    const { value } = outcome;
    return value !== null && 'passed' in value ? { ok: true, value } : noSuchAnswer;
  }

  async answerless(
    account: Account,
    input: Unnamed<
      Extract<
        AupGateInput,
        { kind: 'declined' | 'readingProgressed' | 'roleChosen' | 'personNamed' | 'postponed' | 'askedAgain' }
      >
    >,
  ): Promise<Outcome<null>> {
    const outcome = await this.#request(account, input);
    return outcome.ok ? { ok: true, value: null } : outcome;
  }

  policiesArrived(policies: readonly SignedPolicy[]): void {
    this.#policies = policies;
    for (const { account } of this.#states.values()) this.#take(account, { kind: 'policiesArrived', policies });
  }

  /** Other earlier versions can be shown than before. */
  earlierTextsKnown(): void {
    const { texts: earlierTexts } = this.#options.versions;
    for (const { account } of this.#states.values()) this.#take(account, { kind: 'earlierTextsKnown', earlierTexts });
  }

  /** What the server knows of accounts that are signed in here. */
  peopleKnown(people: NonNullable<SyncAnswer['people']>): void {
    for (const { account, counterSignatures: before, closedAtMs: closedBefore } of this.#states.values()) {
      const found = people.find(({ accountName }) => accountName === account.name.toLowerCase());
      if (found === undefined) continue;
      const counterSignatures = Object.fromEntries(
        found.counterSignatures.map(({ policyHash, state }) => [policyHash, state]),
      );
      const closedAtMs = found.closedAt === null ? null : Date.parse(found.closedAt);
      const same = JSON.stringify(counterSignatures) === JSON.stringify(before) && closedAtMs === closedBefore;
      if (!same) this.#take(account, { kind: 'standingKnown', counterSignatures, closedAtMs });
    }
  }

  timePassed(): void {
    for (const { account } of this.#states.values()) this.#take(account, { kind: 'timePassed' });
  }

  stop(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #request(account: Account, input: Unnamed<Extract<AupGateInput, { request: string }>>): Promise<AnyOutcome> {
    return new Promise((resolve) => {
      const request = String((this.#asked += 1));
      this.#waiting.set(request, resolve);
      this.#take(account, { ...input, request });
    });
  }

  #stateOf(account: Account): AupGateState {
    const known = this.#states.get(account.id);
    if (known !== undefined) return known;
    const { acceptances, readings, versions } = this.#options;
    const fresh = {
      ...aupGate(account, this.#policies, acceptances.of(account.id), readings.of(account.id)),
      earlierTexts: versions.texts,
    };
    this.#states.set(account.id, fresh);
    return fresh;
  }

  #take(account: Account, input: AupGateInput): void {
    const { state, effects } = stepAupGate(this.#stateOf(account), input, this.#options.moment());
    this.#states.set(account.id, state);
    for (const effect of effects) this.#carryOut(account, effect);
    this.#arrange(account);
    // Progress changes nothing that its own page does not know.
    if (input.kind !== 'readingProgressed' && (input.kind !== 'timePassed' || effects.length > 0)) {
      this.#options.onChange(account.id);
    }
  }

  /** Wakes when only time brings something. */
  #arrange(account: Account): void {
    const timer = this.#timers.get(account.id);
    if (timer !== undefined) clearTimeout(timer);
    this.#timers.delete(account.id);
    const wakeAtMs = gateWakeAtMs(this.#stateOf(account));
    if (wakeAtMs === null) return;
    const inMs = Math.min(Math.max(1, Math.ceil(wakeAtMs - this.#options.moment().uptimeMs)), 0x7fff_ffff);
    this.#timers.set(
      account.id,
      setTimeout(() => this.#take(account, { kind: 'timePassed' }), inMs),
    );
  }

  #carryOut(account: Account, effect: AupGateEffect): void {
    const { journal, log, readings, acceptances, signOut, onUrgent } = this.#options;
    switch (effect.kind) {
      case 'recordAcceptance': {
        const recording = recordEvent(journal, effect.draft, log);
        const { asking } = effect;
        if (!recording.ok) return this.#take(account, { kind: 'recordFailed', asking, problem: recording.problem });
        this.#take(account, { kind: 'recorded', asking, acceptance: acceptances.fromRecord(recording.record) });
        return onUrgent();
      }
      case 'recordAnswer': {
        const recording = recordEvent(journal, effect.draft, log);
        const { request } = effect.then;
        if (!recording.ok) return this.#take(account, { kind: 'notRecorded', request, problem: recording.problem });
        this.#take(account, effect.then);
        return effect.draft.type === 'policy.declined' ? onUrgent() : undefined;
      }
      case 'record':
        recordEvent(journal, effect.draft, log);
        return;
      case 'answer':
      case 'answerCheck':
      case 'answerAcceptance': {
        const answer = this.#waiting.get(effect.request);
        this.#waiting.delete(effect.request);
        return answer?.(effect.outcome);
      }
      case 'keepReading':
        return readings.keep(account.id, effect.kept);
      case 'signOut': {
        const { session } = effect;
        void signOut(session).then((outcome) => {
          if (outcome.ok) return;
          log.error('A session could not be ended', { why: outcome.problem.detail });
          this.#take(account, { kind: 'signOutFailed', session, why: outcome.problem.detail.slice(0, 300) });
        });
        return;
      }
      case 'showGate':
      case 'openGate':
        return;
    }
  }
}

const noSuchAnswer = refused('session.failed', 'The service answered without what was asked for.');
