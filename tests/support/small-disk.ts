import { onTestFinished } from 'vitest';
import { mountSmallDisk, type SmallDisk } from './mounted-disk.ts';

export { canMountDisks, needsMount, type SmallDisk } from './mounted-disk.ts';

/** A real file system of 2 MiB, unmounted when the test is over. */
export function smallDisk(): SmallDisk {
  const disk = mountSmallDisk(2);
  onTestFinished(() => disk.unmount());
  return disk;
}
