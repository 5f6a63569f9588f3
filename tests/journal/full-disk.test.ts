import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openIn, shown } from './journal-in-test.ts';

const canMount = process.platform === 'linux' && process.getuid?.() === 0 && mountWorks();

function mountWorks(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'usher-mount-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]).status === 0;
  if (mounted) spawnSync('umount', [folder]);
  rmSync(folder, { recursive: true, force: true });
  return mounted;
}

test.skipIf(!canMount)(
  `a full disk: the event is refused with what to do, nothing is half written, and it goes on when there is room${canMount ? '' : ' (skipped: mounting a small disk needs root on Linux)'}`,
  () => {
    const disk = mkdtempSync(join(tmpdir(), 'usher-small-disk-'));
    expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk]).status).toBe(0);
    onTestFinished(() => {
      spawnSync('umount', [disk]);
      rmSync(disk, { recursive: true, force: true });
    });
    const folder = join(disk, 'service');
    const { journal } = openIn(folder);
    journal.append(shown());
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(join(disk, 'ballast'), Buffer.alloc(bavail * bsize));
    let refusal: unknown = null;
    for (let tries = 0; tries < 400 && refusal === null; tries += 1) {
      try {
        journal.append(shown(tries + 1));
      } catch (error) {
        refusal = error;
      }
    }
    const before = journal.head();
    expect(refusal).toMatchObject({
      code: 'journal.diskFull',
      message: `The disk that holds ${folder} is full, so nothing could be recorded. Free some space on it; the next record is written as usual.`,
    });
    expect(() => journal.append(shown())).toThrow('is full');
    expect(journal.head()).toEqual(before);

    rmSync(join(disk, 'ballast'));
    expect(journal.append(shown()).seq).toBe(before.seq + 1);
    expect(journal.append(shown()).seq).toBe(before.seq + 2);
  },
);
