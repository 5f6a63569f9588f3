import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Settings } from '../contract/settings.ts';

/** `sun_path` holds 104 bytes on macOS and 108 on Linux, with the closing zero (unix(4), unix(7)). */
const pathLimitBytes = 100;

/** Where shell and service meet: a Unix socket in the state folder, or a named pipe on Windows. */
export function socketPathFor(
  settings: Pick<Settings, 'stateFolder' | 'socketPath'>,
  platform: NodeJS.Platform = process.platform,
): string {
  if (settings.socketPath !== undefined) return settings.socketPath;
  const folder = resolve(settings.stateFolder);
  const short = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  if (platform === 'win32') return `\\\\.\\pipe\\usher-${short}`;
  const path = join(folder, 'service', 'usher.sock');
  return Buffer.byteLength(path) <= pathLimitBytes ? path : join(tmpdir(), `usher-${short}.sock`);
}
