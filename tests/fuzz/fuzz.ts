import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { z } from 'zod';
import { openStore, type Store } from '../../src/server/store/database.ts';
import { apiOf, type ApiRoute } from './api-routes.ts';
import { faultOf } from './judge.ts';
import { requestsTo, type Caller, type FuzzRequest } from './requests.ts';
import { closeConnections, send, type FuzzAnswer } from './send.ts';
import { stateOf } from './store-state.ts';
import { fillTwoSchools, sessionOf, type TwoSchools } from './two-schools.ts';

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
  slowest: { route: string; milliseconds: number };
  failures: FuzzFailure[];
}

/** So many requests are sent between two looks at the store. */
const betweenLooks = 50;
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
      return await withServer(ready.parse(message[0]), { run, store, stateFolder, schools });
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
  stateFolder: string;
  schools: TwoSchools;
}

async function withServer(
  server: z.infer<typeof ready>,
  { run, store, stateFolder, schools }: Surroundings,
): Promise<FuzzTotals> {
  const api = await apiOf(server.origin, server.routes);
  const routes = api.routes.filter(({ path }) => path.includes(run.only ?? ''));
  const requests = routes.map((route) => requestsTo(route, api, schools));
  const totals: FuzzTotals = {
    requests: 0,
    routes: routes.length,
    byStatus: {},
    slowest: { route: '', milliseconds: 0 },
    failures: [],
  };
  const credentials = await credentialsOf(store, stateFolder, server);
  const first = run.from ?? 0;
  let before = await stateOf(store);
  let changing: string[] = [];
  let refusedOnly = true;
  for (let number = first; number < first + run.requests && totals.failures.length < mostFailures; number += 1) {
    const arbitrary = requests[number % requests.length];
    if (arbitrary === undefined) break;
    const [asked] = fc.sample(arbitrary, { seed: run.seed + number, numRuns: 1 });
    if (asked === undefined) continue;
    const fault = await oneRequest(server.origin, asked, await credentials.of(asked), schools, totals, (answer) => {
      if (answer.status < 400 && asked.route.method !== 'GET') refusedOnly = false;
      if (asked.route.method === 'GET' && answer.status < 400 && asked.route.path.startsWith('/sign-in'))
        refusedOnly = false;
      changing.push(`${number} ${asked.route.method} ${asked.route.path} → ${answer.status}`);
    });
    if (fault !== null) totals.failures.push({ request: number, what: shown(asked), fault });
    if (changing.length >= betweenLooks || number === first + run.requests - 1) {
      const after = await stateOf(store);
      if (refusedOnly && after !== before) {
        const among = changing.filter((line) => !line.includes(' GET ')).join('; ');
        totals.failures.push({ request: number, what: among, fault: 'one of these was refused but changed the store' });
      }
      before = after;
      changing = [];
      refusedOnly = true;
    }
    if ((number - first + 1) % 10_000 === 0)
      run.tell?.(`  ${number - first + 1} of ${run.requests} requests, ${totals.failures.length} failures`);
  }
  return totals;
}

async function oneRequest(
  origin: string,
  asked: FuzzRequest,
  credentials: Record<string, string | string[]>,
  schools: TwoSchools,
  totals: FuzzTotals,
  answered: (answer: FuzzAnswer) => void,
): Promise<string | null> {
  totals.requests += 1;
  try {
    const answer = await send(origin, asked, credentials);
    totals.byStatus[answer.status] = (totals.byStatus[answer.status] ?? 0) + 1;
    if (answer.milliseconds > totals.slowest.milliseconds) {
      totals.slowest = {
        route: `${asked.route.method} ${asked.route.path}`,
        milliseconds: Math.round(answer.milliseconds),
      };
    }
    answered(answer);
    return faultOf(asked, answer, schools);
  } catch (error) {
    return `not answered: ${error instanceof Error ? error.message : String(error)}`;
  }
}

const shown = ({ route, caller, target, body }: FuzzRequest): string =>
  `${route.method} ${target.slice(0, 300)} as ${caller}${body === null ? '' : `, body ${body.toString('utf8').slice(0, 200)}`}`;

/** Cookies and tokens of every caller. A session that a request may have ended is made anew. */
async function credentialsOf(store: Store, stateFolder: string, server: { origin: string; operatorToken: string }) {
  const session = {
    ownSchool: () => sessionOf(store, stateFolder, { role: 'administrator', schools: ['school'] }),
    ownAuditor: () => sessionOf(store, stateFolder, { role: 'auditor', schools: ['school'] }),
    wholeTrust: () => sessionOf(store, stateFolder, { role: 'administrator', schools: 'all' }),
  };
  const cookies = {
    ownSchool: await session.ownSchool(),
    ownAuditor: await session.ownAuditor(),
    wholeTrust: await session.wholeTrust(),
  };
  const origin = { origin: server.origin };
  const endsSessions = (route: ApiRoute) => route.path.startsWith('/api/auth/');
  const of = async ({ caller, route }: FuzzRequest): Promise<Record<string, string | string[]>> => {
    const cookie = async (who: keyof typeof cookies) => (endsSessions(route) ? await session[who]() : cookies[who]);
    const held: Record<Caller, () => Promise<Record<string, string | string[]>>> = {
      nobody: () => Promise.resolve({}),
      ownSchool: async () => ({ cookie: await cookie('ownSchool'), ...origin }),
      ownAuditor: async () => ({ cookie: await cookie('ownAuditor'), ...origin }),
      wholeTrust: async () => ({ cookie: await cookie('wholeTrust'), ...origin }),
      operator: () => Promise.resolve({ authorization: `Bearer ${server.operatorToken}` }),
      forged: () =>
        Promise.resolve({
          cookie: `${cookies.wholeTrust.slice(0, -6)}AAAAAA`,
          authorization: `Bearer ${server.operatorToken.slice(1)}`,
          ...origin,
        }),
      twice: async () => ({ cookie: [await cookie('ownSchool'), 'other=1'], ...origin }),
    };
    return await held[caller]();
  };
  return { of };
}
