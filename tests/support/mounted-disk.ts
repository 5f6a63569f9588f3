import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const mount = (folder: string, size: string): boolean =>
  spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder]).status === 0;

function mountWorks(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  const folder = mkdtempSync(join(tmpdir(), 'usher-mount-'));
  const mounted = mount(folder, '64k');
  if (mounted) spawnSync('umount', [folder]);
  rmSync(folder, { recursive: true, force: true });
  return mounted;
}

/** Can a small disk be mounted here? Needs root on Linux. */
export const canMountDisks = mountWorks();
/** For a test's name, where it cannot run. */
export const needsMount = canMountDisks ? '' : ' (skipped: mounting a small disk needs root on Linux)';

export interface SmallDisk {
  folder: string;
  fill(): void;
  makeRoom(): void;
}

/** A real file system of so many MiB; `unmount` when done. */
export function mountSmallDisk(mebibytes: number): SmallDisk & { unmount(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'usher-small-disk-'));
  if (!mount(folder, `${mebibytes}m`)) throw new Error('The small disk could not be mounted');
  const ballast = join(folder, 'ballast');
  return {
    folder,
    fill() {
      const { bavail, bsize } = statfsSync(folder);
      try {
        writeFileSync(ballast, Buffer.alloc(bavail * bsize));
      } catch (error) {
        // Somebody else wrote meanwhile: it is full all the same.
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
      }
    },
    makeRoom: () => rmSync(ballast),
    unmount() {
      spawnSync('umount', [folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
