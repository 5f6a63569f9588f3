import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { EventBody, EventCore } from '../../src/contract/event.ts';
import type { ChainHead, SealedRecord } from '../../src/contract/record.ts';
import {
  deviceIdOf,
  generateSigningKey,
  genesisHash,
  headOf,
  sealRecord,
  signHead,
  signSyncRequest,
  type SigningKey,
} from '../../src/proof/index.ts';
import { isSomebodys } from './event-mix.ts';

/** A batch as it goes over the wire, and what its receipt must name. */
export interface PackedBatch {
  body: Buffer;
  head: ChainHead;
  events: number;
}

/** The first record of every machine. */
const epochStarted: EventCore = {
  type: 'journal.epochStarted',
  data: { reason: 'first', previous: null, detail: '' },
};

/** A machine that is only its key and the end of its chain: it seals, signs and packs as the agent does. */
export class SealedMachine {
  readonly key: SigningKey = generateSigningKey();
  readonly deviceId = deviceIdOf(this.key.publicKey);
  readonly hostname: string;
  readonly #accountName: string;
  #seq = 0;
  #prev = genesisHash(this.deviceId, 1);

  constructor(hostname: string, accountName: string) {
    this.hostname = hostname;
    this.#accountName = accountName;
  }

  /** The end of everything sealed so far. */
  get head(): ChainHead {
    return { epoch: 1, seq: this.#seq, hash: this.#prev };
  }

  /** Seals the next records; a machine's very first record is put before them. `at` is when each happened. */
  seal(events: readonly EventCore[], at: (index: number) => Date): SealedRecord[] {
    const all = this.#seq === 0 ? [epochStarted, ...events] : events;
    return all.map((event, index) => this.#sealOne(event, at(index)));
  }

  #sealOne(event: EventCore, at: Date): SealedRecord {
    this.#seq += 1;
    const somebody = event !== epochStarted && isSomebodys(event.type);
    const body: EventBody = {
      deviceId: this.deviceId,
      epoch: 1,
      seq: this.#seq,
      at: at.toISOString(),
      uptimeMs: 60_000 + this.#seq,
      account: somebody ? { id: '1000', name: this.#accountName } : null,
      session: somebody ? 'c1' : null,
      subject: null,
      rule: null,
      ...event,
    };
    const record = sealRecord(body, this.#prev, randomBytes(16));
    this.#prev = record.hash;
    return record;
  }

  /** One signed and compressed `POST /v1/sync`. */
  pack(records: readonly SealedRecord[], sentAt: Date): PackedBatch {
    const last = records.at(-1);
    if (last === undefined) throw new Error('A batch needs at least one record.');
    const head = headOf(last);
    const request = signSyncRequest(this.key, {
      deviceId: this.deviceId,
      sentAt: sentAt.toISOString(),
      epoch: 1,
      policyHash: null,
      permitsIssuedAt: null,
      records: [...records],
      head: signHead(this.key, this.deviceId, head),
    });
    return { body: gzipSync(JSON.stringify(request), { level: 6 }), head, events: records.length };
  }
}
