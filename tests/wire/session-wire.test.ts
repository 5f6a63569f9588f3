import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { accepted, refused } from '../../src/contract/problem.ts';
import { sessionMessageLimitBytes, type SessionView } from '../../src/contract/session.ts';
import {
  connectSession,
  serveSession,
  SessionConnectError,
  socketPathFor,
  type SessionHandlers,
  type SessionRefusal,
  type SessionServer,
} from '../../src/wire/index.ts';

interface Caller {
  name: string;
}

const view: SessionView = {
  account: { id: '1000', name: 'a.person', fullName: 'A Person' },
  session: 'c1',
  hostname: 'room-1',
  agentVersion: '0.1.0',
  gate: { phase: 'noPolicy' },
  sync: { phase: 'notEnrolled', lastSyncedAt: null, pending: 0, trouble: null },
  lock: { phase: 'off' },
  presentation: { allowed: null, running: null },
  policies: [],
  notices: [],
  troubles: [],
};
const nothing = () => accepted(null);

const hash = 'a'.repeat(64);
const reading = { readSeconds: 1, depthPercent: 2, sectionsRead: [] };

let folder: string;
let socketPath: string;
let server: SessionServer<Caller>;
let refusals: SessionRefusal<Caller>[];
let gone: string[];
let handled: string[];

const handlers: SessionHandlers<Caller> = {
  hello: () => accepted(view),
  readingProgressed: () => {
    handled.push('readingProgressed');
    return accepted(null);
  },
  accept: () => refused('acceptance.notRead', 'The policy has not been read to the end yet.', 'reading.depthPercent'),
  decline: () => {
    throw new Error('the disk is on fire');
  },
  receipts: () => {
    handled.push('receipts');
    return new Promise(() => undefined);
  },
  chooseRole: nothing,
  answerCheck: () => accepted({ passed: true, attempts: 1, wrong: [] }),
  postpone: nothing,
  namePerson: nothing,
  askAgain: nothing,
  policyText: () => refused('policy.notInForce', 'This policy is no longer in force here.', 'policyHash'),
  askForDevice: () => accepted(null),
  enterDeviceCode: () => accepted(null),
  idleSampled: () => accepted({ nextSampleInMs: 1_000, locksInSeconds: null }),
  lockNow: nothing,
  screenLockChanged: nothing,
  lockAttemptFailed: nothing,
  extend: nothing,
  startPresentation: nothing,
  endPresentation: nothing,
  answerNotice: nothing,
  signOut: nothing,
};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'usher-wire-'));
  socketPath = join(folder, 'usher.sock');
  refusals = [];
  gone = [];
  handled = [];
  server = await serveSession<Caller>({
    socketPath,
    identify: () => Promise.resolve({ name: 'a.person' }),
    handlers,
    onRefused: (refusal) => refusals.push(refusal),
    onClosed: (client) => gone.push(client.peer.name),
  });
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const clientOptions = {
  role: 'shell',
  agentVersion: '0.1.0',
  onView: () => undefined,
  onClosed: () => undefined,
} as const;

function rawConnection(): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath, () => resolve(socket));
    socket.on('error', reject);
  });
}
const ended = (socket: Socket): Promise<void> => new Promise((resolve) => socket.resume().on('close', () => resolve()));
const framed = (value: unknown): string => {
  const body = JSON.stringify(value);
  return `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
};

/** Sends one request by hand after hello and gives back its answer. */
async function rawCall(method: string, params: unknown): Promise<unknown> {
  const socket = await rawConnection();
  let text = '';
  const answered = new Promise<unknown>((resolve) => {
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const second = /"id":2,"result":(.*)\}$/.exec(text)?.[1];
      if (second !== undefined) resolve(JSON.parse(second));
    });
  });
  socket.write(
    framed({ jsonrpc: '2.0', id: 1, method: 'hello', params: { protocol: 1, role: 'shell', agentVersion: '1' } }),
  );
  socket.write(framed({ jsonrpc: '2.0', id: 2, method, params }));
  const answer = await answered;
  socket.destroy();
  return answer;
}

test('a shell connects, gets its first view, later views, and answers as data', async () => {
  const views: SessionView[] = [];
  const connection = await connectSession(socketPath, { ...clientOptions, onView: (one) => views.push(one) });
  expect(views).toEqual([view]);
  expect(await connection.call('readingProgressed', { policyHash: hash, reading })).toEqual({ ok: true, value: null });
  for (const client of server.clients) client.push({ ...view, hostname: 'room-2' });
  await expect.poll(() => views.length).toBe(2);
  expect(views[1]?.hostname).toBe('room-2');
  connection.close();
  await expect.poll(() => gone).toEqual(['a.person']);
});

test('the socket may be opened by every account of the machine', () => {
  expect(statSync(socketPath).mode & 0o666).toBe(0o666);
});

test('nobody answering at the socket is said with what to do', async () => {
  const missing = join(folder, 'other.sock');
  const error = await connectSession(missing, clientOptions).catch((one: unknown) => one);
  expect(error).toBeInstanceOf(SessionConnectError);
  expect(error).toMatchObject({
    problem: {
      code: 'session.unreachable',
      detail: `The Usher service's socket ${missing} has nobody answering. Start the service, or check USHER_STATE and USHER_SOCKET.`,
    },
  });
});

test('a caller that names an account is refused: there is no such member', async () => {
  const answer = await rawCall('readingProgressed', { policyHash: hash, reading, account: { id: '0', name: 'root' } });
  expect(answer).toEqual({
    ok: false,
    problem: { code: 'session.invalid', detail: 'The input is not valid: Unrecognized key: "account".' },
  });
  expect(handled).toEqual([]);
  expect(refusals).toEqual([
    {
      code: 'session.invalid',
      detail: 'readingProgressed: The input is not valid: Unrecognized key: "account".',
      peer: { name: 'a.person' },
    },
  ]);
});

test('a wrong value is answered with the field to blame', async () => {
  const answer = await rawCall('readingProgressed', { policyHash: hash, reading: { ...reading, depthPercent: 140 } });
  expect(answer).toEqual({
    ok: false,
    problem: {
      code: 'session.invalid',
      detail: 'reading.depthPercent: Too big: expected number to be <=100.',
      field: 'reading.depthPercent',
    },
  });
  expect(handled).toEqual([]);
});

test('a request that does not exist is refused by name', async () => {
  expect(await rawCall('becomeRoot', {})).toEqual({
    ok: false,
    problem: { code: 'session.unknownRequest', detail: 'There is no request "becomeRoot".' },
  });
});

test('a shell of another protocol version is told to match versions', async () => {
  const socket = await rawConnection();
  const text = new Promise<string>((resolve) => socket.on('data', (chunk: Buffer) => resolve(chunk.toString())));
  socket.write(
    framed({ jsonrpc: '2.0', id: 1, method: 'hello', params: { protocol: 9, role: 'shell', agentVersion: '1' } }),
  );
  expect(await text).toContain(
    "This is protocol 9; the service speaks 1. Install the same version of Usher's shell and service.",
  );
  socket.destroy();
});

test('a handler that fails answers with a sentence and the connection lives on', async () => {
  const connection = await connectSession(socketPath, clientOptions);
  expect(await connection.call('decline', { policyHash: hash, reason: '', reading })).toEqual(
    refused('session.failed', 'The Usher service could not do this. Try again; if it stays, tell IT.'),
  );
  expect(refusals[0]?.detail).toBe('decline: the disk is on fire');
  expect(await connection.call('readingProgressed', { policyHash: hash, reading })).toEqual({ ok: true, value: null });
  connection.close();
});

test('a call that is open when the service goes answers "session.lost"', async () => {
  const reasons: string[] = [];
  const connection = await connectSession(socketPath, { ...clientOptions, onClosed: (reason) => reasons.push(reason) });
  const open = connection.call('receipts', {});
  await expect.poll(() => handled).toEqual(['receipts']);
  await server.close();
  expect(await open).toMatchObject({ ok: false, problem: { code: 'session.lost' } });
  await expect.poll(() => reasons).toEqual(['The Usher service closed the connection.']);
  expect(await connection.call('receipts', {})).toMatchObject({ ok: false, problem: { code: 'session.lost' } });
});

test.each([
  ['no header', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n', 'session.garbled', 'The header has no Content-Length'],
  ['an endless header', 'x'.repeat(5_000), 'session.garbled', 'The header has no end'],
  ['no JSON', 'Content-Length: 5\r\n\r\nhello', 'session.garbled', 'The message is not JSON'],
  [
    'a batch',
    framed([{ jsonrpc: '2.0', id: 1, method: 'hello' }]),
    'session.garbled',
    'The message is not one of this protocol',
  ],
  [
    'a claim of 9 GB',
    'Content-Length: 9000000000\r\n\r\n',
    'session.tooLarge',
    `A message of 9000000000 bytes is over the limit of ${sessionMessageLimitBytes} bytes`,
  ],
])('a shell that sends %s is cut off and the others are served', async (_what, bytes, code, detail) => {
  const good = await connectSession(socketPath, clientOptions);
  const socket = await rawConnection();
  const closed = ended(socket);
  socket.write(bytes);
  await closed;
  expect(refusals).toEqual([{ code, detail, peer: { name: 'a.person' } }]);
  expect(await good.call('readingProgressed', { policyHash: hash, reading })).toEqual({ ok: true, value: null });
  good.close();
});

test('a shell that floods with requests is cut off', async () => {
  const socket = await rawConnection();
  const closed = ended(socket);
  socket.write(
    framed({ jsonrpc: '2.0', id: 1, method: 'hello', params: { protocol: 1, role: 'shell', agentVersion: '1' } }),
  );
  for (let id = 2; id < 60; id += 1) socket.write(framed({ jsonrpc: '2.0', id, method: 'receipts', params: {} }));
  await closed;
  expect(refusals[0]).toMatchObject({
    code: 'session.flood',
    detail: 'More than 32 requests without waiting for an answer',
  });
});

test('a message cut into single bytes arrives whole', async () => {
  const socket = await rawConnection();
  const text = new Promise<string>((resolve) => socket.on('data', (chunk: Buffer) => resolve(chunk.toString())));
  const hello = framed({
    jsonrpc: '2.0',
    id: 1,
    method: 'hello',
    params: { protocol: 1, role: 'status', agentVersion: '1' },
  });
  for (const byte of Buffer.from(hello)) {
    socket.write(Buffer.of(byte));
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await text).toContain('Content-Length');
  socket.destroy();
});

test('the socket has a place that always fits', () => {
  expect(socketPathFor({ stateFolder: '/var/lib/usher' }, 'linux')).toBe('/var/lib/usher/service/usher.sock');
  const deep = socketPathFor({ stateFolder: `/${'deep/'.repeat(40)}` }, 'linux');
  expect(deep).toMatch(/usher-[0-9a-f]{16}\.sock$/);
  expect(Buffer.byteLength(deep)).toBeLessThanOrEqual(100);
  expect(socketPathFor({ stateFolder: 'C:\\Usher' }, 'win32')).toMatch(/^\\\\\.\\pipe\\usher-[0-9a-f]{16}$/);
  expect(socketPathFor({ stateFolder: '/x', socketPath: '/run/usher.sock' }, 'linux')).toBe('/run/usher.sock');
});
