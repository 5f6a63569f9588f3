import { fork, type ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { serverNodeFlags, serverReady } from '../../src/contract/launcher.ts';
import { localTrust, openStore, type Store } from '../../src/server/store/database.ts';
import { serverFolder } from '../../src/server/index.ts';
import { keyFingerprint } from '../../src/proof/index.ts';
import { environmentOf } from '../../tools/launch/machine.ts';
import { projectRoot, startProgram, type Program } from '../../tools/launch/program.ts';
import { usageOf } from '../process-usage.ts';
import { bareReady } from './bare-endpoint.ts';
import type { SealedMachine } from './sealed-machine.ts';

export interface MeasuredServer {
  origin: string;
  processId: number;
  stop(): Promise<void>;
}

/** Opens the store a server on this folder has, as another connection; the caller destroys it. */
export async function storeOf(stateFolder: string): Promise<Store> {
  mkdirSync(serverFolder(stateFolder), { recursive: true, mode: 0o700 });
  return await openStore(path.join(serverFolder(stateFolder), 'usher.db'));
}

/** Puts machines straight into the store: enrolling is not what is measured. */
export async function enrolInStore(store: Store, machines: readonly SealedMachine[]): Promise<void> {
  const rowsAtOnce = 500;
  for (let from = 0; from < machines.length; from += rowsAtOnce) {
    await store
      .insertInto('devices')
      .values(
        machines.slice(from, from + rowsAtOnce).map(({ deviceId, key, hostname }) => ({
          trust_id: localTrust.trustId,
          school_id: localTrust.schoolId,
          device_id: deviceId,
          public_key: key.publicKey,
          key_fingerprint: keyFingerprint(key.publicKey),
          hostname,
          operating_system: 'Debian GNU/Linux 13',
          model: null,
          serial: null,
          agent_version: '0.1.0',
          enrolled_at: new Date().toISOString(),
          last_seen_at: null,
          clock_offset_ms: null,
          policy_hash: null,
          sort_name: hostname,
          search_text: hostname,
          standing: 'approved',
          standing_reason: '',
          exchange_displaced: '[]',
        })),
      )
      .execute();
  }
}

/** The server as it is installed: the built program, in a process of its own. */
export async function startMeasuredServer(
  stateFolder: string,
  environment: Record<string, string> = {},
): Promise<MeasuredServer> {
  const profile = process.env['USHER_BENCH_PROFILE'];
  const { program, ready }: { program: Program; ready: { origin: string } } = await startProgram(
    {
      name: 'server',
      command: process.execPath,
      arguments: [
        ...(profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]),
        ...serverNodeFlags,
        path.join(projectRoot, 'dist/server/main.js'),
      ],
      environment: { ...environment, ...environmentOf({ stateFolder, serverPort: '0', logLevel: 'warn' }) },
      logFolder: path.join(stateFolder, 'logs'),
    },
    serverReady,
  );
  return { origin: ready.origin, processId: program.processId, stop: () => program.stop(30_000) };
}

/** The endpoint ours is measured against, in a process of its own. */
export async function startBareEndpoint(database: string, machines: readonly SealedMachine[]): Promise<MeasuredServer> {
  const child = fork(fileURLToPath(new URL('bare-endpoint.ts', import.meta.url)));
  const keys = Object.fromEntries(machines.map(({ deviceId, key }) => [deviceId, key.publicKey]));
  const origin = await new Promise<string>((resolve, reject) => {
    child.once('message', () => child.send({ kind: 'serve', database, keys }));
    child.on('message', (message) => {
      const ready = bareReady.safeParse(message);
      if (ready.success) resolve(ready.data.origin);
    });
    child.once('exit', (code) => reject(new Error(`The bare endpoint ended with ${String(code)}.`)));
  });
  return { origin, processId: child.pid ?? -1, stop: () => stopped(child) };
}

function stopped(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}

/** The largest resident set of a process while something runs, looked at five times a second. */
export async function largestRss<T>(processId: number, run: () => Promise<T>): Promise<{ value: T; rssMb: number }> {
  let rssMb = usageOf(processId).rssMb;
  const watch = setInterval(() => {
    rssMb = Math.max(rssMb, usageOf(processId).rssMb);
  }, 200);
  try {
    const value = await run();
    return { value, rssMb };
  } finally {
    clearInterval(watch);
  }
}
