import type { Account } from '../contract/event.ts';
import type { SignedPolicy } from '../contract/policy.ts';
import { refused, type Outcome } from '../contract/problem.ts';
import type { AcceptanceReceipt, GateView } from '../contract/session.ts';
import type { Journal } from '../journal/index.ts';
import {
  aupGate,
  gateViewOf,
  stepAupGate,
  type AupGateEffect,
  type AupGateInput,
  type AupGateState,
  type Moment,
} from '../rules/aup-gate.ts';
import type { Acceptances } from './acceptances.ts';
import { recordEvent } from './journal-outcome.ts';
import type { KeptReadings } from './kept-readings.ts';
import type { ServiceLog } from './service-log.ts';

export interface GatesOptions {
  journal: Journal;
  acceptances: Acceptances;
  readings: KeptReadings;
  policy: SignedPolicy | null;
  moment: () => Moment;
  log: ServiceLog;
  /** The account's views are to be sent again. */
  onChange(accountId: string): void;
  /** An acceptance is on disk. */
  onAccepted(): void;
}

type Unnamed<I> = I extends { request: string } ? Omit<I, 'request'> : never;

/** The AUP gates of every account seen on this machine, and the carrying-out of what they decide. */
export class Gates {
  readonly #options: GatesOptions;
  readonly #states = new Map<string, AupGateState>();
  readonly #waiting = new Map<string, (outcome: Outcome<AcceptanceReceipt> | Outcome<null>) => void>();
  #policy: SignedPolicy | null;
  #asked = 0;

  constructor(options: GatesOptions) {
    this.#options = options;
    this.#policy = options.policy;
  }

  view(account: Account, session: string): GateView {
    const view = gateViewOf(this.#stateOf(account), session, this.#options.moment());
    return view.phase === 'open' ? { ...view, receipt: this.#options.acceptances.upToDate(view.receipt) } : view;
  }

  sessionSeen(account: Account, session: string): void {
    this.#take(account, { kind: 'sessionSeen', session });
  }

  shellLost(account: Account, session: string): void {
    this.#take(account, { kind: 'shellLost', session });
  }

  /** Answers only once the acceptance is on disk. */
  submit(
    account: Account,
    input: Unnamed<Extract<AupGateInput, { kind: 'submitted' }>>,
  ): Promise<Outcome<AcceptanceReceipt>> {
    return new Promise((resolve) => {
      const request = this.#name((outcome) => resolve(asReceipt(outcome)));
      this.#take(account, { ...input, request });
    });
  }

  answerless(
    account: Account,
    input: Unnamed<Extract<AupGateInput, { kind: 'declined' | 'readingProgressed' }>>,
  ): Promise<Outcome<null>> {
    return new Promise((resolve) => {
      const request = this.#name((outcome) => resolve(outcome.ok ? { ok: true, value: null } : outcome));
      this.#take(account, { ...input, request });
    });
  }

  policyArrived(policy: SignedPolicy): void {
    this.#policy = policy;
    for (const { account } of this.#states.values()) this.#take(account, { kind: 'policyArrived', policy });
  }

  timePassed(): void {
    for (const { account } of this.#states.values()) this.#take(account, { kind: 'timePassed' });
  }

  #name(answer: (outcome: Outcome<AcceptanceReceipt> | Outcome<null>) => void): string {
    const request = String((this.#asked += 1));
    this.#waiting.set(request, answer);
    return request;
  }

  #stateOf(account: Account): AupGateState {
    const known = this.#states.get(account.id);
    if (known !== undefined) return known;
    const { acceptances, readings } = this.#options;
    const fresh = aupGate(account, this.#policy, acceptances.of(account.id), readings.of(account.id));
    this.#states.set(account.id, fresh);
    return fresh;
  }

  #take(account: Account, input: AupGateInput): void {
    const { state, effects } = stepAupGate(this.#stateOf(account), input, this.#options.moment());
    this.#states.set(account.id, state);
    for (const effect of effects) this.#carryOut(account, effect);
    // Progress changes nothing that its own page does not know.
    if (input.kind !== 'readingProgressed' && (input.kind !== 'timePassed' || effects.length > 0)) {
      this.#options.onChange(account.id);
    }
  }

  #carryOut(account: Account, effect: AupGateEffect): void {
    const { journal, log, readings, acceptances } = this.#options;
    switch (effect.kind) {
      case 'recordAcceptance': {
        const recording = recordEvent(journal, effect.draft, log);
        const { asking } = effect;
        if (!recording.ok) return this.#take(account, { kind: 'recordFailed', asking, problem: recording.problem });
        this.#take(account, { kind: 'recorded', asking, acceptance: acceptances.fromRecord(recording.record) });
        return this.#options.onAccepted();
      }
      case 'recordDecline': {
        const recording = recordEvent(journal, effect.draft, log);
        const { session, request, draft } = effect;
        const { policyHash, reason } = draft.data;
        return this.#take(
          account,
          recording.ok
            ? { kind: 'declineRecorded', session, request, policyHash, reason }
            : { kind: 'declineFailed', request, problem: recording.problem },
        );
      }
      case 'record':
        recordEvent(journal, effect.draft, log);
        return;
      case 'answer':
      case 'answerAcceptance': {
        const answer = this.#waiting.get(effect.request);
        this.#waiting.delete(effect.request);
        return answer?.(effect.outcome);
      }
      case 'keepReading':
        return readings.keep(account.id, effect.kept);
      case 'showGate':
      case 'openGate':
        return;
    }
  }
}

function asReceipt(outcome: Outcome<AcceptanceReceipt> | Outcome<null>): Outcome<AcceptanceReceipt> {
  if (!outcome.ok) return outcome;
  const { value } = outcome;
  return value === null ? refused('session.failed', 'The service answered without a receipt.') : { ok: true, value };
}
