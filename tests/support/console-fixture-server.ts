import { resolve } from 'node:path';
import fastifyStatic from '@fastify/static';
import fastify, { type FastifyReply } from 'fastify';
import * as contract from '../../src/contract/console.ts';
import type { HttpProblem } from '../../src/contract/problem.ts';
import { fixtureData, type FixtureData, type FixtureDraft } from './console-fixture-data.ts';

/** What the server shall do for one path instead of answering from its data. */
export type Fault = { kind: 'problem'; problem: HttpProblem } | { kind: 'mismatch' } | { kind: 'never' };

export interface ConsoleFixture {
  readonly origin: string;
  readonly data: FixtureData;
  /** Paths asked for under /v1, newest last. */
  readonly asked: string[];
  /** Streams open right now. */
  streams(): number;
  signedIn: boolean;
  /** Records an event now and tells every open console. */
  emit(machineIndex: number, draft: FixtureDraft): contract.EventRow;
  /** Sends a row to every open console once more. */
  repeat(row: contract.EventRow): void;
  /** Cuts every event stream, as a restarting server does. */
  dropStreams(): void;
  fault(path: string, fault: Fault | null): void;
  close(): Promise<void>;
}

export interface ConsoleFixtureOptions {
  /** `school` is a busy one; `new` has nothing in it yet; `calm` needs nobody. */
  variant: 'school' | 'new' | 'calm';
  /** The moment the data is built for. */
  now: Date;
  port?: number;
}

const builtConsole = resolve(import.meta.dirname, '../../dist/console');
const emptyData: Pick<FixtureData, 'people' | 'events' | 'machines' | 'policies'> = {
  people: [],
  events: [],
  machines: [],
  policies: [],
};

/** The headers the page must live under: nothing from elsewhere, no inline script. */
const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** Serves the built console and answers its API from made-up but valid data. For tests of the page alone. */
export async function startConsoleFixture({ variant, now, port = 0 }: ConsoleFixtureOptions): Promise<ConsoleFixture> {
  const full = fixtureData(now);
  const data: FixtureData = variant === 'new' ? { ...full, ...emptyData } : full;
  const asked: string[] = [];
  const faults = new Map<string, Fault>();
  const streams = new Set<FastifyReply>();
  const state = { signedIn: true };
  const app = fastify({ forceCloseConnections: true });
  app.addHook('onSend', (_request, reply, _payload, done) => {
    reply.header('content-security-policy', contentSecurityPolicy);
    done();
  });

  const problem = (reply: FastifyReply, status: number, code: string, detail: string): FastifyReply =>
    reply
      .code(status)
      .type('application/problem+json')
      .send({ type: 'about:blank', title: detail, status, code, detail });

  app.addHook('onRequest', async (request, reply) => {
    const path = request.url.split('?')[0] ?? '';
    if (!path.startsWith('/v1/')) return;
    asked.push(request.url);
    if (!state.signedIn) return problem(reply, 401, 'console.notSignedIn', 'Sign in to see this.');
    const fault = faults.get(path);
    if (fault?.kind === 'problem')
      return reply.code(fault.problem.status).type('application/problem+json').send(fault.problem);
    if (fault?.kind === 'mismatch') return reply.send({ items: [{ unexpected: true }], next: 7 });
    if (fault?.kind === 'never') await new Promise(() => undefined);
  });

  const paths = contract.consolePaths;
  app.get(paths.me, () =>
    contract.consoleUser.parse({ id: 'u1', name: 'Morgan Hale', email: 'morgan@school.example' }),
  );
  app.post(paths.signOut, () => {
    state.signedIn = false;
    return { success: true };
  });
  app.get('/api/auth/fixture-link', (_request, reply) => {
    state.signedIn = true;
    return reply.redirect('/');
  });
  app.get(paths.overview, () => overviewOf(data, variant, now));
  app.get(paths.people, (request) => {
    const query = contract.peopleQuery.parse(request.query);
    const wanted = data.people.filter(
      (person) =>
        (query.status === undefined || person.status === query.status) &&
        `${person.name} ${person.printedName ?? ''}`.toLowerCase().includes((query.search ?? '').toLowerCase()),
    );
    const from = Number(query.after ?? 0);
    const limit = Math.min(query.limit, 25);
    return contract.people.parse({
      items: wanted.slice(from, from + limit),
      next: from + limit < wanted.length ? String(from + limit) : null,
    });
  });
  app.get<{ Params: { id: string } }>(paths.person, (request, reply) => {
    const person = data.people.find((one) => one.id === request.params.id);
    return (
      person ?? problem(reply, 404, 'console.notFound', 'Nobody with this id has been seen on an enrolled machine.')
    );
  });
  app.get(paths.eventStream, (request, reply) => {
    reply.hijack();
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    reply.raw.write('retry: 250\n\n: open\n\n');
    streams.add(reply);
    request.raw.on('close', () => streams.delete(reply));
  });
  app.get(paths.events, (request) => {
    const query = contract.eventsQuery.parse(request.query);
    const wanted = data.events.filter(
      (event) =>
        (query.before === undefined || Number(event.id) < Number(query.before)) &&
        (query.type === undefined || event.type === query.type) &&
        (query.person === undefined || event.account?.id === query.person) &&
        (query.machine === undefined || event.deviceId === query.machine) &&
        event.summary.toLowerCase().includes((query.search ?? '').toLowerCase()),
    );
    const items = wanted.slice(0, query.limit);
    return contract.events.parse({ items, next: wanted.length > items.length ? (items.at(-1)?.id ?? null) : null });
  });
  app.get<{ Params: { id: string } }>(paths.event, (request, reply) => {
    const event = data.events.find((one) => one.id === request.params.id);
    return event ?? problem(reply, 404, 'console.notFound', 'There is no event with this number here.');
  });
  app.get<{ Params: { id: string } }>(paths.acceptance, (request, reply) => {
    const acceptance = data.acceptances.get(request.params.id);
    return acceptance ?? problem(reply, 404, 'console.notFound', 'There is no acceptance with this number here.');
  });
  app.get(paths.machines, () => contract.machines.parse({ items: data.machines.map((machine) => machine.summary) }));
  app.get(paths.policies, () => contract.policies.parse({ items: policySummaries(data) }));
  app.get<{ Params: { hash: string } }>(paths.policy, (request, reply) => {
    const policy = data.policies.find((one) => one.hash === request.params.hash);
    return policy ?? problem(reply, 404, 'console.notFound', 'No policy with this hash was published here.');
  });

  await app.register(fastifyStatic, { root: builtConsole, wildcard: false });
  app.setNotFoundHandler((request, reply) =>
    request.url.startsWith('/v1/')
      ? problem(reply, 404, 'console.notFound', 'There is nothing here.')
      : reply.sendFile('console/index.html'),
  );
  const origin = await app.listen({ host: '127.0.0.1', port });

  const repeat = (row: contract.EventRow): void => {
    for (const stream of streams) stream.raw.write(`id: ${row.id}\ndata: ${JSON.stringify(row)}\n\n`);
  };
  return {
    origin,
    data,
    asked,
    streams: () => streams.size,
    get signedIn() {
      return state.signedIn;
    },
    set signedIn(value: boolean) {
      state.signedIn = value;
    },
    emit: (machineIndex, draft) => {
      const row = full.append(machineIndex, new Date(), draft);
      repeat(row);
      return row;
    },
    repeat,
    dropStreams: () => {
      for (const stream of streams) stream.raw.destroy();
    },
    fault: (path, fault) => {
      if (fault === null) faults.delete(path);
      else faults.set(path, fault);
    },
    close: () => app.close(),
  };
}

function policySummaries(data: FixtureData): contract.PolicySummary[] {
  return data.policies
    .map(({ policy, version, hash, publishedAt }) => ({
      id: policy.id,
      title: policy.title,
      version,
      hash,
      publishedAt,
      current: version === data.policies.length,
      acceptances: [...data.acceptances.values()].filter((one) => one.policy.hash === hash).length,
    }))
    .reverse();
}

function overviewOf(data: FixtureData, variant: ConsoleFixtureOptions['variant'], now: Date): contract.Overview {
  const withStatus = (status: contract.PersonSummary['status']) =>
    data.people.filter((one) => one.status === status).length;
  const day = (at: string | Date) => new Date(at).toLocaleDateString('en-CA');
  const accepted = data.events.filter((event) => event.type === 'policy.accepted');
  const forked = data.machines.find((machine) => machine.summary.forks > 0)?.summary;
  const silent = data.machines[3]?.summary;
  const waiting = data.people.length - withStatus('accepted');
  return contract.overview.parse({
    people: data.people.length,
    accepted: withStatus('accepted'),
    machines: data.machines.length,
    eventsToday: data.events.filter((event) => day(event.at) === day(now)).length,
    policy: policySummaries(data)[0] ?? null,
    attention: attentionFor(variant, forked, silent, waiting),
    statuses: {
      accepted: withStatus('accepted'),
      outdated: withStatus('outdated'),
      declined: withStatus('declined'),
      notAccepted: withStatus('notAccepted'),
    },
    acceptancesByDay: Array.from({ length: 14 }, (_, place) => {
      const date = day(new Date(now.getTime() - (13 - place) * 86_400_000));
      return { day: date, count: accepted.filter((event) => day(event.at) === date).length };
    }),
  });
}

function attentionFor(
  variant: ConsoleFixtureOptions['variant'],
  forked: contract.MachineSummary | undefined,
  silent: contract.MachineSummary | undefined,
  waiting: number,
): contract.Overview['attention'] {
  if (variant === 'calm') return [];
  if (variant === 'new' || forked === undefined || silent === undefined) {
    return [
      { kind: 'noMachines', sentence: 'No machine is enrolled yet.', href: '/machines' },
      { kind: 'noPolicy', sentence: 'No policy is published yet.', href: '/policies' },
    ];
  }
  return [
    {
      kind: 'fork',
      sentence: `${forked.hostname} sent two different records with the same number. It may have been copied or restored from a backup.`,
      href: `/machines/${forked.deviceId}`,
    },
    {
      kind: 'silentMachine',
      sentence: `${silent.hostname} has not been heard from for 9 days.`,
      href: `/machines/${silent.deviceId}`,
    },
    { kind: 'notAccepted', sentence: `${waiting} people have not accepted version 2.`, href: '/people' },
  ];
}
