// Makes node_modules match package-lock.json. Runs on the machine's own Node (20 or newer) before anything else,
// so it uses built-ins only; everything after it runs on the Node 24 that comes with the dependencies.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '..');
const modules = path.join(root, 'node_modules');
const mark = path.join(modules, '.usher-ready');
const neededNodeMajor = 24;

const lock = readFileSync(path.join(root, 'package-lock.json'));
const wanted = createHash('sha256').update(lock).digest('hex');

if (!existsSync(mark) || readFileSync(mark, 'utf8') !== wanted) {
  await install();
  writeFileSync(mark, wanted);
}
requireNode();

/** `npm ci`, with a line about how far it is every few seconds. */
async function install() {
  const expected = Object.keys(JSON.parse(lock.toString('utf8')).packages).length - 1;
  const began = Date.now();
  console.error(`Installing Usher's parts (${expected} packages, once; about a minute on a good line) …`);
  const child = spawn('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  const tell = setInterval(() => {
    const seconds = Math.round((Date.now() - began) / 1000);
    console.error(
      `  … ${Math.min(countPackages(modules), expected)} of ${expected} packages in place after ${seconds} s`,
    );
  }, 5_000);
  const code = await new Promise((resolve) => {
    child.on('exit', (status) => resolve(status ?? 1));
    child.on('error', () => resolve(1));
  });
  clearInterval(tell);
  if (code !== 0) {
    console.error(
      'The parts could not be installed: see the message above. Check the network and run the same command again.',
    );
    process.exit(1);
  }
  console.error(`Installed in ${((Date.now() - began) / 1000).toFixed(1)} s.`);
}

function countPackages(folder) {
  if (!existsSync(folder)) return 0;
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .reduce((sum, entry) => sum + (entry.name.startsWith('@') ? countPackages(path.join(folder, entry.name)) : 1), 0);
}

/** npm puts node_modules/.bin first in PATH; where the registry has no Node 24 for this computer, its own must do. */
function requireNode() {
  const bundled = path.join(modules, '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
  const command = existsSync(bundled) ? bundled : 'node';
  const version = spawnSync(command, ['-p', 'process.versions.node'], {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  }).stdout.trim();
  if (Number(version.split('.')[0]) >= neededNodeMajor) return;
  console.error(
    `Usher needs Node ${neededNodeMajor}; this computer has ${version || 'none'}. Install Node ${neededNodeMajor} from nodejs.org and run the same command again.`,
  );
  process.exit(1);
}
