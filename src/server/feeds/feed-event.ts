import { eventBody, eventType, type EventType } from '../../contract/event.ts';
import { eventPhrases } from '../../words/alert-words.ts';
import type { RecordTable } from '../store/tables.ts';

/** An event as every kind of feed passes it on. */
export interface FeedEvent {
  /** The same for ever, and no other event's: `deviceId/epoch/seq`. */
  id: string;
  /** The server's own number, growing in the order events were committed. */
  number: number;
  type: EventType;
  severity: 'error' | 'warning' | 'information';
  at: string;
  receivedAt: string;
  schoolId: string;
  deviceId: string;
  machine: string;
  epoch: number;
  seq: number;
  /** Hash of the record in the machine's chain: with it, an event passed on can be checked against the evidence. */
  hash: string;
  sentence: string;
  clause: string | null;
  policyVersion: number | null;
  /** Null where names are left out, or nobody was signed in. */
  account: { id: string; name: string } | null;
  data: Record<string, unknown>;
}

export type FeedRecord = Pick<
  RecordTable,
  'number' | 'school_id' | 'device_id' | 'epoch' | 'seq' | 'hash' | 'at' | 'received_at' | 'type' | 'summary' | 'body'
> & { hostname: string };

const errors = new Set<EventType>([
  'lock.failed',
  'usb.blockFailed',
  'usb.controlFailed',
  'idle.detectionBroken',
  'policy.refused',
]);
const warnings = new Set<EventType>([
  'journal.epochStarted',
  'clock.moved',
  'policy.declined',
  'session.elsewhere',
  'machine.stoppedUnclean',
  'usb.blocked',
  'usb.releaseFailed',
  'gate.interrupted',
  'shell.lost',
  'shell.refused',
]);

export const severityOf = (type: EventType): FeedEvent['severity'] =>
  errors.has(type) ? 'error' : warnings.has(type) ? 'warning' : 'information';

/** Fields whose text is one of a few fixed words or a version: the only text that is passed on without names. */
const fixedWords = new Set([
  'policyId',
  'policyHash',
  'action',
  'how',
  'by',
  'finding',
  'answer',
  'seenBy',
  'version',
  'what',
  'outcome',
]);

/** Numbers, yes or no, and fixed words: nothing that somebody wrote, and nobody's name. */
const impersonal = (data: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(data).filter(
      ([name, value]) =>
        typeof value === 'number' || typeof value === 'boolean' || (typeof value === 'string' && fixedWords.has(name)),
    ),
  );

/** What a feed passes on of a record; null for one that arrived without its body, or whose body retention removed. */
export function feedEvent(record: FeedRecord, includeNames: boolean): FeedEvent | null {
  const type = eventType.safeParse(record.type).data;
  if (type === undefined || record.at === null || record.body === null) return null;
  const body = eventBody.parse(JSON.parse(record.body));
  return {
    id: `${record.device_id}/${record.epoch}/${record.seq}`,
    number: Number(record.number),
    type,
    severity: severityOf(type),
    at: record.at,
    receivedAt: record.received_at,
    schoolId: record.school_id,
    deviceId: record.device_id,
    machine: record.hostname,
    epoch: record.epoch,
    seq: Number(record.seq),
    hash: record.hash,
    sentence: includeNames ? (record.summary ?? eventPhrases[type]) : eventPhrases[type],
    clause: body.rule?.clause ?? null,
    policyVersion: body.rule?.policyVersion ?? null,
    account: includeNames ? body.account : null,
    data: includeNames ? body.data : impersonal(body.data),
  };
}
