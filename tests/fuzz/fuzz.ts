import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { z } from 'zod';
import { openStore, type Store } from '../../src/server/store/database.ts';
import { apiOf } from './api-routes.ts';
import { Callers, consoleCallers } from './callers.ts';
import { faultOf } from './judge.ts';
import { requestsTo, type FuzzRequest } from './requests.ts';
import { closeConnections, send, type FuzzAnswer } from './send.ts';
import { changedParts, stateOf, tablesOf, writesTo, wronglyChanged } from './store-state.ts';
import { fillTwoSchools, type TwoSchools } from './two-schools.ts';

export interface FuzzRun {
  requests: number;
  seed: number;
  /** Number of the first request; a failure is tried again with its own number and one request. */
  from?: number;
  databaseUrl?: string | undefined;
  /** Only routes whose path contains this. */
  only?: string | undefined;
  tell?: (line: string) => void;
}

export interface FuzzFailure {
  request: number;
  what: string;
  fault: string;
}

export interface FuzzTotals {
  requests: number;
  routes: number;
  byStatus: Record<string, number>;
  /** Answers to each signed-in caller: how many were a success, and of how many routes. */
  byCaller: Record<string, { requests: number; succeeded: number; routes: number }>;
  slowest: { route: string; milliseconds: number };
  failures: FuzzFailure[];
}

/** All scheduled work is done once after so many requests. */
const betweenJobs = 1_000;
/** After so many failures it is known that something is wrong. */
const mostFailures = 50;

const ready = z.object({
  origin: z.string(),
  operatorToken: z.string(),
  routes: z.array(z.object({ method: z.string(), url: z.string(), access: z.any(), permission: z.any() })),
});

/** Sends requests made from every route's own schema to a server process, and judges every answer. */
export async function fuzz(run: FuzzRun): Promise<FuzzTotals> {
  const stateFolder = mkdtempSync(join(tmpdir(), 'usher-fuzz-'));
  const place = run.databaseUrl ?? join(stateFolder, 'server', 'usher.db');
  let store: Store | null = null;
  try {
    const schools = await fillTwoSchools(stateFolder, run.databaseUrl, place);
    store = await openStore(place);
    const server = spawn(process.execPath, [join(import.meta.dirname, 'fuzz-server.ts')], {
      env: {
        PATH: process.env['PATH'] ?? '',
        FUZZ_STATE: stateFolder,
        ...(run.databaseUrl === undefined ? {} : { FUZZ_DATABASE: run.databaseUrl }),
      },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const ended = once(server, 'exit');
    try {
      const message = await Promise.race([once(server, 'message'), ended.then(() => null)]);
      if (message === null) throw new Error('The server under test ended before it was ready');
      return await withServer(ready.parse(message[0]), { run, store, place, stateFolder, schools, process: server });
    } finally {
      closeConnections();
      if (server.connected) server.disconnect();
      await ended;
    }
  } finally {
    await store?.destroy();
    rmSync(stateFolder, { recursive: true, force: true });
  }
}

interface Surroundings {
  run: FuzzRun;
  store: Store;
  place: string;
  stateFolder: string;
  schools: TwoSchools;
  process: ChildProcess;
}

async function withServer(server: z.infer<typeof ready>, surroundings: Surroundings): Promise<FuzzTotals> {
  const { run, store, stateFolder, schools, place } = surroundings;
  const api = await apiOf(server.origin, server.routes);
  const routes = api.routes.filter(({ path }) => path.includes(run.only ?? ''));
  const callers = new Callers(store, stateFolder, server);
  await callers.signInAll();
  const requests = routes.map((route) => requestsTo(route, api, schools));
  const totals = new Totals(routes.length);
  const wrote = writesTo(store, place);
  await wrote();
  const tables = await tablesOf(store);
  let state = await stateOf(store, tables);
  const first = run.from ?? 0;
  for (let number = first; number < first + run.requests && totals.failures.length < mostFailures; number += 1) {
    const arbitrary = requests[number % requests.length];
    if (arbitrary === undefined) break;
    const [asked] = fc.sample(arbitrary, { seed: run.seed + number, numRuns: 1 });
    if (asked === undefined) continue;
    const failed = (fault: string) => totals.failures.push({ request: number, what: shown(asked), fault });
    const answer = await answerTo(server.origin, asked, callers).catch((error: unknown) => {
      failed(`not answered: ${error instanceof Error ? error.message : String(error)}`);
    });
    totals.count(asked, answer ?? null);
    const fault = answer === undefined ? null : faultOf(asked, answer, schools);
    if (fault !== null) failed(fault);
    const changes = asked.route.method !== 'GET' && (answer === undefined || answer.status < 400);
    const anew = changes && (await callers.after(asked));
    if ((await wrote()) || anew) {
      const now = await stateOf(store, tables);
      const wrong = changes ? [] : wronglyChanged(asked.route, changedParts(state, now));
      if (wrong.length > 0) failed(`answered ${answer?.status ?? 0} but changed ${wrong.join(', ')}`);
      state = now;
    }
    const done = number - first + 1;
    if (done % betweenJobs === 0) {
      for (const job of await jobsOf(surroundings.process)) failed(`scheduled work failed afterwards: ${job}`);
      await wrote();
      state = await stateOf(store, tables);
    }
    if (done % 10_000 === 0) run.tell?.(`  ${done} of ${run.requests} requests, ${totals.failures.length} failures`);
  }
  return totals.whole();
}

const answerTo = (origin: string, asked: FuzzRequest, callers: Callers): Promise<FuzzAnswer> =>
  send(origin, asked, callers.headersFor(asked));

/** Has the server do its scheduled work once. @returns what went wrong. */
async function jobsOf(server: ChildProcess): Promise<string[]> {
  const done = once(server, 'message');
  server.send('jobs');
  return z.object({ faults: z.array(z.string()) }).parse((await done)[0]).faults;
}

class Totals {
  readonly failures: FuzzFailure[] = [];
  readonly #byStatus: Record<string, number> = {};
  readonly #byCaller = new Map<string, { requests: number; succeeded: number; routes: Set<string> }>();
  readonly #routes: number;
  #requests = 0;
  #slowest = { route: '', milliseconds: 0 };

  constructor(routes: number) {
    this.#routes = routes;
  }

  count({ route, caller }: FuzzRequest, answer: FuzzAnswer | null): void {
    this.#requests += 1;
    if (answer === null) return;
    this.#byStatus[answer.status] = (this.#byStatus[answer.status] ?? 0) + 1;
    const name = `${route.method} ${route.path}`;
    if (answer.milliseconds > this.#slowest.milliseconds)
      this.#slowest = { route: name, milliseconds: Math.round(answer.milliseconds) };
    if (!consoleCallers.has(caller) || !route.access.startsWith('session')) return;
    const counted = this.#byCaller.get(caller) ?? { requests: 0, succeeded: 0, routes: new Set() };
    counted.requests += 1;
    if (answer.status < 400) {
      counted.succeeded += 1;
      counted.routes.add(name);
    }
    this.#byCaller.set(caller, counted);
  }

  whole(): FuzzTotals {
    return {
      requests: this.#requests,
      routes: this.#routes,
      byStatus: this.#byStatus,
      byCaller: Object.fromEntries(
        [...this.#byCaller].map(([caller, counted]) => [caller, { ...counted, routes: counted.routes.size }]),
      ),
      slowest: this.#slowest,
      failures: this.failures,
    };
  }
}

const shown = ({ route, caller, target, body }: FuzzRequest): string =>
  `${route.method} ${target.slice(0, 300)} as ${caller}${body === null ? '' : `, body ${body.toString('utf8').slice(0, 200)}`}`;
