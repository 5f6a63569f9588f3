import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { describe, expect, test, vi } from 'vitest';
import { alertPaths, testAnswer } from '../../src/contract/console-alerts.ts';
import type { FeedEvent } from '../../src/server/feeds/feed-event.ts';
import { otlpRequest } from '../../src/server/feeds/otlp-logs.ts';
import { framed, syslogMessage } from '../../src/server/feeds/syslog-message.ts';
import { parseSyslog, syslogReceiver } from '../support/receivers/syslog-receiver.ts';
import { authority } from '../support/receivers/tls-files.ts';
import { rightlySigned, webReceiver } from '../support/receivers/web-receiver.ts';
import { alertingServer, lockFailed } from './alerting-server.ts';
import { enrolledDevice, problemOf } from './running.ts';

const soon = { timeout: 20_000, interval: 40 };
const feed = { schoolId: null, types: [], includeNames: false, from: 'beginning', enabled: true } as const;
const syslogFeed = (port: number) => ({
  ...feed,
  kind: 'syslog',
  name: 'SIEM',
  host: 'localhost',
  port,
  ca: authority,
});

async function machineOf(it: Awaited<ReturnType<typeof alertingServer>>) {
  const device = await enrolledDevice(it.server, 'room-12');
  device.begin();
  return device;
}

async function recordMany(it: Awaited<ReturnType<typeof alertingServer>>, count: number) {
  const device = await machineOf(it);
  for (let number = 1; number < count; number += 1) device.record({ ...lockFailed, account: `person.${number}` });
  await device.sync(it.server.origin);
  return device;
}

const inOrder = (count: number) => Array.from({ length: count }, (_, index) => String(index + 1));

const event = (change: Partial<FeedEvent> = {}): FeedEvent => ({
  id: `${'a'.repeat(32)}/1/7`,
  number: 7,
  type: 'lock.failed',
  severity: 'error',
  at: '2026-11-23T09:00:00.123Z',
  receivedAt: '2026-11-23T09:00:01.000Z',
  schoolId: 'school',
  deviceId: 'a'.repeat(32),
  machine: 'room-12',
  epoch: 1,
  seq: 7,
  hash: 'b'.repeat(64),
  sentence: 'The screen could not be locked',
  clause: 'locking.1',
  policyVersion: 3,
  account: null,
  data: { covered: true, action: 'lock' },
  ...change,
});

describe('syslog over TLS', () => {
  test('passes on every event in order, without names, with its own fields', async () => {
    const it = await alertingServer();
    const receiver = await syslogReceiver();
    await recordMany(it, 450);
    await it.made(alertPaths.feeds, syslogFeed(receiver.port));
    await vi.waitFor(() => expect(receiver.lines).toHaveLength(450), soon);
    expect(receiver.lines.map(({ params }) => params['seq'])).toEqual(inOrder(450));
    expect(receiver.lines[1]).toMatchObject({ priority: 107, host: 'room-12', app: 'usher', messageId: 'lock.failed' });
    expect(
      receiver.lines.filter(({ params, text }) => `${text}${params['userName'] ?? ''}`.includes('person.')),
    ).toEqual([]);
    expect(await it.feeds()).toMatchObject([{ sent: 450, behind: 0, behindSince: null, failing: false }]);
  });

  test(
    'a receiver that cuts connections and goes away for a while gets everything, in order',
    { timeout: 40_000 },
    async () => {
      const it = await alertingServer();
      const first = await syslogReceiver();
      first.cutAfter(37, 2);
      const device = await recordMany(it, 300);
      await it.made(alertPaths.feeds, syslogFeed(first.port));
      await vi.waitFor(() => expect(new Set(first.lines.map(({ params }) => params['id'])).size).toBe(300), soon);
      await first.close();
      for (let number = 0; number < 100; number += 1) device.record(lockFailed);
      await device.sync(it.server.origin);
      await vi.waitFor(async () => expect(await it.feeds()).toMatchObject([{ failing: true, behind: 100 }]), soon);
      const second = await syslogReceiver(first.port);
      await vi.waitFor(() => expect(second.lines.length).toBe(100), soon);
      const seen = [...first.lines, ...second.lines].map(({ params }) => params['seq']);
      const firstTimes = seen.filter((seq, place) => seen.indexOf(seq) === place);
      expect(firstTimes).toEqual(inOrder(400));
    },
  );

  test('does not talk to a receiver whose certificate it cannot trust', async () => {
    const it = await alertingServer();
    const receiver = await syslogReceiver();
    const { id } = await it.made(alertPaths.feeds, { ...syslogFeed(receiver.port), ca: null });
    const answer = testAnswer.parse(await (await it.send(`/v1/console/event-feeds/${id}/test`, {})).json());
    expect(answer).toEqual({ sent: false, answer: expect.stringMatching(/certificate/) });
    expect(receiver.lines).toEqual([]);
  });

  test('whatever stands in a field, the message can be read back', () => {
    const nasty = 'a"b]c\\d\ne\u0000 ü 漢 '.repeat(3);
    const line = parseSyslog(syslogMessage(event({ machine: nasty, data: { version: nasty } })).toString('utf8'));
    expect(line.params['machine']).toBe(nasty);
    expect(line.params['data.version']).toBe(nasty);
    const long = syslogMessage(event({ sentence: '漢'.repeat(30_000), data: { version: 'x'.repeat(9_000) } }));
    expect(long.length).toBeLessThanOrEqual(8_192);
    expect(long.toString('utf8')).not.toContain('\uFFFD');
    expect(parseSyslog(long.toString('utf8')).params).toMatchObject({ id: event().id, truncated: 'true' });
    expect(framed(Buffer.from('äb')).toString('utf8')).toBe('3 äb');
  });
});

describe('OpenTelemetry logs', () => {
  test('a collector gets batches, may refuse some, may be away, and misses nothing', async () => {
    const it = await alertingServer();
    const collector = await webReceiver();
    collector.answerNext(503, {
      status: 200,
      body: JSON.stringify({ partialSuccess: { rejectedLogRecords: '3', errorMessage: 'too old' } }),
    });
    await recordMany(it, 250);
    const secret = 'Bearer a-token-of-the-collector';
    await it.made(alertPaths.feeds, { ...feed, kind: 'otlp', name: 'Collector', url: collector.url, secret });
    const records = () =>
      collector.taken.flatMap(({ body }) => JSON.parse(body).resourceLogs[0].scopeLogs[0].logRecords as LogRecord[]);
    await vi.waitFor(() => expect(records()).toHaveLength(250), soon);
    expect(records().map((one) => attributeOf(one, 'usher.record.seq'))).toEqual(inOrder(250).map(Number));
    expect(attributeOf(records()[1], 'event.name')).toBe('usher.lock.failed');
    expect(attributeOf(records()[1], 'host.name')).toBe('room-12');
    expect(attributeOf(records()[1], 'user.name')).toBeUndefined();
    expect(collector.taken[0]?.headers.authorization).toBe(secret);
    await vi.waitFor(async () => {
      expect(await it.feeds()).toMatchObject([
        { sent: 247, refused: 3, behind: 0, lastFailure: expect.stringContaining('too old') },
      ]);
    }, soon);
    expect(JSON.stringify(await it.feeds())).not.toContain('a-token');
  });

  test('is what OpenTelemetry’s own exporter sends of the same event', async () => {
    const collector = await webReceiver();
    const one = event({ account: { id: '1000', name: 'robin.example' } });
    const provider = new LoggerProvider({
      resource: resourceFromAttributes({ 'service.name': 'usher', 'service.version': '9.9.9' }),
      processors: [new SimpleLogRecordProcessor({ exporter: new OTLPLogExporter({ url: collector.url }) })],
    });
    provider.getLogger('usher.events').emit({
      timestamp: new Date(one.at),
      observedTimestamp: new Date(one.receivedAt),
      severityNumber: 17,
      severityText: 'ERROR',
      body: one.sentence,
      eventName: 'usher.lock.failed',
      attributes: {
        'event.name': 'usher.lock.failed',
        'log.record.uid': one.id,
        'host.name': one.machine,
        'host.id': one.deviceId,
        'user.name': 'robin.example',
        'user.id': '1000',
        'usher.school.id': one.schoolId,
        'usher.event.number': 7,
        'usher.record.epoch': 1,
        'usher.record.seq': 7,
        'usher.record.hash': one.hash,
        'usher.rule.clause': 'locking.1',
        'usher.policy.version': 3,
        'usher.data.covered': true,
        'usher.data.action': 'lock',
      },
    });
    await provider.forceFlush();
    await provider.shutdown();
    expect(JSON.parse(collector.taken[0]?.body ?? '{}')).toMatchObject(
      JSON.parse(JSON.stringify(otlpRequest([one], { version: '9.9.9' }))),
    );
  });
});

interface LogRecord {
  attributes: { key: string; value: Record<string, unknown> }[];
}
function attributeOf(record: LogRecord | undefined, key: string): unknown {
  return Object.values(record?.attributes.find((one) => one.key === key)?.value ?? {})[0];
}

test('a webhook feed is signed, filtered by type, names people only when told to, and goes on after a restart', async () => {
  const it = await alertingServer();
  const receiver = await webReceiver();
  const hook = {
    ...feed,
    kind: 'webhook',
    name: 'Data lake',
    url: receiver.url,
    types: ['lock.failed'],
    includeNames: true,
  };
  const { secret } = await it.made(alertPaths.feeds, hook);
  const device = await recordMany(it, 3);
  await vi.waitFor(() => expect(receiver.taken).toHaveLength(1), soon);
  const events = receiver.taken.flatMap(({ body }) => JSON.parse(body).data.events as FeedEvent[]);
  expect(events.map(({ seq, account }) => [seq, account?.name])).toEqual([
    [2, 'person.1'],
    [3, 'person.2'],
  ]);
  expect(receiver.taken.every((one) => rightlySigned(one, secret ?? ''))).toBe(true);
  await it.server.close();
  const again = await alertingServer({ stateFolder: it.server.folder });
  device.record(lockFailed);
  await device.sync(again.server.origin, device.records.slice(-1));
  await vi.waitFor(() => expect(receiver.taken).toHaveLength(2), soon);
  expect(JSON.parse(receiver.taken[1]?.body ?? '{}').data.events).toMatchObject([{ seq: 4 }]);
});

test('what cannot be a feed is refused by the name of its field', async () => {
  const it = await alertingServer();
  const faults: [unknown, string][] = [
    [{ ...syslogFeed(6_514), host: 'a b' }, 'host'],
    [{ ...syslogFeed(70_000) }, 'port'],
    [{ ...syslogFeed(6_514), host: '169.254.169.254' }, 'host'],
    [{ ...syslogFeed(6_514), ca: 'no certificate' }, 'ca'],
    [{ ...syslogFeed(6_514), types: ['lock.vanished'] }, 'types.0'],
    [{ ...syslogFeed(6_514), name: 'x'.repeat(65_536) }, 'name'],
    [{ ...feed, kind: 'otlp', name: 'O', url: 'http://collector.example/v1/logs' }, 'url'],
    [{ ...feed, kind: 'otlp', name: 'O', url: 'https://c.example/', secret: 'a\r\nb' }, 'secret'],
  ];
  for (const [body, field] of faults) {
    const answer = await it.send(alertPaths.feeds, body);
    const { status, field: named } = await problemOf(answer);
    expect({ status, named }).toEqual({ status: 400, named: field });
  }
  expect(await it.feeds()).toEqual([]);
});
