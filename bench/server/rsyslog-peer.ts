import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import pg from 'pg';
import { z } from 'zod';
import { readPrepared } from './prepared-batches.ts';

const program = '/usr/sbin/rsyslogd';
const senders = 8;
const patienceMs = 300_000;
const wire = z.object({ records: z.array(z.object({ body: z.unknown() })) });

/**
 * Installs rsyslog and its output for PostgreSQL from Debian, without starting the system's service.
 * @throws Error when apt-get cannot.
 */
export async function installRsyslog(tell: (line: string) => void): Promise<void> {
  if (existsSync(program) && existsSync('/usr/lib/x86_64-linux-gnu/rsyslog/ompgsql.so')) return;
  tell('  … installing rsyslog and rsyslog-pgsql');
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const options = ['-o', 'DPkg::Lock::Timeout=400', '-y', '--no-install-recommends'];
  await promisify(execFile)('apt-get', ['install', ...options, 'rsyslog', 'rsyslog-pgsql'], { env: environment });
}

/**
 * Events per second that rsyslog brings from the network into a table of the same PostgreSQL, until the last one is
 * committed: up to 1,000 in one transaction, nothing verified, no index, and nobody told. Its queue is in memory, which
 * is quicker for it than its queue on disk.
 */
export async function rsyslogEventsPerSecond(databaseUrl: string, folder: string, file: string): Promise<number> {
  const messages = messagesOf(file);
  const database = new pg.Client({ connectionString: databaseUrl });
  await database.connect();
  await database.query('create table events (id bigserial primary key, received timestamptz default now(), body text)');
  const port = await freePort();
  const configuration = path.join(folder, 'rsyslog.conf');
  writeFileSync(configuration, configurationFor(new URL(databaseUrl), port, folder), { mode: 0o600 });
  const server = spawn(program, ['-n', '-f', configuration, '-i', path.join(folder, 'rsyslog.pid')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(server, 'exit');
  try {
    await untilListening(port);
    const began = performance.now();
    await Promise.all(
      Array.from({ length: senders }, async (_, place) => {
        const socket = connect(port, '127.0.0.1');
        await once(socket, 'connect');
        for (let at = place; at < messages.length; at += senders) {
          if (!socket.write(messages[at] ?? '')) await once(socket, 'drain');
        }
        socket.end();
        await once(socket, 'close');
      }),
    );
    await untilHeld(database, messages.length, began);
    return messages.length / ((performance.now() - began) / 1_000);
  } finally {
    server.kill('SIGTERM');
    await ended;
    await database.end();
  }
}

/** The bodies of the same events, each as a message of RFC 5424 with its length before it (RFC 6587 §3.4.1). */
function messagesOf(file: string): Buffer[] {
  const prepared = readPrepared(file);
  const at = new Date().toISOString();
  const messages = prepared.batches.flatMap((batch) =>
    wire.parse(JSON.parse(gunzipSync(prepared.bodyOf(batch)).toString('utf8'))).records.map(({ body }) => {
      const message = Buffer.from(`<134>1 ${at} room usher - - - ${JSON.stringify(body)}`);
      return Buffer.concat([Buffer.from(`${String(message.length)} `), message]);
    }),
  );
  prepared.close();
  return messages;
}

const configurationFor = ({ hostname, port, username, password, pathname }: URL, listen: number, folder: string) => `
global(workDirectory="${folder}" maxMessageSize="64k")
module(load="imptcp")
module(load="ompgsql")
template(name="event" type="string" option.stdsql="on" string="insert into events (body) values ('%msg%')")
ruleset(name="taken" queue.type="LinkedList" queue.size="100000" queue.dequeueBatchSize="1000" queue.workerThreads="1") {
  action(type="ompgsql" server="${hostname}" port="${port}" user="${username}" pass="${password}"
    db="${pathname.slice(1)}" template="event" action.resumeRetryCount="-1")
}
input(type="imptcp" address="127.0.0.1" port="${String(listen)}" ruleset="taken")
`;

async function untilHeld(database: pg.Client, count: number, began: number): Promise<void> {
  for (;;) {
    const { rows } = await database.query<{ count: string }>('select count(*) as count from events');
    const held = Number(rows[0]?.count);
    if (held === count) return;
    if (held > count || performance.now() - began > patienceMs) {
      throw new Error(`rsyslog was sent ${String(count)} events; ${String(held)} are in its table.`);
    }
    await pause(100);
  }
}

async function untilListening(port: number): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return;
    } catch (error) {
      if (tries > 100) throw error;
      await pause(100);
    } finally {
      socket.destroy();
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address !== 'object') throw new Error('There is no free port.');
  return address.port;
}
