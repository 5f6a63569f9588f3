import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runningServer } from '../server/running.ts';
import { canMountDisks, needsMount, smallDisk } from '../support/small-disk.ts';
import { testPolicy } from '../support/test-device.ts';
import { runningService, shellOf, submissionFor } from './running-service.ts';

test.skipIf(!canMountDisks)(
  `accepting on a full disk is refused with what to do, the gate stays, and it works when there is room${needsMount}`,
  async () => {
    const server = await runningServer();
    const { published } = await server.publish(testPolicy());
    const disk = smallDisk();
    const state = join(disk.folder, 'state');
    const service = await runningService(state, await server.enrolmentToken());
    const shell = await shellOf(service);
    await expect.poll(() => shell.view().gate.phase).toBe('asking');
    await expect.poll(() => service.sync().pending).toBe(0);
    disk.fill();
    while (fits(service)) continue;
    const head = service.journal.head();

    const refused = await shell.connection.call('accept', submissionFor(published));
    expect(refused).toEqual({
      ok: false,
      problem: {
        code: 'journal.diskFull',
        detail: `The disk that holds ${join(state, 'service')} is full, so nothing could be recorded. Free some space on it; the next record is written as usual.`,
      },
    });
    expect(service.journal.head()).toEqual(head);
    expect(shell.view().gate.phase).toBe('asking');

    disk.makeRoom();
    expect((await shell.connection.call('accept', submissionFor(published))).ok).toBe(true);
    await expect.poll(() => service.sync()).toMatchObject({ phase: 'synced', pending: 0 });
  },
);

/** Uses up what room the journal's files still have. */
function fits(service: Awaited<ReturnType<typeof runningService>>): boolean {
  try {
    service.journal.append({
      type: 'clock.moved',
      account: null,
      session: null,
      subject: null,
      rule: null,
      data: { bySeconds: 1 },
    });
    return true;
  } catch {
    return false;
  }
}
