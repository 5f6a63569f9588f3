import { join } from 'node:path';
import { expect, test } from 'vitest';
import { canMountDisks, needsMount, smallDisk } from '../support/small-disk.ts';
import { openIn, shown } from './journal-in-test.ts';

test.skipIf(!canMountDisks)(
  `a full disk: the event is refused with what to do, nothing is half written, and it goes on when there is room${needsMount}`,
  () => {
    const disk = smallDisk();
    const folder = join(disk.folder, 'service');
    const { journal } = openIn(folder);
    journal.append(shown());
    disk.fill();
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

    disk.makeRoom();
    expect(journal.append(shown()).seq).toBe(before.seq + 1);
    expect(journal.append(shown()).seq).toBe(before.seq + 2);
  },
);
