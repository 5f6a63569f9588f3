import { Agent, get } from 'node:http';
import { connect, type Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { postJson } from '../support/test-device.ts';
import { enrolledDevice, problemOf, runningServer, signIn } from './running.ts';

interface Raw {
  socket: Socket;
  /** Everything the server said, once it closed. */
  said: Promise<string>;
}

function rawConnection(origin: string): Promise<Raw> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let text = '';
    const said = new Promise<string>((done) => socket.once('close', () => done(text)));
    socket.setEncoding('utf8').on('data', (part: string) => (text += part));
    socket.on('error', () => undefined);
    socket.once('connect', () => resolve({ socket, said }));
  });
}

describe('a sender that keeps a connection and never finishes', () => {
  test('its headers (slowloris): is answered 408 and closed, while others are served', async () => {
    const server = await runningServer({ connections: { headersSeconds: 0.5, checkSeconds: 0.1 } });
    const slow = await Promise.all(Array.from({ length: 20 }, () => rawConnection(server.origin)));
    for (const { socket } of slow) socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n');
    const drip = setInterval(() => {
      for (const { socket } of slow) if (socket.writable) socket.write('X-A: b\r\n');
    }, 50);
    expect((await fetch(`${server.origin}/healthz`)).status).toBe(200);
    const words = await Promise.all(slow.map(({ said }) => said));
    clearInterval(drip);
    for (const word of words) expect(word).toMatch(/^HTTP\/1\.1 408 /);
    expect(words[0]).toContain('request.timeout');
  });

  test('its body: is closed, and nothing was taken', async () => {
    const server = await runningServer({
      connections: { requestSeconds: 0.5, headersSeconds: 0.5, checkSeconds: 0.1 },
    });
    const { socket, said } = await rawConnection(server.origin);
    socket.write(
      'POST /v1/sync HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{',
    );
    expect(await said).toMatch(/^HTTP\/1\.1 408 /);
  });

  test('silent: is closed after the time for headers', async () => {
    const server = await runningServer({ connections: { headersSeconds: 0.3, checkSeconds: 0.1 } });
    const { said } = await rawConnection(server.origin);
    await said;
  });
});

test('one connection too many hears 503 with Retry-After; those before it are served, and so is the next when one went', async () => {
  const server = await runningServer({ connections: { connections: 3 } });
  const ask = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n';
  const held = [
    await rawConnection(server.origin),
    await rawConnection(server.origin),
    await rawConnection(server.origin),
  ];
  for (const { socket } of held) {
    socket.write(ask);
    await new Promise((resolve) => socket.once('data', resolve));
  }
  const surplus = await rawConnection(server.origin);
  surplus.socket.write(ask);
  const words = await surplus.said;
  expect(words).toMatch(/^HTTP\/1\.1 503 /);
  expect(words).toMatch(/retry-after: 10/i);
  expect(words).toContain('server.connections');
  for (const { socket } of held) socket.destroy();
  await expect.poll(async () => (await fetch(`${server.origin}/healthz`)).status).toBe(200);
});

test('a connection is closed after its last allowed request', async () => {
  const server = await runningServer({ connections: { requestsPerConnection: 2 } });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const connectionAfter = () =>
    new Promise<string | undefined>((resolve, reject) => {
      const request = get(`${server.origin}/healthz`, { agent }, (answer) => {
        answer.resume().once('end', () => resolve(answer.headers.connection));
      });
      request.once('error', reject);
    });
  expect([await connectionAfter(), await connectionAfter()]).toEqual(['keep-alive', 'close']);
  agent.destroy();
});

test('headers that are too large are refused as what they are', async () => {
  const server = await runningServer();
  const { socket, said } = await rawConnection(server.origin);
  socket.write(`GET /healthz HTTP/1.1\r\nHost: x\r\nX-Large: ${'a'.repeat(20_000)}\r\n\r\n`);
  expect(await said).toMatch(/^HTTP\/1\.1 431 /);
});

describe('rate limits', () => {
  test('one machine that comes too often is told to wait; another behind the same address is not', async () => {
    const server = await runningServer({ rateLimits: { machine: 3 } });
    const noisy = await enrolledDevice(server, 'noisy');
    const quiet = await enrolledDevice(server, 'quiet');
    for (let time = 0; time < 3; time += 1) await noisy.sync(server.origin, []);
    const refused = await postJson(`${server.origin}/v1/sync`, noisy.syncRequest([]));
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await problemOf(refused)).detail).toContain('this machine');
    await quiet.sync(server.origin, []);
  });

  test('a stranger who signs wrongly uses up nothing of the machine whose name it takes', async () => {
    const server = await runningServer({ rateLimits: { machine: 3 } });
    const machine = await enrolledDevice(server);
    const stranger = await enrolledDevice(server, 'other');
    const forged = { ...machine.syncRequest([]), signature: stranger.syncRequest([]).signature };
    for (let time = 0; time < 5; time += 1)
      expect((await postJson(`${server.origin}/v1/sync`, forged)).status).toBe(401);
    await machine.sync(server.origin, []);
  });

  test('one person on the console is bounded however often they are signed in; machines at the same address are not', async () => {
    const server = await runningServer({ rateLimits: { person: 4 } });
    const machine = await enrolledDevice(server);
    const cookies = [await signIn(server), await signIn(server)];
    const statuses: number[] = [];
    for (let time = 0; time < 6; time += 1) {
      const answer = await fetch(`${server.origin}/v1/console/me`, { headers: { cookie: cookies[time % 2] ?? '' } });
      statuses.push(answer.status);
    }
    expect(statuses).toEqual([200, 200, 200, 200, 429, 429]);
    await machine.sync(server.origin, []);
  });

  test('many machines behind one address sync while that address may ask for nothing else any more', async () => {
    const server = await runningServer({ rateLimits: { address: 5 } });
    const machine = await enrolledDevice(server);
    const statuses: number[] = [];
    for (let time = 0; time < 7; time += 1) statuses.push((await fetch(`${server.origin}/healthz`)).status);
    expect(statuses.at(-1)).toBe(429);
    await machine.sync(server.origin, []);
  });

  test('X-Forwarded-For counts only from a proxy that is trusted', async () => {
    const limited = { rateLimits: { address: 2 } };
    const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });
    const trusting = await runningServer({ ...limited, trustedProxies: ['127.0.0.1/32'] });
    const others = ['203.0.113.1', '203.0.113.1', '203.0.113.1', '203.0.113.2'];
    const statuses = async (origin: string) => {
      const found: number[] = [];
      for (const address of others) found.push((await fetch(`${origin}/healthz`, from(address))).status);
      return found;
    };
    expect(await statuses(trusting.origin)).toEqual([200, 200, 429, 200]);
    const plain = await runningServer(limited);
    expect(await statuses(plain.origin)).toEqual([200, 200, 429, 429]);
  });
});
