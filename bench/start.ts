import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { projectRoot } from '../tools/launch/program.ts';
import { rounded, type Figures } from './figure.ts';

const run = promisify(execFile);
const startWithinMs = 120_000;

/**
 * `npm start` as a person types it, until the policy is on screen: here, and in a fresh clone of what is committed.
 * `nodeModulesReadyS` is the set-up of that clone from nothing (the package cache of this computer may help it).
 */
export async function measureStart(tell: (line: string) => void): Promise<Figures> {
  const folder = mkdtempSync(path.join(tmpdir(), 'usher-bench-'));
  try {
    tell('  … npm start with everything installed');
    await policyOnScreen(projectRoot, path.join(folder, 'warm'));
    const installed = await policyOnScreen(projectRoot, path.join(folder, 'state'));
    tell('  … a fresh clone: npm run setup');
    const clone = path.join(folder, 'clone');
    await run('git', ['clone', '--quiet', projectRoot, clone]);
    const began = performance.now();
    await run('npm', ['run', 'setup'], { cwd: clone, env: outsideEnvironment(), maxBuffer: 1 << 26 });
    const ready = (performance.now() - began) / 1000;
    tell('  … npm start there, which builds everything first');
    const fresh = await policyOnScreen(clone, path.join(folder, 'clone-state'));
    return {
      nodeModulesReadyS: { value: rounded(ready, 1), unit: 's' },
      aupOnScreenS: { value: rounded(installed, 1), unit: 's', goal: '≤ 5' },
      freshCloneAupOnScreenS: { value: rounded(fresh, 1), unit: 's after set-up' },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** This process runs under npm; what it starts must not believe that it does too. */
function outsideEnvironment(): Record<string, string | undefined> {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('npm_') && name !== 'NODE');
  return { ...Object.fromEntries(kept), STANDIN_CONTROL: '1' };
}

/** Seconds from typing `npm start` until a page of the shell shows the gate. */
async function policyOnScreen(folder: string, state: string): Promise<number> {
  const began = performance.now();
  const child = spawn('npm', ['start', '--', '--state', state, '--port', '0'], {
    cwd: folder,
    env: outsideEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
    // Its own group, so that Ctrl+C can be sent as a terminal does: to all of it.
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (output += text.toString()));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  try {
    const viewer = await found(
      () => /in any browser: (\S+)/.exec(output)?.[1],
      () => output,
    );
    const log = path.join(state, 'logs', 'shell.log');
    await gateShown(log);
    void viewer;
    return (performance.now() - began) / 1000;
  } finally {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT');
    await ended;
  }
}

async function found(find: () => string | undefined, said: () => string): Promise<string> {
  const until = performance.now() + startWithinMs;
  for (;;) {
    const value = find();
    if (value !== undefined) return value;
    if (performance.now() > until) throw new Error(`npm start did not get ready:\n${said()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Looks at the shell's own windows until the policy, or the card before it, is there to read. */
async function gateShown(logFile: string): Promise<void> {
  const devTools = await found(
    () => /"devTools":"([^"]+)"/.exec(readFileSync(logFile, 'utf8'))?.[1],
    () => readFileSync(logFile, 'utf8'),
  );
  const browser = await chromium.connectOverCDP(devTools);
  try {
    const until = performance.now() + startWithinMs;
    for (;;) {
      for (const page of browser.contexts().flatMap((context) => context.pages())) {
        const shown = page.getByRole('heading', { level: 1 });
        if (page.url().includes('/aup/') && (await shown.count()) > 0) return;
      }
      if (performance.now() > until) throw new Error('The policy did not come on screen.');
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  } finally {
    await browser.close();
  }
}
