#!/usr/bin/env node
// `npx usher …` and `npm run usher -- …`: the usher command out of a checkout, on the Node that comes with it.
// Progress goes to standard error, so that `--json` leaves standard output clean.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const tools = path.dirname(fileURLToPath(import.meta.url));
const root = path.dirname(tools);
await import('./setup.mjs');
const bundled = path.join(root, 'node_modules', '.bin', 'node');
const node = process.platform !== 'win32' && existsSync(bundled) ? bundled : process.execPath;
const built = spawnSync(
  node,
  [path.join(tools, 'build.ts'), 'cli', ...(process.argv[2] === 'server' ? ['server'] : [])],
  { stdio: ['ignore', 2, 2] },
);
if (built.status !== 0) process.exit(built.status ?? 1);
const ran = spawnSync(node, [path.join(root, 'dist', 'cli', 'usher.js'), ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exit(ran.status ?? 1);
