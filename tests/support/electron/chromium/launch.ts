import { spawn, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { environment } from '../environment.ts';
import { CdpConnection } from './connection.ts';
import { newProfile, removeProfile } from './profile.ts';
import { chooseChromium, type ChromiumProgram } from './program.ts';

/** A running Chromium without any window. */
export interface Chromium {
  program: ChromiumProgram;
  connection: CdpConnection;
  profile: string;
  processId: number;
  /** Flags every process on this profile needs. */
  flags: string[];
  /** Address for other DevTools clients; only where tests may drive the stand-in. */
  devToolsAddress(): Promise<string>;
  close(): Promise<void>;
}

const closeWithinMs = 2_000;

export async function launchChromium(): Promise<Chromium> {
  const program = await chooseChromium();
  const profile = newProfile();
  const flags = [`--user-data-dir=${profile}`, ...flagsFor(program)];
  const debugging = [
    '--remote-debugging-pipe',
    ...(environment.STANDIN_CONTROL === '1' ? ['--remote-debugging-port=0'] : []),
  ];
  const child = spawn(program.path, [...flags, ...debugging, '--no-startup-window'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...program.environment },
    // Its own group: Ctrl+C in the terminal reaches the shell only, which then ends Chromium in order.
    detached: process.platform !== 'win32',
  });
  const [, , , output, input] = child.stdio;
  if (!isWritable(output) || !isReadable(input) || child.pid === undefined) {
    throw new Error(`Chromium could not be started: ${program.path}`);
  }
  const connection = new CdpConnection(output, input);
  await Promise.race([connection.browser.send('Browser.getVersion'), startFailure(child, program)]);
  return {
    program,
    connection,
    profile,
    processId: child.pid,
    flags,
    devToolsAddress: () => readDevToolsAddress(profile),
    async close() {
      const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      if (child.exitCode === null && child.signalCode === null) {
        connection.browser.tell('Browser.close');
        await Promise.race([gone, sleep(closeWithinMs).then(() => child.kill('SIGKILL'))]);
      }
      removeProfile(profile);
    },
  };
}

function flagsFor(program: ChromiumProgram): string[] {
  const asRoot = process.getuid?.() === 0;
  return [
    ...(program.hasWindows ? [] : ['--headless', '--disable-gpu', '--disable-software-rasterizer']),
    // Chromium refuses its sandbox when started as root, and so does a container without user namespaces.
    ...(asRoot || !program.hasWindows ? ['--no-sandbox', '--test-type'] : []),
    // Electron lets a page load modules beside it from file: addresses; Chromium only with this.
    '--allow-file-access-from-files',
    '--lang=en-GB',
    '--no-first-run',
    '--no-default-browser-check',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-default-apps',
    '--disable-extensions',
    '--disable-quic',
    '--disable-popup-blocking',
    '--disable-session-crashed-bubble',
    '--disable-backgrounding-occluded-windows',
    '--disable-renderer-backgrounding',
    '--disable-features=Translate,MediaRouter,OptimizationHints',
    '--metrics-recording-only',
    '--password-store=basic',
    '--use-mock-keychain',
    '--force-color-profile=srgb',
  ];
}

function startFailure(child: ChildProcess, program: ChromiumProgram): Promise<never> {
  return new Promise((_resolve, reject) => {
    child.once('error', (error) => reject(new Error(`${program.path} could not be started: ${error.message}`)));
    child.once('exit', (code, signal) => reject(new Error(`${program.path} ended at once (${signal ?? code}).`)));
  });
}

async function readDevToolsAddress(profile: string): Promise<string> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const text = await readFile(join(profile, 'DevToolsActivePort'), 'utf8').catch(() => '');
    const [port, path] = text.trim().split('\n');
    if (port !== undefined && path !== undefined) return `ws://127.0.0.1:${port}${path}`;
    await sleep(20);
  }
  throw new Error('Chromium did not open its DevTools port.');
}

const isWritable = (stream: unknown): stream is Writable =>
  typeof stream === 'object' && stream !== null && 'write' in stream;
const isReadable = (stream: unknown): stream is Readable =>
  typeof stream === 'object' && stream !== null && 'pipe' in stream && 'read' in stream;
