import { describe, expect, test } from 'vitest';
import { syncGap } from '../../src/contract/sync.ts';
import { events, machines, overview } from '../../src/contract/console.ts';
import { receiptHolds, sealRecord, signSyncRequest, signedPolicyFault } from '../../src/proof/index.ts';
import { postJson, TestDevice, testPolicy } from '../support/test-device.ts';
import { ask, enrolledDevice, problemOf, runningServer, signIn } from './running.ts';

const started = { type: 'service.started', data: { version: '0.1.0', bootId: 'b', previousStop: 'none' } } as const;

/** Everything the server holds, as the console sees it. */
async function held(server: Awaited<ReturnType<typeof runningServer>>) {
  const cookie = await signIn(server);
  const list = events.parse(await (await ask(server, cookie, '/v1/console/events?limit=200')).json());
  const all = machines.parse(await (await ask(server, cookie, '/v1/console/machines')).json());
  const state = overview.parse(await (await ask(server, cookie, '/v1/console/overview')).json());
  return { events: list.items, machines: all.items, overview: state };
}

describe('a batch that continues the chain', () => {
  test('is committed and answered with a receipt for its head, signed by the server', async () => {
    const server = await runningServer({ pollSeconds: 7 });
    const device = await enrolledDevice(server);
    device.begin();
    const last = device.record(started);
    const answer = await device.sync(server.origin);
    expect(answer.receipt).toMatchObject({ deviceId: device.deviceId, epoch: 1, seq: 2, hash: last.hash });
    expect(answer.receipt && receiptHolds(server.serverPublicKey, answer.receipt)).toBe(true);
    expect(answer.nextPollSeconds).toBe(7);
    expect(answer.policy).toBeUndefined();
    expect((await held(server)).events.map((event) => event.seq)).toEqual([2, 1]);
  });

  test('may come packed with gzip', async () => {
    const server = await runningServer();
    const device = await enrolledDevice(server);
    device.begin();
    const { gzipSync } = await import('node:zlib');
    const answer = await fetch(`${server.origin}/v1/sync`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      body: gzipSync(JSON.stringify(device.syncRequest(device.records))),
    });
    expect(answer.status).toBe(200);
    expect((await held(server)).events).toHaveLength(1);
  });

  test('brings the current policy exactly when the machine has another or none', async () => {
    const server = await runningServer();
    const device = await enrolledDevice(server);
    const { published } = await server.publish(testPolicy());
    const without = await device.sync(server.origin, []);
    expect(without.policy?.hash).toBe(published.hash);
    expect(without.policy && signedPolicyFault(server.serverPublicKey, without.policy)).toBeNull();
    expect((await device.sync(server.origin, [], published.hash)).policy).toBeUndefined();
    const next = await server.publish(testPolicy(' Change it when asked.'));
    expect((await device.sync(server.origin, [], published.hash)).policy).toMatchObject({
      hash: next.published.hash,
      version: 2,
    });
  });

  test('is taken a second time without anything being held twice, with the same receipt', async () => {
    const server = await runningServer();
    const device = await enrolledDevice(server);
    device.begin();
    device.record(started);
    const first = await device.sync(server.origin);
    const again = await device.sync(server.origin);
    expect(again.receipt).toEqual(first.receipt);
    expect((await held(server)).events).toHaveLength(2);
  });

  test('that overlaps what is held is taken from where it is new', async () => {
    const server = await runningServer();
    const device = await enrolledDevice(server);
    device.begin();
    device.record(started);
    device.record(started);
    await device.sync(server.origin, device.records.slice(0, 2));
    device.record(started);
    const answer = await device.sync(server.origin, device.records.slice(1));
    expect(answer.receipt?.seq).toBe(4);
    expect((await held(server)).events.map((event) => event.seq)).toEqual([4, 3, 2, 1]);
  });

  test('that ends before what is held is answered with the receipt for what is held', async () => {
    const server = await runningServer();
    const device = await enrolledDevice(server);
    device.begin();
    device.record(started);
    device.record(started);
    await device.sync(server.origin);
    expect((await device.sync(server.origin, device.records.slice(0, 2))).receipt?.seq).toBe(3);
    expect((await device.sync(server.origin, [])).receipt?.seq).toBe(3);
  });

  test('of a thousand records is taken whole', async () => {
    const server = await runningServer();
    const device = await enrolledDevice(server);
    device.begin();
    for (let count = 1; count < 1_000; count += 1) device.record({ ...started, account: `person${count % 7}` });
    expect((await device.sync(server.origin)).receipt?.seq).toBe(1_000);
    expect((await held(server)).overview).toMatchObject({ eventsToday: 1_000, people: 7 });
  });

  test('sent by many requests at once is held once', async () => {
    const server = await runningServer();
    const device = await enrolledDevice(server);
    device.begin();
    for (let count = 0; count < 20; count += 1) device.record(started);
    const lengths = [1, 5, 21, 21, 13, 2, 21, 8];
    await Promise.all(lengths.map((length) => device.sync(server.origin, device.records.slice(0, length))));
    expect((await held(server)).events.map((event) => event.seq)).toEqual(
      Array.from({ length: 21 }, (_, index) => 21 - index),
    );
  });

  test('of a new epoch is taken when it begins with the record that says why', async () => {
    const server = await runningServer();
    const device = await enrolledDevice(server);
    device.begin();
    await device.sync(server.origin);
    device.begin(2);
    device.record(started);
    expect((await device.sync(server.origin)).receipt).toMatchObject({ epoch: 2, seq: 2 });
    expect((await held(server)).machines[0]).toMatchObject({ epoch: 2, head: 2, forks: 0 });
  });

  test('notes when the machine was seen and how far its clock is off', async () => {
    const now = new Date('2026-09-07T08:00:00.000Z');
    const server = await runningServer({ now: () => now });
    const device = await enrolledDevice(server);
    await postJson(`${server.origin}/v1/sync`, device.syncRequest([], null, new Date('2026-09-07T07:59:57.500Z')));
    expect((await held(server)).machines[0]).toMatchObject({ clockOffsetMs: 2_500, lastSeenAt: now.toISOString() });
  });
});

describe('a batch that cannot be taken changes nothing', () => {
  test('a gap: the answer says where to go on', async () => {
    const server = await runningServer();
    const device = await enrolledDevice(server);
    device.begin();
    await device.sync(server.origin);
    device.record(started);
    device.record(started);
    const answer = await postJson(`${server.origin}/v1/sync`, device.syncRequest(device.records.slice(2)));
    expect(answer.status).toBe(409);
    const problem = await problemOf(answer);
    expect(problem).toMatchObject({
      code: 'sync.gap',
      detail: 'Records before this batch are missing: send from record 2 on. Nothing was taken.',
    });
    expect(syncGap.parse(problem).expectedSeq).toBe(2);
    const state = await held(server);
    expect(state.events).toHaveLength(1);
    expect(state.overview.attention.map((one) => one.kind)).not.toContain('rejectedBatch');
  });

  test('a gap at the start of an epoch', async () => {
    const server = await runningServer();
    const device = await enrolledDevice(server);
    device.begin();
    device.record(started);
    const answer = await postJson(`${server.origin}/v1/sync`, device.syncRequest(device.records.slice(1)));
    expect(syncGap.parse(await answer.json()).expectedSeq).toBe(1);
    expect((await held(server)).events).toHaveLength(0);
  });

  test('a fork: what is held stays, the other record is kept as evidence and IT is told', async () => {
    const server = await runningServer();
    const device = await enrolledDevice(server, 'office-1');
    device.begin();
    device.record(started);
    const receipt = (await device.sync(server.origin)).receipt;
    const clone = new TestDevice('office-1', device.key);
    clone.records = device.records.slice(0, 1);
    clone.record({ ...started, account: 'someone' });
    clone.record(started);
    for (const batch of [clone.records, clone.records.slice(1), clone.records.slice(2)]) {
      const answer = await postJson(`${server.origin}/v1/sync`, clone.syncRequest(batch));
      expect(answer.status).toBe(409);
      expect(await problemOf(answer)).toMatchObject({
        code: 'sync.fork',
        detail:
          'The server already holds another record 2 of this machine. What it holds stays; both are kept as evidence and IT is told.',
      });
    }
    const state = await held(server);
    expect(state.events.map((event) => [event.seq, event.account])).toEqual([
      [2, null],
      [1, null],
    ]);
    expect(state.machines[0]?.forks).toBe(1);
    expect(state.overview.attention).toContainEqual({
      kind: 'fork',
      sentence: 'office-1 sent two different histories: it was copied, restored from a backup or tampered with.',
      href: `/machines/${device.deviceId}`,
    });
    expect((await device.sync(server.origin)).receipt).toEqual(receipt);
  });

  test('a request signed with another key: counted, and shown as needing attention', async () => {
    const server = await runningServer();
    const device = await enrolledDevice(server, 'office-1');
    device.begin();
    const genuine = device.syncRequest(device.records);
    const forged = signSyncRequest(new TestDevice().key, genuine);
    const answer = await postJson(`${server.origin}/v1/sync`, forged);
    expect(answer.status).toBe(401);
    expect(await problemOf(answer)).toMatchObject({
      code: 'sync.badSignature',
      field: 'signature',
      detail:
        "The request is not signed with this machine's key, so nothing was taken. Enrol the machine again if its key was replaced.",
    });
    const state = await held(server);
    expect(state.events).toHaveLength(0);
    expect(state.overview.attention).toContainEqual({
      kind: 'rejectedBatch',
      sentence: '1 batch was refused from office-1: wrong signature or broken chain.',
      href: `/machines/${device.deviceId}`,
    });
  });

  test("a head that is not signed with the machine's key", async () => {
    const server = await runningServer();
    const device = await enrolledDevice(server);
    device.begin();
    const { signature: _, ...request } = device.syncRequest(device.records);
    const stranger = new TestDevice().syncRequest(device.records);
    const answer = await postJson(
      `${server.origin}/v1/sync`,
      signSyncRequest(device.key, { ...request, head: stranger.head }),
    );
    expect(answer.status).toBe(401);
    expect(await problemOf(answer)).toMatchObject({ code: 'sync.badSignature', field: 'head.signature' });
    expect((await held(server)).events).toHaveLength(0);
  });

  test('a machine that is not enrolled', async () => {
    const server = await runningServer();
    const stranger = new TestDevice();
    stranger.begin();
    const answer = await postJson(`${server.origin}/v1/sync`, stranger.syncRequest(stranger.records));
    expect(answer.status).toBe(401);
    expect(await problemOf(answer)).toMatchObject({
      code: 'sync.unknownDevice',
      field: 'deviceId',
      detail: 'This machine is not enrolled here. Enrol it with a token from this server.',
    });
    expect((await held(server)).machines).toHaveLength(0);
  });

  test('a body that was changed after it was hashed', async () => {
    const server = await runningServer();
    const device = await enrolledDevice(server);
    device.begin();
    const genuine = device.record({ ...started, account: 'alex' });
    if (genuine.body === null) throw new Error('a sealed record has its body');
    const changed = { ...genuine, body: { ...genuine.body, account: { id: '1000', name: 'sam' } } };
    const request = device.syncRequest([...device.records.slice(0, 1), changed]);
    const answer = await postJson(`${server.origin}/v1/sync`, request);
    expect(answer.status).toBe(422);
    expect(await problemOf(answer)).toMatchObject({
      code: 'sync.brokenChain',
      field: 'records.1',
      detail: 'Record 2 cannot be taken: its body is not the one that was hashed. Nothing of this batch was taken.',
    });
    expect((await held(server)).events).toHaveLength(0);
  });

  test('records out of order, left out, of another epoch, or with a head elsewhere', async () => {
    const server = await runningServer();
    const device = await enrolledDevice(server);
    device.begin();
    device.record(started);
    device.record(started);
    const [one, two, three] = device.records;
    if (one === undefined || two === undefined || three === undefined) throw new Error('three records were made');
    const signed = (records: (typeof one)[], epoch = 1, head = device.syncRequest(records).head) =>
      signSyncRequest(device.key, { ...device.syncRequest(records), epoch, head });
    const cases = [
      [
        signed([two, one, three]),
        'Record 1 cannot be taken: it comes after record 2. Nothing of this batch was taken.',
      ],
      [signed([one, three]), 'Record 3 cannot be taken: it comes after record 1. Nothing of this batch was taken.'],
      [
        signed([one, two], 2),
        'Record 1 cannot be taken: it belongs to epoch 1, the batch to 2. Nothing of this batch was taken.',
      ],
      [
        signed([one, two], 1, device.syncRequest([one]).head),
        'The signed head is not the last record of the batch. Nothing was taken.',
      ],
    ] as const;
    for (const [request, detail] of cases) {
      const answer = await postJson(`${server.origin}/v1/sync`, request);
      expect(answer.status).toBe(422);
      expect(await problemOf(answer)).toMatchObject({ code: 'sync.brokenChain', detail });
    }
    expect((await held(server)).events).toHaveLength(0);
  });

  test('an epoch that does not begin by saying why', async () => {
    const server = await runningServer();
    const device = await enrolledDevice(server);
    device.record(started);
    const answer = await postJson(`${server.origin}/v1/sync`, device.syncRequest(device.records));
    expect(answer.status).toBe(422);
    expect((await problemOf(answer)).detail).toBe(
      'Record 1 cannot be taken: the first record of an epoch says why the epoch began, this one does not. Nothing of this batch was taken.',
    );
    expect((await held(server)).events).toHaveLength(0);
  });

  test('a chain that does not start where its machine and epoch start', async () => {
    const server = await runningServer();
    const device = await enrolledDevice(server);
    const first = device.begin();
    if (first.body === null) throw new Error('a sealed record has its body');
    device.records = [sealRecord(first.body, 'a'.repeat(64), Buffer.alloc(16))];
    const answer = await postJson(`${server.origin}/v1/sync`, device.syncRequest(device.records));
    expect(answer.status).toBe(422);
    expect((await problemOf(answer)).detail).toContain('it does not start the chain of this machine and epoch');
  });

  test('more records than a batch may have, or a field out of its bounds, by name', async () => {
    const server = await runningServer();
    const device = await enrolledDevice(server);
    device.begin();
    const request = device.syncRequest(device.records);
    const cases = [
      [{ ...request, records: Array.from({ length: 1_001 }, () => request.records[0]) }, 'records'],
      [{ ...request, epoch: 0 }, 'epoch'],
      [{ ...request, head: null }, 'head'],
      [{ ...request, sentAt: 'yesterday' }, 'sentAt'],
      [{ ...request, deviceId: 'x' }, 'deviceId'],
    ] as const;
    for (const [body, field] of cases) {
      const answer = await postJson(`${server.origin}/v1/sync`, body);
      expect(answer.status).toBe(400);
      expect(await problemOf(answer)).toMatchObject({ code: 'sync.invalid', field });
    }
    expect((await held(server)).events).toHaveLength(0);
  });
});
