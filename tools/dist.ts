import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fetchElectronProgram } from './launch/electron-program.ts';
import { projectRoot } from './launch/program.ts';

/** `npm run dist`: installers for this operating system, where Electron's program can be had. */
const missing = await fetchElectronProgram(new Date(), console.log);
if (missing !== null) {
  console.error(`No installer was made: ${missing}. Run this on a computer that can reach GitHub's downloads.`);
  process.exit(1);
}
assembleAgent();
const built = spawnSync(
  process.execPath,
  [path.join(projectRoot, 'node_modules/electron-builder/cli.js'), '--publish', 'never'],
  {
    cwd: projectRoot,
    stdio: 'inherit',
  },
);
process.exit(built.status ?? 1);

/** What the service and the `usher` command need on a machine without Node: Node itself, their bundles, native packages. */
function assembleAgent(): void {
  const agent = path.join(projectRoot, 'dist/agent');
  rmSync(agent, { recursive: true, force: true });
  mkdirSync(agent, { recursive: true });
  cpSync(process.execPath, path.join(agent, path.basename(process.execPath)), { dereference: true });
  for (const name of ['service', 'cli'])
    cpSync(path.join(projectRoot, 'dist', name), path.join(agent, name), { recursive: true });
  for (const name of ['better-sqlite3', 'koffi', '@koromix', 'usb', 'node-gyp-build']) {
    const from = path.join(projectRoot, 'node_modules', name);
    if (existsSync(from)) cpSync(from, path.join(agent, 'node_modules', name), { recursive: true });
  }
}
