import type { z } from 'zod';
import * as consoleContract from '../../src/contract/console.ts';
import type { DrawnSignature } from '../../src/contract/acceptance.ts';
import { eventBody, type EventBody } from '../../src/contract/event.ts';
import type { SealedRecord } from '../../src/contract/record.ts';
import type { SignedPolicy } from '../../src/contract/policy.ts';
import {
  deviceIdOf,
  generateSigningKey,
  genesisHash,
  keyFingerprint,
  sealRecord,
  signPolicy,
  signReceipt,
} from '../../src/proof/index.ts';
import { fixturePolicy } from './console-fixture-policy.ts';

type Accepted = Extract<EventBody, { type: 'policy.accepted' }>;
type BodyOf<T extends EventBody['type']> = Extract<EventBody, { type: T }>;
/** What differs from one event to the next; the fixture adds machine, number and clocks. */
export type FixtureDraft = {
  [T in EventBody['type']]: Pick<BodyOf<T>, 'type' | 'data' | 'account' | 'subject'>;
}[EventBody['type']];

export interface FixtureMachine {
  summary: consoleContract.MachineSummary;
  head: SealedRecord | null;
}

/** Everything a console can be shown, valid by the contract's schemas. */
export interface FixtureData {
  people: consoleContract.PersonSummary[];
  /** Newest first. */
  events: consoleContract.EventRow[];
  machines: FixtureMachine[];
  policies: SignedPolicy[];
  acceptances: Map<string, consoleContract.AcceptanceDetail>;
  /** Adds one event to a machine's chain and returns its row. */
  append(machineIndex: number, at: Date, draft: FixtureDraft): consoleContract.EventRow;
}

const givenNames = ['Amira', 'Ben', 'Chloe', 'Dafydd', 'Esme', 'Farouk', 'Grace', 'Hamza', 'Isla', 'Jonah'];
const familyNames = ['Adeyemi', 'Brook', 'Castellanos-Whitmore', 'Dunn'];
const hostnames = ['room-12', 'room-14', 'staffroom', 'office-1', 'library', 'science-lab-2'];
const systems = [
  'Debian GNU/Linux 13',
  'Windows 11 Pro 24H2',
  'Ubuntu 24.04.3 LTS',
  'Windows 11 Pro 24H2',
  'macOS 15.6',
  'Windows 11 Pro 24H2',
];

const drawn: DrawnSignature = {
  kind: 'drawn',
  width: 480,
  height: 140,
  strokes: [
    [
      [34, 92],
      [46, 60],
      [62, 34],
      [74, 30],
      [78, 44],
      [70, 74],
      [62, 98],
      [72, 96],
      [90, 78],
      [104, 70],
      [110, 80],
      [106, 94],
      [114, 96],
      [132, 80],
      [144, 72],
      [150, 82],
      [146, 94],
      [158, 94],
      [178, 78],
    ],
    [
      [52, 70],
      [74, 66],
      [98, 62],
    ],
    [
      [196, 30],
      [192, 60],
      [188, 96],
      [200, 92],
      [216, 76],
      [228, 72],
      [234, 84],
      [228, 98],
      [214, 98],
      [208, 88],
      [224, 82],
      [246, 88],
      [264, 76],
      [276, 74],
      [282, 86],
      [280, 98],
      [296, 94],
      [322, 82],
      [352, 80],
      [392, 84],
      [430, 76],
    ],
  ],
};

/** Bytes that look random and are the same on every run. */
function saltFor(count: number): Uint8Array {
  return Uint8Array.from({ length: 16 }, (_, place) => (count * 31 + place * 17 + 7) % 256);
}

const minutesBefore = (now: Date, minutes: number): Date => new Date(now.getTime() - minutes * 60_000);

/**
 * A school in the middle of an ordinary day: six machines (one forked), forty people, about three hundred events.
 * `now` is the moment the console is opened.
 */
export function fixtureData(now: Date): FixtureData {
  const serverKey = generateSigningKey();
  const policies = [
    signPolicy(serverKey, fixturePolicy(1), 1, minutesBefore(now, 60 * 24 * 200).toISOString()),
    signPolicy(serverKey, fixturePolicy(2), 2, minutesBefore(now, 60 * 24 * 13).toISOString()),
  ] as const;
  const [oldPolicy, currentPolicy] = policies;

  const machines: FixtureMachine[] = hostnames.map((hostname, place) => {
    const publicKey = generateSigningKey().publicKey;
    return {
      head: null,
      summary: {
        deviceId: deviceIdOf(publicKey),
        hostname,
        operatingSystem: systems[place] ?? 'Linux',
        model: place === 4 ? null : 'ThinkCentre M70q Gen 5',
        agentVersion: '0.1.0',
        enrolledAt: minutesBefore(now, 60 * 24 * 30).toISOString(),
        lastSeenAt: minutesBefore(now, place === 3 ? 60 * 24 * 9 : place).toISOString(),
        clockOffsetMs: [12, -340, 86, null, 3_725_000, 5][place] ?? null,
        epoch: 1,
        head: null,
        policyHash: place === 3 ? oldPolicy.hash : currentPolicy.hash,
        keyFingerprint: keyFingerprint(publicKey),
        forks: place === 5 ? 1 : 0,
      },
    };
  });

  const data: FixtureData = {
    people: [],
    events: [],
    machines,
    policies: [...policies],
    acceptances: new Map(),
    append,
  };
  let count = 0;

  function append(machineIndex: number, at: Date, draft: FixtureDraft): consoleContract.EventRow {
    const machine = machines[machineIndex % machines.length];
    if (machine === undefined) throw new Error('The fixture has no machines');
    count += 1;
    const seq = (machine.head?.seq ?? 0) + 1;
    const body = eventBody.parse({
      deviceId: machine.summary.deviceId,
      epoch: 1,
      seq,
      at: at.toISOString(),
      uptimeMs: 60_000 + seq * 41_337,
      session: draft.account === null ? null : 'c2',
      rule: null,
      ...draft,
    });
    const record = sealRecord(body, machine.head?.hash ?? genesisHash(body.deviceId, 1), saltFor(count));
    machine.head = record;
    machine.summary.head = seq;
    const acceptanceId = body.type === 'policy.accepted' ? `a${String(count).padStart(5, '0')}` : null;
    const row = consoleContract.eventRow.parse({
      id: String(1_000 + count),
      deviceId: body.deviceId,
      machine: machine.summary.hostname,
      epoch: 1,
      seq,
      at: body.at,
      receivedAt: new Date(at.getTime() + 640).toISOString(),
      type: body.type,
      account: body.account,
      summary: `${sentence(body, machine.summary.hostname)}.`,
      acceptanceId,
      body,
    });
    data.events.unshift(row);
    if (body.type === 'policy.accepted' && acceptanceId !== null) keepAcceptance(acceptanceId, row, record, body);
    return row;
  }

  function keepAcceptance(id: string, event: consoleContract.EventRow, record: SealedRecord, body: Accepted): void {
    const sound = data.acceptances.size !== 5;
    const policy = policies.find((one) => one.hash === body.data.policyHash) ?? currentPolicy;
    data.acceptances.set(
      id,
      consoleContract.acceptanceDetail.parse({
        id,
        event,
        record,
        policy,
        receipt: signReceipt(serverKey, {
          deviceId: body.deviceId,
          epoch: 1,
          seq: record.seq,
          hash: record.hash,
          at: event.receivedAt,
        }),
        verification: {
          sound,
          checkedAt: now.toISOString(),
          checks: [
            {
              name: 'Record',
              ok: sound,
              detail: sound
                ? 'The record is the one that was hashed when it was written.'
                : 'Record 1·7 is not sound: its body is not the one that was hashed. Someone changed it after it was received; keep this page and look at who can write to the server’s database.',
            },
            {
              name: 'Chain',
              ok: true,
              detail: 'It follows from the record before it and the record after it follows from it.',
            },
            {
              name: 'Machine’s signature',
              ok: true,
              detail: `The machine ${event.machine} signed the chain up to and past this record.`,
            },
            {
              name: 'Policy',
              ok: true,
              detail: 'The policy text kept here has the hash that was signed, and the server’s signature on it holds.',
            },
            { name: 'Receipt', ok: true, detail: 'The server’s receipt covers this record and its signature holds.' },
          ],
        },
      }),
    );
  }

  seedHistory(data, now, { oldPolicy, currentPolicy });
  return data;
}

function sentence(body: EventBody, machine: string): string {
  const who = body.account?.name ?? machine;
  switch (body.type) {
    case 'policy.accepted':
      return `${who} accepted ${body.data.policyTitle}, version ${body.data.policyVersion}, on ${machine}`;
    case 'policy.declined':
      return `${who} did not accept version ${body.data.policyVersion} on ${machine}`;
    case 'gate.shown':
      return `The policy was shown to ${who} on ${machine}`;
    case 'gate.interrupted':
      return `Reading was interrupted for ${who} on ${machine}; the policy comes back`;
    case 'service.started':
      return `Usher started on ${machine} after a ${body.data.previousStop === 'unclean' ? 'sudden' : 'clean'} stop`;
    case 'service.stopped':
      return `Usher stopped on ${machine}: ${body.data.reason}`;
    case 'clock.moved':
      return `The clock of ${machine} moved by ${body.data.bySeconds} s`;
    case 'policy.received':
      return `${machine} received version ${body.data.version} of the policy`;
    case 'policy.refused':
      return `${machine} refused a policy: ${body.data.reason}`;
    case 'machine.enrolled':
      return `${machine} was enrolled`;
    case 'journal.epochStarted':
      return `${machine} began a new record: ${body.data.reason}`;
    case 'shell.refused':
      return `${machine} turned away a call: ${body.data.detail}`;
  }
}

function accountOf(place: number): { id: string; name: string; fullName: string } {
  const given = givenNames[place % givenNames.length] ?? 'Amira';
  const family = familyNames[Math.floor(place / givenNames.length) % familyNames.length] ?? 'Dunn';
  const short = family.split('-')[0] ?? family;
  return {
    id: String(1_000 + place),
    name: `${given.slice(0, 1)}.${short}`.toLowerCase() + (place % 7 === 3 ? '2' : ''),
    fullName: `${given} ${family}`,
  };
}

/** The draft of an acceptance by the fixture's person number `place`. */
export function acceptanceDraft(policy: SignedPolicy, place: number, on: string): FixtureDraft {
  const { id, name, fullName } = accountOf(place);
  return {
    type: 'policy.accepted',
    account: { id, name },
    subject: policy.policy.id,
    data: {
      policyId: policy.policy.id,
      policyTitle: policy.policy.title,
      policyVersion: policy.version,
      policyHash: policy.hash,
      audience: 'staff',
      teaching: place % 3 !== 0,
      statements: policy.policy.form.statements,
      fields: [
        { id: 'printed-name', label: 'Name (please print)', value: { kind: 'text', value: fullName } },
        {
          id: 'job-title',
          label: 'Job title',
          value: { kind: 'text', value: place % 3 === 0 ? 'School business officer' : 'Class teacher' },
        },
        {
          id: 'signature',
          label: 'Signature',
          value: { kind: 'signature', value: place % 2 === 0 ? drawn : { kind: 'typed', text: fullName } },
        },
        { id: 'signed-on', label: 'Date', value: { kind: 'date', value: on.slice(0, 10) } },
      ],
      reading: {
        readSeconds: 214 + place * 9,
        depthPercent: 100,
        sectionsRead: policy.policy.sections.map((one) => one.id),
      },
      openSeconds: 260 + place * 11,
    },
  };
}

function seedHistory(
  data: FixtureData,
  now: Date,
  policy: { oldPolicy: SignedPolicy; currentPolicy: SignedPolicy },
): void {
  const { oldPolicy, currentPolicy } = policy;
  const digest = '0'.repeat(64);
  const planned: { at: Date; machine: number; draft: FixtureDraft; person?: number }[] = [];
  const plan = (minutes: number, machine: number, draft: FixtureDraft, person?: number): void => {
    planned.push({ at: minutesBefore(now, minutes), machine, draft, ...(person === undefined ? {} : { person }) });
  };
  data.machines.forEach((machine, place) => {
    plan(60 * 24 * 30, place, {
      type: 'journal.epochStarted',
      account: null,
      subject: null,
      data: { reason: 'first', previous: null, detail: 'First record of this machine.' },
    });
    plan(60 * 24 * 30 - 1, place, {
      type: 'machine.enrolled',
      account: null,
      subject: null,
      data: { serverOrigin: 'http://127.0.0.1:4180', serverKeyFingerprint: digest },
    });
    plan(60 * 24 * 13 - place, place, {
      type: 'policy.received',
      account: null,
      subject: currentPolicy.policy.id,
      data: { policyId: currentPolicy.policy.id, version: 2, policyHash: currentPolicy.hash },
    });
    for (let day = 13; day >= 0; day -= 1) {
      const bootId = `boot-${machine.summary.hostname}-${day}`;
      plan(day * 1_440 + 180 + place * 4, place, {
        type: 'service.started',
        account: null,
        subject: null,
        data: { version: '0.1.0', bootId, previousStop: day === 6 && place === 1 ? 'unclean' : 'clean' },
      });
      if (day > 0)
        plan(day * 1_440 - 240 + place, place, {
          type: 'service.stopped',
          account: null,
          subject: null,
          data: { reason: 'the machine shut down' },
        });
    }
  });
  plan(60 * 24 * 2, 4, { type: 'clock.moved', account: null, subject: null, data: { bySeconds: 3_725 } });
  plan(95, 2, {
    type: 'shell.refused',
    account: null,
    subject: null,
    data: { code: 'session.badMessage', detail: 'a message was not JSON-RPC' },
  });
  for (let place = 0; place < 40; place += 1) {
    const { id, name } = accountOf(place);
    const account = { id, name };
    const minutes = [12, 25, 47, 88, 1_500, 2_950, 4_400, 5_800, 8_700, 10_100, 11_500, 13_000][place % 12] ?? 60;
    const why = { policyHash: currentPolicy.hash, policyVersion: 2, why: 'changed' } as const;
    plan(minutes + 7 + place, place, { type: 'gate.shown', account, subject: currentPolicy.policy.id, data: why });
    if (place % 9 === 4) continue;
    if (place === 7) {
      plan(minutes + place, place, {
        type: 'policy.declined',
        account,
        subject: currentPolicy.policy.id,
        data: {
          policyId: currentPolicy.policy.id,
          policyVersion: 2,
          policyHash: currentPolicy.hash,
          reason: 'I would like to ask about clause 3.2 before I sign.',
          reading: { readSeconds: 61, depthPercent: 48, sectionsRead: ['passwords'] },
          openSeconds: 80,
        },
      });
      continue;
    }
    const outdated = place % 8 === 5;
    const at = outdated ? 60 * 24 * 29 + place : minutes + place;
    plan(
      at,
      place,
      acceptanceDraft(outdated ? oldPolicy : currentPolicy, place, minutesBefore(now, at).toISOString()),
      place,
    );
  }
  planned.sort((one, other) => one.at.getTime() - other.at.getTime());
  for (const { at, machine, draft } of planned) data.append(machine, at, draft);
  data.people = Array.from({ length: 40 }, (_, place) => personFrom(data, place, now));
}

function personFrom(data: FixtureData, place: number, now: Date): consoleContract.PersonSummary {
  const { id, name } = accountOf(place);
  const own = data.events.filter((event) => event.account?.id === id);
  const latest = own.find((event) => event.type === 'policy.accepted');
  const body = latest?.body?.type === 'policy.accepted' ? latest.body : null;
  const printed = body?.data.fields.find((field) => field.id === 'printed-name')?.value;
  const declined = own.some((event) => event.type === 'policy.declined');
  const input: z.input<typeof consoleContract.personSummary> = {
    id,
    name,
    printedName: printed?.kind === 'text' ? printed.value : null,
    status: declined
      ? 'declined'
      : body === null
        ? 'notAccepted'
        : body.data.policyVersion === 2
          ? 'accepted'
          : 'outdated',
    lastSeenAt: own[0]?.at ?? now.toISOString(),
    latest:
      latest === undefined || latest.acceptanceId === null || body === null
        ? null
        : {
            acceptanceId: latest.acceptanceId,
            policyTitle: body.data.policyTitle,
            policyVersion: body.data.policyVersion,
            at: latest.at,
            machine: latest.machine,
          },
  };
  return consoleContract.personSummary.parse(input);
}
