import { createServer, type IncomingMessage } from 'node:http';
import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { canonicalJson, bodyHashOf, linkHash } from '../../src/proof/index.ts';

/**
 * Program: the least that could be called an endpoint, to measure ours against. Bare `node:http` and better-sqlite3,
 * one process: unpack, `JSON.parse`, hash every record, verify both signatures, insert into one table with its key and
 * nothing else, commit at `synchronous=FULL`, answer. No schema, no people, no index, no receipt signed, no policy.
 */
export const bareOrder = z.strictObject({
  kind: z.literal('serve'),
  database: z.string(),
  /** Public keys by device id. */
  keys: z.record(z.string(), z.string()),
});
export const bareReady = z.strictObject({ kind: z.literal('bareReady'), origin: z.url() });

interface Wire {
  deviceId: string;
  sentAt: string;
  epoch: number;
  policyHash: string | null;
  permitsIssuedAt: string | null;
  signature: string;
  head: { epoch: number; seq: number; hash: string; signature: string };
  records: { epoch: number; seq: number; prev: string; bodyHash: string; hash: string; salt: string; body: unknown }[];
}

const unpack = promisify(gunzip);
const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex');

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

function holds(key: KeyObject, fields: Record<string, unknown>, signature: string): boolean {
  return verify(null, Buffer.from(canonicalJson(fields)), key, Buffer.from(signature, 'base64url'));
}

function check(wire: Wire, key: KeyObject): boolean {
  const { deviceId, sentAt, epoch, policyHash, permitsIssuedAt, head } = wire;
  let prev: string | null = null;
  for (const record of wire.records) {
    if (prev !== null && record.prev !== prev) return false;
    if (bodyHashOf(record.body, Buffer.from(record.salt, 'base64url')) !== record.bodyHash) return false;
    if (linkHash(record.prev, record.bodyHash) !== record.hash) return false;
    prev = record.hash;
  }
  return (
    prev === head.hash &&
    holds(key, { context: 'usher/head/1', deviceId, epoch, seq: head.seq, hash: head.hash }, head.signature) &&
    holds(
      key,
      { context: 'usher/sync/1', deviceId, sentAt, epoch, head: head.hash, policyHash, permitsIssuedAt },
      wire.signature,
    )
  );
}

function serve(order: z.infer<typeof bareOrder>): void {
  const keys = new Map(
    Object.entries(order.keys).map(([deviceId, key]) => [
      deviceId,
      createPublicKey({
        key: Buffer.concat([spkiPrefix, Buffer.from(key, 'base64url')]),
        format: 'der',
        type: 'spki',
      }),
    ]),
  );
  const database = new Database(order.database);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.exec(`CREATE TABLE records (
    device_id TEXT NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL, prev TEXT NOT NULL, body_hash TEXT NOT NULL,
    hash TEXT NOT NULL, salt TEXT, body TEXT, PRIMARY KEY (device_id, epoch, seq)) STRICT`);
  const insert = database.prepare('INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  const insertAll = database.transaction((wire: Wire) => {
    for (const { epoch, seq, prev, bodyHash, hash, salt, body } of wire.records)
      insert.run(wire.deviceId, epoch, seq, prev, bodyHash, hash, salt, JSON.stringify(body));
  });
  const server = createServer((request, response) => {
    void bodyOf(request)
      .then(unpack)
      .then((text) => {
        const wire = JSON.parse(text.toString('utf8')) as Wire;
        const key = keys.get(wire.deviceId);
        if (key === undefined || !check(wire, key)) return response.writeHead(401).end();
        insertAll.immediate(wire);
        const receipt = { seq: wire.head.seq, hash: wire.head.hash };
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ receipt }));
      })
      .catch(() => response.writeHead(500).end());
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    if (address === null || typeof address !== 'object') throw new Error('The bare endpoint has no address.');
    process.send?.({ kind: 'bareReady', origin: `http://127.0.0.1:${address.port}` });
  });
  process.on('SIGTERM', () => {
    server.closeAllConnections();
    database.close();
    process.exit(0);
  });
}

if (import.meta.main) {
  process.once('message', (message) => serve(bareOrder.parse(message)));
  process.send?.({ kind: 'ready' });
}
