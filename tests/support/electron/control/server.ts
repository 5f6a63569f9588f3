import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { WebSocketServer } from 'ws';
import { environment } from '../environment.ts';
import { answerControl } from './routes.ts';
import { answerViewerFile } from './viewer-files.ts';
import { converse } from './viewer-socket.ts';

export interface ControlServer {
  /** Address of the page that shows and operates the windows. */
  viewer: string;
  /** Base address of the JSON endpoints for tests. */
  control: string;
}

const bodyLimitBytes = 1024 * 1024;

/**
 * Listens on loopback only, on a port of the system's choice, under addresses nobody can guess. Requests must name a
 * loopback host (against DNS rebinding) and, for the WebSocket, come from a page of this server.
 */
export async function startControlServer(): Promise<ControlServer> {
  const viewerToken = randomBytes(24).toString('base64url');
  const controlToken = randomBytes(24).toString('base64url');
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      respond(response, 400, { error: error instanceof Error ? error.message : String(error) });
    });
  });

  // A driver may ask after a long pause, on the connection it has.
  server.keepAliveTimeout = 0;

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (!hasLoopbackHost(request)) return respond(response, 403, { error: 'Only this computer may ask.' });
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const [, token, ...rest] = pathname.split('/');
    if (token === viewerToken && request.method === 'GET') return answerViewerFile(rest.join('/'), response);
    if (token === controlToken && environment.STANDIN_CONTROL === '1') {
      const result = await answerControl(`${request.method} /${rest.join('/')}`, await readJson(request));
      return respond(response, result === undefined ? 404 : 200, result ?? { error: 'There is nothing here.' });
    }
    respond(response, 404, { error: 'There is nothing here. Use the whole address the launcher printed.' });
  };

  const sockets = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024 });
  server.on('upgrade', (request, socket, head) => {
    const host = request.headers.host ?? '';
    const allowed =
      hasLoopbackHost(request) &&
      request.headers.origin === `http://${host}` &&
      request.url === `/${viewerToken}/windows`;
    if (!allowed) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => converse(client));
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  server.unref();
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const origin = `http://127.0.0.1:${port}`;
  return { viewer: `${origin}/${viewerToken}/`, control: `${origin}/${controlToken}` };
}

function hasLoopbackHost(request: IncomingMessage): boolean {
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(request.headers.host ?? '');
}

function respond(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request) {
    if (!Buffer.isBuffer(part)) continue;
    bytes += part.length;
    if (bytes > bodyLimitBytes) throw new Error('The request is too large.');
    parts.push(part);
  }
  return bytes === 0 ? {} : JSON.parse(Buffer.concat(parts).toString('utf8'));
}
