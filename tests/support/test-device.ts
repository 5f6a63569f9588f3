import { randomBytes } from 'node:crypto';
import { eventBody, type EventData, type EventType } from '../../src/contract/event.ts';
import type { Policy, SignedPolicy } from '../../src/contract/policy.ts';
import type { SealedRecord } from '../../src/contract/record.ts';
import {
  enrolmentToken,
  enrolAnswer,
  syncAnswer,
  type EnrolmentToken,
  type EnrolRequest,
  type MachineFacts,
  type SyncAnswer,
  type SyncRequest,
} from '../../src/contract/sync.ts';
import {
  deviceIdOf,
  generateSigningKey,
  genesisHash,
  headOf,
  sealRecord,
  signEnrolment,
  signHead,
  signSyncRequest,
  type SigningKey,
} from '../../src/proof/index.ts';

/** One event to record; the device adds number and clocks. */
export type TestEvent = {
  [T in EventType]: { type: T; data: EventData<T>; account?: string; at?: string };
}[EventType];

/** What a token that was copied out of the server holds. */
export function readToken(text: string): EnrolmentToken {
  return enrolmentToken.parse(JSON.parse(Buffer.from(text.replace('usher1.', ''), 'base64url').toString('utf8')));
}

/** A machine in a test: has a key, seals records into a real chain and signs real requests. */
export class TestDevice {
  readonly key: SigningKey;
  readonly deviceId: string;
  readonly facts: MachineFacts;
  epoch = 1;
  /** Every record of the current epoch, from the first on. */
  records: SealedRecord[] = [];

  constructor(hostname = 'room-12', key = generateSigningKey()) {
    this.key = key;
    this.deviceId = deviceIdOf(key.publicKey);
    this.facts = {
      hostname,
      operatingSystem: 'Debian GNU/Linux 13',
      model: 'Test model',
      serial: null,
      agentVersion: '0.1.0',
    };
  }

  enrolRequest(secret: string): EnrolRequest {
    return {
      secret,
      deviceId: this.deviceId,
      publicKey: this.key.publicKey,
      machine: this.facts,
      proof: signEnrolment(this.key, this.deviceId, secret),
    };
  }

  /** Seals one more record. The first of an epoch must be `journal.epochStarted`; `begin` writes it. */
  record(event: TestEvent): SealedRecord {
    const seq = this.records.length + 1;
    const { type, data } = event;
    const body = eventBody.parse({
      deviceId: this.deviceId,
      epoch: this.epoch,
      seq,
      at: event.at ?? new Date().toISOString(),
      uptimeMs: 60_000 + seq,
      account: event.account === undefined ? null : { id: '1000', name: event.account },
      session: event.account === undefined ? null : 'c1',
      subject: null,
      rule: null,
      type,
      data,
    });
    const prev = this.records.at(-1)?.hash ?? genesisHash(this.deviceId, this.epoch);
    const sealed = sealRecord(body, prev, randomBytes(16));
    this.records.push(sealed);
    return sealed;
  }

  /** Begins an epoch with its first record. */
  begin(epoch = 1): SealedRecord {
    this.epoch = epoch;
    this.records = [];
    return this.record({
      type: 'journal.epochStarted',
      data: { reason: epoch === 1 ? 'first' : 'damaged', previous: null, detail: '' },
    });
  }

  /** Records that an account accepted a policy as published. */
  accept(account: string, signed: SignedPolicy, at?: string): SealedRecord {
    return this.record({
      type: 'policy.accepted',
      account,
      data: acceptanceOf(signed),
      ...(at === undefined ? {} : { at }),
    });
  }

  /** A signed request with the given records (none: a poll). */
  syncRequest(records: readonly SealedRecord[], policyHash: string | null = null, sentAt = new Date()): SyncRequest {
    const last = records.at(-1);
    return signSyncRequest(this.key, {
      deviceId: this.deviceId,
      sentAt: sentAt.toISOString(),
      epoch: last?.epoch ?? this.epoch,
      policyHash,
      records: [...records],
      head: last === undefined ? null : signHead(this.key, this.deviceId, headOf(last)),
    });
  }

  /** Sends its records with where the machine stands, as agents do. */
  async syncAt(origin: string, position: NonNullable<SyncRequest['position']>, sentAt: Date): Promise<SyncAnswer> {
    const { signature: _, ...request } = this.syncRequest(this.records, null, sentAt);
    const answer = await postJson(`${origin}/v1/sync`, signSyncRequest(this.key, { ...request, position }));
    if (!answer.ok) throw new Error(`The server answered ${answer.status}: ${await answer.text()}`);
    return syncAnswer.parse(await answer.json());
  }

  /** Enrols over HTTP with a token's text. */
  async enrol(origin: string, token: string): Promise<void> {
    const answer = await postJson(`${origin}/v1/enrol`, this.enrolRequest(readToken(token).secret));
    enrolAnswer.parse(await answer.json());
  }

  /** Sends records (default: all of the epoch) and expects them to be taken. */
  async sync(
    origin: string,
    records: readonly SealedRecord[] = this.records,
    policyHash: string | null = null,
  ): Promise<SyncAnswer> {
    const answer = await postJson(`${origin}/v1/sync`, this.syncRequest(records, policyHash));
    if (!answer.ok) throw new Error(`The server answered ${answer.status}: ${await answer.text()}`);
    return syncAnswer.parse(await answer.json());
  }
}

/** What a person's acceptance of a policy records: every statement agreed to, every field filled. */
export function acceptanceOf(signed: SignedPolicy): EventData<'policy.accepted'> {
  const { policy } = signed;
  const values = {
    printedName: { kind: 'text', value: 'Alex Example' },
    jobTitle: { kind: 'text', value: 'Teacher' },
    school: { kind: 'text', value: 'Test school' },
    text: { kind: 'text', value: 'words' },
    date: { kind: 'date', value: '2026-09-07' },
    signature: { kind: 'signature', value: { kind: 'typed', text: 'Alex Example' } },
  } as const;
  return {
    policyId: policy.id,
    policyTitle: policy.title,
    policyVersion: signed.version,
    policyHash: signed.hash,
    audience: policy.audiences[0] ?? 'staff',
    teaching: false,
    statements: policy.form.statements.map(({ id, text }) => ({ id, text })),
    fields: policy.form.fields.map(({ id, label, kind }) => ({ id, label, value: values[kind] })),
    reading: { readSeconds: 95, depthPercent: 100, sectionsRead: policy.sections.map((section) => section.id) },
    openSeconds: 120,
  };
}

/** A small policy of our own; `change` makes another text of it. */
export function testPolicy(change = ''): Policy {
  return {
    format: 'usher/policy/1',
    id: 'staff-aup',
    title: 'Acceptable use of computers',
    language: 'en-GB',
    audiences: ['staff'],
    sections: [
      {
        id: 'passwords',
        title: 'Passwords',
        clauses: [{ id: 'passwords.1', number: '1.1', text: `Keep your password to yourself.${change}` }],
      },
    ],
    variables: [],
    form: {
      statements: [{ id: 'agree', text: 'I have read this policy and will follow it.' }],
      fields: [
        { id: 'name', kind: 'printedName', label: 'Name', required: true },
        { id: 'signature', kind: 'signature', label: 'Signature', required: true },
      ],
    },
    reading: { toEnd: true, minimumSeconds: 0 },
    renewal: { kind: 'onChange' },
    contacts: [],
    lifecycle: {},
  };
}

/** POSTs a value as JSON. */
export function postJson(url: string, value: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(value),
  });
}
