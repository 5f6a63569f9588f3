import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { bodyOfRequest } from '../../src/server/http/bounded-body.ts';
import { RequestRefused } from '../../src/server/http/problems.ts';

const bounds = { compressedBytes: 64 * 1024, bytes: 512 * 1024 };
/** A packed body up to this many bytes is unpacked as a whole; what is longer goes through a stream. */
const smallBytes = 8 * 1024;

/** A real HTTP server that answers with what it made of the body: its bytes, or the refusal's status and code. */
let port = 0;
beforeAll(async () => {
  const server = createServer((request, response) => {
    bodyOfRequest(request, bounds, 'test').then(
      (body) => response.writeHead(200).end(body),
      (error: unknown) => {
        const refused = error instanceof RequestRefused ? error : null;
        response.writeHead(refused?.status ?? 500).end(refused?.problem.code ?? String(error));
      },
    );
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  port = (server.address() as AddressInfo).port;
  return async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  };
});

async function send(
  body: Buffer,
  headers: Record<string, string> = {},
  chunked = false,
): Promise<{ status: number; bytes: Buffer }> {
  const piece = new Uint8Array(body);
  const answer = await fetch(`http://127.0.0.1:${String(port)}/`, {
    method: 'POST',
    headers,
    ...(chunked ? { body: new Blob([piece]).stream(), duplex: 'half' as const } : { body: piece }),
  });
  return { status: answer.status, bytes: Buffer.from(await answer.arrayBuffer()) };
}
const gzip = { 'content-encoding': 'gzip' };
const said = ({ status, bytes }: { status: number; bytes: Buffer }) => [status, bytes.toString('latin1').slice(0, 80)];

describe('a body arrives whole', () => {
  test.each([0, 1, 1_000, smallBytes, 60_000])('of %i bytes as they are', async (length) => {
    const body = randomBytes(length);
    for (const chunked of [false, true]) {
      const { status, bytes } = await send(body, {}, chunked);
      expect([status, bytes.equals(body)]).toEqual([200, true]);
    }
  });

  // Random bytes do not pack: packed, these are just under and just over what is unpacked as a whole.
  test.each([0, 1, 4_000, smallBytes - 100, smallBytes + 100, 60_000])('of %i bytes, packed', async (length) => {
    const body = randomBytes(length);
    for (const chunked of [false, true]) {
      const { status, bytes } = await send(gzipSync(body), gzip, chunked);
      expect([status, bytes.equals(body)]).toEqual([200, true]);
    }
  });

  test('packed to a small part: more than is unpacked as a whole, and not more than the bound', async () => {
    for (const length of [127 * 1024, 129 * 1024, bounds.bytes]) {
      const packed = gzipSync(Buffer.alloc(length, 'a'));
      expect(packed.length).toBeLessThan(smallBytes);
      const { status, bytes } = await send(packed, gzip);
      expect([status, bytes.length]).toEqual([200, length]);
    }
  });

  test('whatever is in it, packed or not, told its length or not', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 3_000 }),
        fc.boolean(),
        fc.boolean(),
        async (given, packed, chunked) => {
          const body = Buffer.from(given);
          const { status, bytes } = await send(packed ? gzipSync(body) : body, packed ? gzip : {}, chunked);
          expect([status, bytes.equals(body)]).toEqual([200, true]);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('a body is refused', () => {
  test('past the bound of what is sent', async () => {
    const over = randomBytes(bounds.compressedBytes + 1);
    expect(said(await send(over))).toEqual([413, 'test.tooLarge']);
    expect(said(await send(over, {}, true))).toEqual([413, 'test.tooLarge']);
    expect(said(await send(gzipSync(over), gzip))).toEqual([413, 'test.tooLarge']);
  });

  test('past the bound of what it unpacks to, however small it is packed', async () => {
    for (const length of [bounds.bytes + 1, 64 * 1024 * 1024]) {
      const bomb = gzipSync(Buffer.alloc(length));
      for (const chunked of [false, true]) {
        expect(said(await send(bomb, gzip, chunked))).toEqual([413, 'test.tooLarge']);
      }
    }
    // Small enough to be unpacked as a whole, were it not for what it holds.
    const small = gzipSync(Buffer.alloc(bounds.bytes + 1));
    expect(small.length).toBeLessThan(smallBytes);
  });

  test.each([
    ['no gzip', Buffer.from('this is no gzip at all')],
    ['cut off', gzipSync(randomBytes(2_000)).subarray(0, 1_500)],
    ['without its end', gzipSync(Buffer.from('{"a":1}')).subarray(0, -4)],
    ['with another checksum', Buffer.concat([gzipSync(Buffer.from('{"a":1}')).subarray(0, -8), Buffer.alloc(8)])],
    ['large and no gzip', randomBytes(40_000)],
  ])('packed, but %s', async (_what, body) => {
    for (const chunked of [false, true]) {
      expect(said(await send(body, gzip, chunked))).toEqual([400, 'test.invalid']);
    }
  });

  test('packed with anything but gzip', async () => {
    for (const encoding of ['br', 'deflate', 'gzip, gzip', 'x-gzip']) {
      expect(said(await send(Buffer.from('x'), { 'content-encoding': encoding }))).toEqual([415, 'request.encoding']);
    }
    expect(said(await send(gzipSync(Buffer.from('named in capitals')), { 'content-encoding': 'GZIP' }))).toEqual([
      200,
      'named in capitals',
    ]);
  });

  test('when the connection ends before it does, and the server goes on', async () => {
    const head = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: 500\r\n\r\n';
    const socket = connect(port, '127.0.0.1');
    await new Promise<void>((done) => socket.write(`${head}only this`, () => done()));
    socket.destroy();
    expect(said(await send(Buffer.from('next')))).toEqual([200, 'next']);
  });
});
