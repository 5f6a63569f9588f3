import type { EventDraft } from '../../contract/event.ts';
import type { SyncState } from '../../contract/session.ts';
import type { UsbPermits } from '../../contract/usb.ts';
import { syncAnswer, syncGap, syncLimits, type SyncAnswer } from '../../contract/sync.ts';
import type { Journal } from '../../journal/index.ts';
import { keyFingerprint } from '../../proof/index.ts';
import { backoffSeconds, pollSeconds, retryAfterLongestSeconds } from '../../rules/backoff.ts';
import { rulingPolicy } from '../../rules/ruling-policy.ts';
import { ofTheMachine } from '../journal-outcome.ts';
import type { PermitStore } from '../permit-store.ts';
import type { PolicyStore } from '../policy-store.ts';
import type { ServiceLog } from '../service-log.ts';
import type { EarlierVersions } from '../earlier-versions.ts';
import { nextBatch, syncRequestFor, type Batch } from './batch.ts';
import type { Enrolment } from './enrolment.ts';
import { exchange, exchangeTimeoutMs, type ExchangeFailure } from './exchange.ts';
import type { KeptFile } from '../kept-file.ts';
import { noPosition, standingIn, type OutStanding, type Position } from './position.ts';
import { forked, keepServerReceipt } from './receipt-keeping.ts';

export interface SyncLoopOptions {
  journal: Journal;
  policies: PolicyStore;
  versions: Pick<EarlierVersions, 'missing' | 'take'>;
  permits: PermitStore;
  now: () => number;
  /** In [0, 1). */
  chance: () => number;
  log: ServiceLog;
  record(draft: EventDraft): void;
  /** Other policies are in force from now on. */
  onPolicies(): void;
  /** An earlier version came, or the server does not have it. */
  onEarlierVersion(): void;
  onPermits(permits: UsbPermits): void;
  /** Accounts of this machine that are signed in elsewhere too; told at every answer. */
  onElsewhere: (found: SyncAnswer['elsewhere']) => void;
  /** What else the server knows of accounts of this machine; told at every answer. */
  onPeople: (found: NonNullable<SyncAnswer['people']>) => void;
  /** The state changed. */
  onChange(): void;
  /** From the last run; null before the first exchange. */
  lastSyncedAt: string | null;
  timeoutMs?: number;
  /** Tries to enrol while the machine is not; null when there is no token to do it with. */
  enrol: ((signal: AbortSignal) => Promise<Enrolment | ExchangeFailure>) | null;
  enrolment: Enrolment | null;
  /** What the last run kept of its exchanges. */
  position: KeptFile<Position>;
  /** The machine was moved to another school. */
  onSchool(enrolment: Enrolment): void;
}

/** How long a machine that is out waits where the server does not say. */
const outSeconds: Record<OutStanding, number> = { waiting: 60, refused: 3_600, revoked: 3_600 };

/** Seconds to the next turn while there is nothing to do and nobody said how long to wait. */
const idleSeconds = 60;

const outPhase = { waiting: 'awaitingApproval', refused: 'refused', revoked: 'revoked' } as const;

/** Brings the journal to the school's server and the policy from it, one exchange after the other. */
export class SyncLoop {
  readonly #options: SyncLoopOptions;
  readonly #ending = new AbortController();
  readonly #serverHas = new Map<number, number>();
  readonly #refusedPolicies = new Set<string>();
  #enrolment: Enrolment | null;
  #running: Promise<void> = Promise.resolve();
  #wake: (() => void) | null = null;
  #nudged = false;
  #failures = 0;
  #recordLimit: number = syncLimits.records;
  #notBeforeMs = 0;
  #inFlight = false;
  #trouble: string | null = null;
  /** Stays until the service starts again. */
  #lastingTrouble: string | null = null;
  #lastSyncedAt: string | null;
  #clockOffsetMs: number | null = null;
  #position: Position;

  constructor(options: SyncLoopOptions) {
    this.#options = options;
    this.#enrolment = options.enrolment;
    this.#lastSyncedAt = options.lastSyncedAt;
    this.#position = options.position.read() ?? noPosition;
  }

  get state(): SyncState {
    const pending = this.#options.journal.unreceipted().reduce((sum, { count }) => sum + count, 0);
    const { out } = this.#position;
    const phase =
      this.#enrolment === null
        ? 'notEnrolled'
        : out !== null
          ? outPhase[out]
          : this.#inFlight
            ? 'sending'
            : this.#failures > 0 || this.#lastSyncedAt === null
              ? 'waiting'
              : 'synced';
    return { phase, lastSyncedAt: this.#lastSyncedAt, pending, trouble: this.#trouble ?? this.#lastingTrouble };
  }

  get enrolment(): Enrolment | null {
    return this.#enrolment;
  }

  /** Server clock minus machine clock at the last exchange, milliseconds; null before the first. */
  get clockOffsetMs(): number | null {
    return this.#clockOffsetMs;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Something is worth sending now. A wait that the server itself asked for is kept. */
  nudge(): void {
    this.#nudged = true;
    if (this.#options.now() >= this.#notBeforeMs) this.#wake?.();
  }

  async stop(): Promise<void> {
    this.#ending.abort();
    this.#wake?.();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { log } = this.#options;
    while (!this.#ending.signal.aborted) {
      this.#nudged = false;
      let seconds: number;
      try {
        seconds = this.#enrolment === null ? await this.#enrolTurn() : await this.#turn(this.#enrolment);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        log.error('Sync met a fault of its own', { why });
        seconds = this.#fail(why.slice(0, 400), null);
      }
      this.#options.onChange();
      await this.#pause(seconds);
    }
  }

  #pause(seconds: number): Promise<void> {
    const hurry = this.#nudged && this.#options.now() >= this.#notBeforeMs;
    if (this.#ending.signal.aborted || hurry || seconds <= 0) return new Promise((resolve) => setImmediate(resolve));
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#wake = null;
        resolve();
      };
      const timer = setTimeout(done, seconds * 1_000);
      this.#wake = done;
    });
  }

  async #enrolTurn(): Promise<number> {
    const { enrol, log, record } = this.#options;
    if (enrol === null) return idleSeconds;
    const result = await enrol(this.#ending.signal);
    if ('ok' in result) return this.#fail(result.sentence, result.retryAfterSeconds);
    this.#enrolment = result;
    this.#failures = 0;
    this.#trouble = null;
    log.info('Enrolled', { server: result.server });
    record({
      ...ofTheMachine,
      type: 'machine.enrolled',
      data: { serverOrigin: result.server, serverKeyFingerprint: keyFingerprint(result.serverPublicKey) },
    });
    return 0;
  }

  async #turn(enrolment: Enrolment): Promise<number> {
    const { journal, policies, permits, now } = this.#options;
    // A machine that is not trusted sends nothing; it only asks whether it is again.
    const batch =
      this.#position.out === null
        ? nextBatch(journal, this.#serverHas, this.#recordLimit)
        : { epoch: journal.epoch, records: [] };
    const { epoch, seq } = journal.head();
    const wantedPolicy = this.#options.versions.missing();
    const request = syncRequestFor(journal, batch, now(), {
      policyHash: rulingPolicy(policies.inForce)?.hash ?? null,
      policyHashes: policies.inForce.map(({ hash }) => hash),
      permitsIssuedAt: permits.current?.issuedAt ?? null,
      position: { exchange: this.#position.exchange, epoch, seq },
      ...(wantedPolicy === null ? {} : { wantedPolicy }),
    });
    this.#inFlight = batch.records.length > 0;
    if (this.#inFlight) this.#options.onChange();
    const result = await exchange(`${enrolment.server}/v1/sync`, request, syncAnswer, {
      now,
      signal: this.#ending.signal,
      timeoutMs: this.#options.timeoutMs ?? exchangeTimeoutMs,
    }).finally(() => {
      this.#inFlight = false;
    });
    if (this.#ending.signal.aborted) return 0;
    if (!result.ok) {
      const told = standingIn(result, request, enrolment.serverPublicKey);
      return told === null ? this.#takeFailure(result, batch) : this.#takeStanding(told, result.retryAfterSeconds);
    }
    this.#keepPosition({ exchange: result.value.exchange ?? this.#position.exchange, out: null });
    const serverMs = Date.parse(result.value.serverTime);
    this.#clockOffsetMs = Math.round(serverMs - (result.sentAtMs + result.receivedAtMs) / 2);
    return this.#takeAnswer(result.value, batch, enrolment);
  }

  #takeAnswer(answer: SyncAnswer, batch: Batch, enrolment: Enrolment): number {
    const { journal } = this.#options;
    if (answer.receipt !== null) {
      const outcome = keepServerReceipt(journal, answer.receipt, batch.epoch, enrolment.serverPublicKey);
      if (outcome.kind === 'notBelieved') return this.#fail(outcome.sentence, null);
      if (outcome.kind === 'newEpoch') {
        this.#serverHas.delete(batch.epoch);
        this.#lastingTrouble = outcome.sentence;
        return this.#nextAfter();
      }
    }
    const has = answer.receipt?.seq ?? 0;
    const known = journal.lastReceipt(batch.epoch)?.seq ?? 0;
    if (has < known) this.#serverHas.set(batch.epoch, has);
    else this.#serverHas.delete(batch.epoch);
    const first = batch.records[0];
    if (first !== undefined && has < first.seq) {
      return this.#fail("The school's server did not confirm what was sent to it. It is sent again.", null);
    }
    this.#takePolicies(answer, enrolment);
    if (answer.wanted !== undefined) this.#takeEarlierVersion(answer.wanted, enrolment);
    if (answer.permits !== undefined) this.#takePermits(answer.permits, enrolment);
    if (answer.schoolId !== undefined && answer.schoolId !== enrolment.schoolId) {
      this.#enrolment = { ...enrolment, schoolId: answer.schoolId };
      this.#options.onSchool(this.#enrolment);
    }
    this.#options.onElsewhere(answer.elsewhere);
    this.#options.onPeople(answer.people ?? []);
    this.#lastSyncedAt = new Date(this.#options.now()).toISOString();
    this.#failures = 0;
    this.#notBeforeMs = 0;
    this.#trouble = null;
    this.#recordLimit = Math.min(syncLimits.records, this.#recordLimit * 2);
    const more = nextBatch(journal, this.#serverHas, 1).records.length > 0 && batch.records.length > 0;
    return more ? 0 : pollSeconds(answer.nextPollSeconds, this.#options.chance());
  }

  #keepPosition(position: Position): void {
    const { exchange, out } = this.#position;
    if (exchange === position.exchange && out === position.out) return;
    this.#position = position;
    try {
      this.#options.position.write(position);
    } catch (error) {
      // A full disk must not keep the receipt from being used. After a restart the server will see an old name.
      this.#options.log.warn('The place among the exchanges could not be kept', { why: String(error) });
    }
  }

  /**
   * The server says that this machine is not trusted. With its signature that holds: the last policy stays in force and
   * recording goes on, but nothing is sent until the server takes it back. Without it, nothing changes.
   */
  #takeStanding(told: OutStanding | 'notBelieved', retryAfter: number | null): number {
    const { now, chance, log } = this.#options;
    if (told === 'notBelieved') return this.#fail(notBelievedSentence, null);
    if (this.#position.out !== told) log.warn('This machine is not trusted by its server', { standing: told });
    this.#keepPosition({ ...this.#position, out: told });
    this.#failures = 0;
    this.#trouble = null;
    const seconds = pollSeconds(Math.min(retryAfter ?? outSeconds[told], retryAfterLongestSeconds), chance());
    this.#notBeforeMs = now() + seconds * 1_000;
    return seconds;
  }

  #takePolicies(answer: SyncAnswer, enrolment: Enrolment): void {
    const { policies, record, onPolicies, log } = this.#options;
    const offer = policies.offer(answer, enrolment.serverPublicKey);
    if (offer.kind === 'same') return;
    if (offer.kind === 'taken') {
      for (const { policy, version, hash } of offer.arrived) {
        const data = { policyId: policy.id, version, policyHash: hash };
        record({ ...ofTheMachine, type: 'policy.received', subject: policy.id, data });
      }
      for (const { policy, version, hash } of offer.withdrawn) {
        const data = { policyId: policy.id, version, policyHash: hash };
        record({ ...ofTheMachine, type: 'policy.withdrawn', subject: policy.id, data });
      }
      return onPolicies();
    }
    const { fault } = offer;
    this.#lastingTrouble = `A policy arrived and is not used: ${fault}. Tell IT.`;
    const name = answer.policySet?.signature ?? answer.policy?.signature ?? '';
    if (this.#refusedPolicies.has(name)) return;
    this.#refusedPolicies.add(name);
    log.warn('A policy was refused', { fault });
    record({ ...ofTheMachine, type: 'policy.refused', data: { reason: fault } });
  }

  #takeEarlierVersion(wanted: NonNullable<SyncAnswer['wanted']>, enrolment: Enrolment): void {
    const { versions, onEarlierVersion, log } = this.#options;
    const fault = versions.take(wanted, enrolment.serverPublicKey);
    if (fault !== null) log.warn('An earlier version of the policy came and is not used', { fault });
    onEarlierVersion();
  }

  #takePermits(permits: UsbPermits, enrolment: Enrolment): void {
    const fault = this.#options.permits.offer(permits, enrolment.serverPublicKey);
    if (fault === null) return this.#options.onPermits(permits);
    this.#lastingTrouble = `Permissions for devices arrived and are not used: ${fault}. Tell IT.`;
    this.#options.log.warn('Permissions for devices were refused', { fault });
  }

  #takeFailure(failure: ExchangeFailure, batch: Batch): number {
    const { journal } = this.#options;
    if (failure.kind === 'tooLarge' && batch.records.length > 1) {
      this.#recordLimit = Math.max(1, Math.floor(batch.records.length / 2));
      return 0;
    }
    if (failure.code === 'sync.gap') {
      const gap = syncGap.safeParse(failure.problem);
      const first = batch.records[0];
      if (gap.success && first !== undefined && gap.data.expectedSeq !== first.seq) {
        this.#serverHas.set(batch.epoch, gap.data.expectedSeq - 1);
        return this.#nextAfter();
      }
    }
    if (failure.code === 'sync.fork') {
      const outcome = forked(journal, batch.epoch, failure.sentence);
      this.#serverHas.delete(batch.epoch);
      if (outcome.kind === 'newEpoch') this.#lastingTrouble = outcome.sentence;
      return this.#nextAfter();
    }
    return this.#fail(failure.sentence, failure.retryAfterSeconds);
  }

  /** At once the first time, then with growing waits: a server that keeps saying the same is not asked in a circle. */
  #nextAfter(): number {
    this.#failures += 1;
    return this.#failures <= 2 ? 0 : backoffSeconds(this.#failures, this.#options.chance(), null);
  }

  #fail(sentence: string, retryAfter: number | null): number {
    const { log, now, chance } = this.#options;
    this.#failures += 1;
    if (this.#trouble !== sentence) log.warn(sentence);
    this.#trouble = sentence.slice(0, 500);
    const seconds = backoffSeconds(this.#failures, chance(), retryAfter);
    this.#notBeforeMs = retryAfter === null ? 0 : now() + seconds * 1_000;
    return seconds;
  }
}

const notBelievedSentence =
  "An answer says that this computer is no longer trusted, but the school's server did not sign it. It is not believed; somebody may be in between. Tell IT.";
