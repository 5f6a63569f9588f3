import { readFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { join, resolve } from 'node:path';
import { build, type InlineConfig } from 'vite';
import { z } from 'zod';
import { pageChannel, pageProtocol } from '../src/contract/shell.ts';

const root = resolve(import.meta.dirname, '..');
/** What the preload script knows of the page protocol: its channels by name. */
const pageChannels = {
  requests: Object.fromEntries(Object.keys(pageProtocol.requests).map((name) => [name, pageChannel(name)])),
  viewChanged: pageChannel('viewChanged'),
};
const external = ['electron', ...builtinModules, ...builtinModules.map((name) => `node:${name}`)];

/**
 * Builds the shell into `outDir`: `main.js` (ESM) and `preload.cjs` (one CommonJS file, as the sandbox asks for).
 * Everything but `electron` and Node's own modules is inside. Pages are looked for in `../pages/` beside it.
 */
export async function bundleMain(outDir: string): Promise<void> {
  const described: unknown = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const { version } = z.object({ version: z.string() }).parse(described);
  await build(configFor('main.ts', 'main.js', 'es', outDir, version));
  await build(configFor('preload.ts', 'preload.cjs', 'cjs', outDir, version));
}

function configFor(entry: string, file: string, format: 'es' | 'cjs', outDir: string, version: string): InlineConfig {
  return {
    configFile: false,
    root,
    logLevel: 'warn',
    define: { USHER_VERSION: JSON.stringify(version), USHER_PAGE_CHANNELS: JSON.stringify(pageChannels) },
    ssr: { noExternal: true, external: ['electron'] },
    build: {
      ssr: join(root, 'main', entry),
      outDir,
      emptyOutDir: false,
      target: 'node24',
      minify: false,
      rolldownOptions: { external, output: { format, entryFileNames: file, codeSplitting: false } },
    },
  };
}
