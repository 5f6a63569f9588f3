import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { InlineConfig } from 'vite';

const root = path.resolve(import.meta.dirname, '..');

/** Packages with native code or with files of their own: loaded from node_modules at run time, never bundled. */
const external = [/^node:/, 'electron', 'better-sqlite3', 'koffi', 'usb'];

interface Target {
  name: string;
  /** Folders and files whose change makes the target stale. */
  inputs: string[];
  build: () => Promise<void>;
}

async function viteBuild(config: InlineConfig): Promise<void> {
  const { build } = await import('vite');
  await build(config);
}

function program(
  name: string,
  entry: string,
  inputs: string[],
  bundlePackages: boolean,
  outputs: InlineConfig['build'] = {},
): Target {
  return {
    name,
    inputs,
    build: () =>
      viteBuild({
        root,
        configFile: false,
        logLevel: 'warn',
        ssr: bundlePackages ? { noExternal: true, external: ['electron', 'better-sqlite3', 'koffi', 'usb'] } : {},
        build: {
          ssr: true,
          target: 'node24',
          outDir: path.join(root, 'dist', name),
          emptyOutDir: true,
          minify: false,
          sourcemap: true,
          rolldownOptions: { input: path.join(root, entry), external, output: { entryFileNames: '[name].js' } },
          ...outputs,
        },
      }),
  };
}

const targets: Target[] = [
  {
    name: 'pages',
    inputs: ['renderer', 'src/contract', 'src/rules', 'src/words', 'vite.config.ts'],
    build: () => viteBuild(pages('kiosk')),
  },
  {
    name: 'console',
    inputs: ['renderer', 'src/contract', 'src/rules', 'src/words', 'vite.config.ts'],
    build: () => viteBuild(pages('console')),
  },
  {
    name: 'main',
    inputs: ['main', 'src/contract', 'src/wire', 'src/rules', 'src/words', 'package.json', 'tools/bundle-main.ts'],
    build: async () => (await import('./bundle-main.ts')).bundleMain(path.join(root, 'dist/main')),
  },
  program('service', 'src/service/main.ts', ['src'], true),
  program('server', 'src/server/main.ts', ['src'], false),
  program('cli', 'src/cli/usher.ts', ['src'], false),
];

function pages(mode: string): InlineConfig {
  return { configFile: path.join(root, 'vite.config.ts'), mode, logLevel: 'warn' };
}

function* filesBelow(entry: string): Generator<string> {
  const whole = path.join(root, entry);
  if (!existsSync(whole)) return;
  if (!statSync(whole).isDirectory()) return yield whole;
  for (const each of readdirSync(whole, { withFileTypes: true })) {
    yield* filesBelow(path.join(entry, each.name));
  }
}

/** Changes when any input, the builder or a dependency does. */
function fingerprint(inputs: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of [...inputs, 'package-lock.json', 'tools/build.ts']
    .flatMap((entry) => [...filesBelow(entry)])
    .sort()) {
    const { mtimeMs, size } = statSync(file);
    hash.update(`${path.relative(root, file)} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

const stampOf = (target: Target) => path.join(root, 'dist', '.built', target.name);

function isStale(target: Target): boolean {
  const stamp = stampOf(target);
  return !existsSync(stamp) || readFileSync(stamp, 'utf8') !== fingerprint(target.inputs);
}

/**
 * Builds what is out of date into `dist/`; quick when nothing is.
 * @param tell called with one line of progress a target.
 * @param only names of the targets wanted; all without it.
 * @returns the names of what was built.
 */
export async function buildWhatIsStale(tell: (line: string) => void, only?: readonly string[]): Promise<string[]> {
  const stale = targets.filter((target) => (only?.includes(target.name) ?? true) && isStale(target));
  if (stale.length === 0) return [];
  mkdirSync(path.join(root, 'dist', '.built'), { recursive: true });
  for (const [index, target] of stale.entries()) {
    tell(`Building ${target.name} (${index + 1} of ${stale.length}) …`);
    const before = fingerprint(target.inputs);
    await target.build();
    writeFileSync(stampOf(target), before);
  }
  return stale.map((target) => target.name);
}

if (import.meta.main) {
  const names = process.argv.slice(2);
  await buildWhatIsStale(console.error, names.length === 0 ? undefined : names);
}
