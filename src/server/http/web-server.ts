import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Certificate } from './certificate.ts';
import type { ConnectionLimits } from './connection-limits.ts';
import { problemBody, problemMediaType } from './problems.ts';

/** Connections over the bound that still hear why; the system closes any beyond them. */
const heardRefusals = 100;

/**
 * The socket's side of the server: HTTP/1.1, over TLS 1.2 or newer with a certificate, bounded in connections and time.
 * (https://nodejs.org/docs/latest-v24.x/api/http.html#httpcreateserveroptions-requestlistener)
 */
export function webServer(handler: RequestListener, limits: ConnectionLimits, certificate: Certificate | null): Server {
  const surplus = new WeakSet<Socket>();
  const listener: RequestListener = (request, response) => {
    if (surplus.has(request.socket)) refuseSurplus(response);
    else handler(request, response);
  };
  const times = {
    headersTimeout: limits.headersSeconds * 1_000,
    requestTimeout: limits.requestSeconds * 1_000,
    keepAliveTimeout: limits.keepAliveSeconds * 1_000,
    connectionsCheckingInterval: limits.checkSeconds * 1_000,
  };
  const server =
    certificate === null
      ? createServer(times, listener)
      : createTlsServer(
          {
            ...times,
            ...certificate.current(),
            minVersion: 'TLSv1.2',
            ALPNProtocols: ['http/1.1'],
            handshakeTimeout: limits.handshakeSeconds * 1_000,
          },
          listener,
        );
  if (certificate !== null && 'setSecureContext' in server) {
    certificate.onChange((pair) => server.setSecureContext({ ...pair, minVersion: 'TLSv1.2' }));
  }
  server.maxRequestsPerSocket = limits.requestsPerConnection;
  server.maxConnections = limits.connections + heardRefusals;
  let open = 0;
  server.on(certificate === null ? 'connection' : 'secureConnection', (socket: Socket) => {
    open += 1;
    socket.once('close', () => (open -= 1));
    if (open > limits.connections) surplus.add(socket);
  });
  return server;
}

function refuseSurplus(response: ServerResponse): void {
  const detail = 'Too many connections are open. Nothing was taken; try again in a few seconds.';
  response.writeHead(503, {
    'content-type': problemMediaType,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'retry-after': '10',
    connection: 'close',
  });
  response.end(JSON.stringify(problemBody(503, { code: 'server.connections', detail })));
}
