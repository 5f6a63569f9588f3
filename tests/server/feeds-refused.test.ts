import { describe, expect, test, vi } from 'vitest';
import { alertPaths } from '../../src/contract/console-alerts.ts';
import { overview } from '../../src/contract/console.ts';
import type { FeedEvent } from '../../src/server/feeds/feed-event.ts';
import { webReceiver } from '../support/receivers/web-receiver.ts';
import { alertingServer, lockFailed } from './alerting-server.ts';
import { enrolledDevice, problemOf, storeOf } from './running.ts';

const soon = { timeout: 20_000, interval: 40 };

describe('a receiver that refuses what is in a batch', () => {
  /** A feed whose receiver refuses every request with one of these events in it. */
  async function refusing(refuses: readonly number[], status = 400) {
    const it = await alertingServer();
    const receiver = await webReceiver();
    const seqsOf = ({ body }: { body: string }) => (JSON.parse(body).data.events as FeedEvent[]).map((one) => one.seq);
    receiver.answerAlways((received) =>
      seqsOf(received).some((seq) => refuses.includes(seq)) ? { status, body: 'no such field: data.why' } : 200,
    );
    const { id } = await it.made(alertPaths.feeds, {
      ...{ kind: 'webhook', name: 'Data lake', url: receiver.url },
      ...{ schoolId: null, types: [], includeNames: false, from: 'beginning', enabled: true },
    });
    const device = await enrolledDevice(it.server, 'room-12');
    device.begin();
    for (let number = 1; number < 300; number += 1) device.record({ ...lockFailed, account: `person.${number}` });
    await device.sync(it.server.origin);
    const skip = (event: number) => it.send(`/v1/console/event-feeds/${id}/skip`, { event });
    return { ...it, receiver, skip, taken: () => receiver.taken.flatMap(seqsOf) };
  }

  test('gets everything before the one it does not like; there the feed stands, and says what to do', async () => {
    const { feeds, taken, read, receiver } = await refusing([150]);
    await vi.waitFor(async () => {
      expect(await feeds()).toMatchObject([
        {
          refusedEvent: { number: 150, type: 'lock.failed', machine: 'room-12' },
          ...{ sent: 149, behind: 151, failing: true, lastFailure: 'It answered 400 no such field: data.why' },
        },
      ]);
    }, soon);
    expect(taken()).toEqual(Array.from({ length: 149 }, (_, index) => index + 1));
    // It tries that one again, alone, and does not look for it anew.
    const before = receiver.all.length;
    await vi.waitFor(() => expect(receiver.all.length).toBeGreaterThan(before), soon);
    expect(receiver.all.slice(before).every(({ body }) => JSON.parse(body).data.events.length === 1)).toBe(true);
    const { attention } = await read('/v1/console/overview', overview);
    expect(attention.find(({ kind }) => kind === 'feedBehind')?.sentence).toMatch(/stands at event 150, .* skipped/);
  });

  test('is passed that one by when somebody says so, which is in the audit trail, and gets the rest', async () => {
    const { server, feeds, skip, taken } = await refusing([150, 151, 300], 422);
    for (const number of [150, 151, 300]) {
      await vi.waitFor(async () => expect((await feeds())[0]?.refusedEvent?.number).toBe(number), soon);
      expect(await problemOf(await skip(number + 1))).toMatchObject({
        status: 409,
        code: 'feed.movedOn',
        field: 'event',
      });
      expect((await skip(number)).status).toBe(200);
      expect((await skip(number)).status).toBe(409);
    }
    await vi.waitFor(async () => {
      expect(await feeds()).toMatchObject([{ refusedEvent: null, sent: 297, refused: 3, behind: 0 }]);
    }, soon);
    expect(taken()).toEqual(
      Array.from({ length: 300 }, (_, index) => index + 1).filter((seq) => ![150, 151, 300].includes(seq)),
    );
    const store = await storeOf(server.folder);
    const skipped = await store
      .selectFrom('audit_entries')
      .select('body')
      .where('action', '=', 'feed.eventSkipped')
      .execute();
    await store.destroy();
    expect(skipped.map(({ body }) => JSON.parse(body).detail.event)).toEqual([150, 151, 300]);
    expect(JSON.parse(skipped[0]?.body ?? '{}').detail).toMatchObject({
      name: 'Data lake',
      answer: expect.stringContaining('422'),
    });
  });

  test('goes on by itself once it takes the event, and loses nothing while it refuses everything', async () => {
    const everything = Array.from({ length: 300 }, (_, index) => index + 1);
    const { feeds, receiver, taken } = await refusing(everything, 413);
    await vi.waitFor(
      async () => expect(await feeds()).toMatchObject([{ refusedEvent: { number: 1 }, behind: 300 }]),
      soon,
    );
    await new Promise((done) => setTimeout(done, 500));
    expect(taken()).toEqual([]);
    receiver.answerAlways(200);
    await vi.waitFor(
      async () => expect(await feeds()).toMatchObject([{ refusedEvent: null, sent: 300, behind: 0 }]),
      soon,
    );
    expect(taken()).toEqual(everything);
  });
});
