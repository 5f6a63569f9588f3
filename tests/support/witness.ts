import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import {
  checkpointHolds,
  consistencyHolds,
  cosign,
  generateSigningKey,
  readCheckpoint,
  witnessKeyText,
  type Checkpoint,
} from '../../src/proof/index.ts';

export interface RunningWitness {
  url: string;
  /** As `USHER_WITNESS_KEY` takes it. */
  key: string;
  name: string;
  publicKey: string;
  /** The newest checkpoint it signed. */
  newest(): Checkpoint | null;
  /** Makes it believe that it signed this one. */
  claimSeen(checkpoint: Checkpoint | null): void;
}

/** A witness after https://c2sp.org/tlog-witness for one log, on a real socket, for as long as the test lasts. */
export async function runningWitness(serverPublicKey: () => string): Promise<RunningWitness> {
  const key = generateSigningKey();
  const name = 'witness.example/w1';
  let newest: Checkpoint | null = null;

  const answerTo = (body: string): { status: number; text: string; type?: string } => {
    const blank = body.indexOf('\n\n');
    const [first = '', ...proof] = body.slice(0, blank).split('\n');
    const old = Number(/^old (\d+)$/.exec(first)?.[1] ?? Number.NaN);
    const checkpoint = readCheckpoint(body.slice(blank + 2));
    if (checkpoint === null || !checkpointHolds(serverPublicKey(), checkpoint)) return { status: 403, text: '' };
    if (!(old <= checkpoint.size)) return { status: 400, text: '' };
    const seen = newest?.size ?? 0;
    const conflict = { status: 409, text: `${seen}\n`, type: 'text/x.tlog.size' };
    if (old !== seen) return conflict;
    const hashes = proof.map((line) => Buffer.from(line, 'base64'));
    if (newest !== null && old === checkpoint.size && !newest.root.equals(checkpoint.root)) return conflict;
    if (newest !== null && !consistencyHolds(newest, checkpoint, hashes)) return { status: 422, text: '' };
    newest = checkpoint;
    return { status: 200, text: cosign(key, name, checkpoint.text, new Date()) };
  };

  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const known = request.method === 'POST' && request.url === '/add-checkpoint';
      const { status, text, type } = known
        ? answerTo(Buffer.concat(parts).toString('utf8'))
        : { status: 404, text: '', type: undefined };
      response.writeHead(status, { 'content-type': type ?? 'text/plain; charset=utf-8' }).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  );
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    key: witnessKeyText({ name, publicKey: key.publicKey }),
    name,
    publicKey: key.publicKey,
    newest: () => newest,
    claimSeen: (checkpoint) => {
      newest = checkpoint;
    },
  };
}
