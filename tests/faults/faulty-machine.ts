import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { SignedPolicy } from '../../src/contract/policy.ts';
import type { Receipt, SealedRecord } from '../../src/contract/record.ts';
import { syncAnswer, syncGap } from '../../src/contract/sync.ts';
import { receiptHolds } from '../../src/proof/index.ts';
import type { TestDevice } from '../support/test-device.ts';
import type { Seeded } from './seeded.ts';

/** A promise of the server that it did not keep. */
export class BrokenPromise extends Error {}

export interface Counted {
  acknowledged: number;
  exchanges: number;
  cut: number;
  refused: number;
  unanswered: number;
}

/** How long a machine waits for an answer, and then between two tries. */
const patienceMs = 10_000;
const pauseMs = 20;
const recordsPerBatch = 100;

/**
 * A machine under load: records, sends what has no receipt yet, and tries again as the service does. It keeps every
 * receipt, and finds out by itself when the server goes back on one.
 */
export class FaultyMachine {
  readonly device: TestDevice;
  readonly receipts: Receipt[] = [];
  readonly counted: Counted = { acknowledged: 0, exchanges: 0, cut: 0, refused: 0, unanswered: 0 };
  readonly #random: Seeded;
  readonly #serverKey: string;
  readonly #policy: SignedPolicy;
  /** How far this machine's clock is ahead. */
  readonly #clockAheadMs: number;
  #working = false;

  constructor(options: {
    device: TestDevice;
    random: Seeded;
    serverPublicKey: string;
    policy: SignedPolicy;
    clockAheadMs?: number;
  }) {
    this.device = options.device;
    this.#random = options.random;
    this.#serverKey = options.serverPublicKey;
    this.#policy = options.policy;
    this.#clockAheadMs = options.clockAheadMs ?? 0;
    this.device.begin();
  }

  /** Number of the newest record that the server has confirmed. */
  get acknowledged(): number {
    return this.receipts.at(-1)?.seq ?? 0;
  }

  /** Works until `stop`, whatever happens to the server. @throws BrokenPromise */
  async work(origin: () => string): Promise<void> {
    this.#working = true;
    while (this.#working) {
      this.#recordSomething();
      await this.#exchange(origin(), this.#random.chance(0.1));
      await new Promise((resolve) => setTimeout(resolve, this.#random.between(0, pauseMs)));
    }
  }

  stop(): void {
    this.#working = false;
  }

  /** Sends until everything has a receipt. @throws Error when that does not happen in time. @throws BrokenPromise */
  async settle(origin: () => string, withinMs = 60_000): Promise<void> {
    const until = Date.now() + withinMs;
    while (this.acknowledged < this.device.records.length) {
      if (Date.now() > until)
        throw new Error(`${this.#name()} still had records without a receipt after ${withinMs} ms`);
      if (!(await this.#exchange(origin(), false))) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    await this.#exchange(origin(), false);
  }

  #recordSomething(): void {
    const at = this.#now().toISOString();
    for (let count = this.#random.between(1, 8); count > 0; count -= 1) {
      const account = `teacher${this.#random.between(1, 20)}`;
      if (this.#random.chance(0.15)) this.device.accept(account, this.#policy, at);
      else this.device.record({ type: 'clock.moved', data: { bySeconds: this.#random.between(1, 5_000) }, at });
    }
  }

  #now = (): Date => new Date(Date.now() + this.#clockAheadMs);
  #name = (): string => `${this.device.facts.hostname} (${this.device.deviceId})`;

  /** @returns whether the server confirmed. */
  async #exchange(origin: string, cutOff: boolean): Promise<boolean> {
    const from = this.acknowledged;
    const records = this.device.records.slice(from, from + recordsPerBatch);
    const body = JSON.stringify(this.device.syncRequest(records, null, this.#now()));
    this.counted.exchanges += 1;
    if (cutOff) {
      this.counted.cut += 1;
      await this.#sendPart(origin, body);
      return false;
    }
    const packed = this.#random.chance(0.5);
    let answer: Response;
    let text: string;
    try {
      answer = await fetch(`${origin}/v1/sync`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(packed ? { 'content-encoding': 'gzip' } : {}) },
        body: packed ? gzipSync(body) : body,
        signal: AbortSignal.timeout(patienceMs),
      });
      text = await answer.text();
    } catch {
      this.counted.unanswered += 1;
      return false;
    }
    if (!answer.ok) return this.#refusedWith(answer.status, text);
    this.#confirmed(syncAnswer.parse(JSON.parse(text)).receipt, records);
    return true;
  }

  /** The server may be full, busy, stopping or missing records it never confirmed. Anything else is a broken promise. */
  #refusedWith(status: number, text: string): false {
    this.counted.refused += 1;
    if (status === 429 || status === 503) return false;
    if (status === 409) {
      const gap = syncGap.safeParse(JSON.parse(text));
      if (gap.success && gap.data.expectedSeq > this.acknowledged) return false;
    }
    throw new BrokenPromise(`${this.#name()}, confirmed up to ${this.acknowledged}, was answered ${status}: ${text}`);
  }

  #confirmed(receipt: Receipt | null, sent: readonly SealedRecord[]): void {
    const broken = (why: string) =>
      new BrokenPromise(`${this.#name()}, confirmed up to ${this.acknowledged}: ${why} (${JSON.stringify(receipt)})`);
    if (receipt === null) {
      if (sent.length > 0 || this.acknowledged > 0) throw broken('no receipt');
      return;
    }
    if (!receiptHolds(this.#serverKey, receipt)) throw broken('the receipt is not signed by the server');
    if (receipt.seq < Math.max(this.acknowledged, sent.at(-1)?.seq ?? 0)) throw broken('the receipt goes back in time');
    if (this.device.records[receipt.seq - 1]?.hash !== receipt.hash) throw broken('the receipt is for another record');
    this.counted.acknowledged += receipt.seq - this.acknowledged;
    if (receipt.seq > this.acknowledged) this.receipts.push(receipt);
  }

  /** Begins a request and cuts the connection somewhere in its body. */
  async #sendPart(origin: string, body: string): Promise<void> {
    const { hostname, port } = new URL(origin);
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), hostname, () => {
        const head = `POST /v1/sync HTTP/1.1\r\nHost: ${hostname}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
        socket.write(head + body.slice(0, this.#random.between(0, body.length - 1)), () => socket.destroy());
      });
      socket.on('error', () => undefined);
      socket.once('close', () => resolve());
    });
  }
}
