import { createServer, type Socket } from 'node:net';
import { createMessageConnection, SocketMessageWriter, type MessageConnection } from 'vscode-jsonrpc/node';
import { problemFromZod, refused, type Problem } from '../contract/problem.ts';
import {
  sessionMessageLimitBytes,
  sessionProtocol,
  type SessionParams,
  type SessionRequest,
  type SessionResult,
  type SessionView,
} from '../contract/session.ts';
import { isRequest, requestChecks } from './checks.ts';
import { BoundedMessageReader, FramingError, requestFrame } from './framing.ts';

/** One connected shell or command line. `Peer` is who is at the other end, as the operating system says. */
export interface SessionClient<Peer> {
  readonly peer: Peer;
  /** Null until it said hello. */
  readonly role: SessionParams<'hello'>['role'] | null;
  /** Sends `viewChanged`. Does nothing once the connection ended. */
  push(view: SessionView): void;
  close(): void;
}

export type SessionHandlers<Peer> = {
  [M in SessionRequest]: (
    params: SessionParams<M>,
    client: SessionClient<Peer>,
  ) => SessionResult<M> | Promise<SessionResult<M>>;
};

/** Something at the socket was turned away. `peer` is null when even the caller's identity could not be learnt. */
export interface SessionRefusal<Peer> extends Problem {
  peer: Peer | null;
}

export interface SessionServerOptions<Peer> {
  socketPath: string;
  /** Asks the operating system who is at the other end. A rejection ends the connection. */
  identify(socket: Socket): Promise<Peer>;
  handlers: SessionHandlers<Peer>;
  onRefused(refusal: SessionRefusal<Peer>): void;
  /** A client that had said hello is gone. */
  onClosed(client: SessionClient<Peer>): void;
  /** Accepts connections; Node's own server when absent. */
  listen?: SocketListener;
}

/** Opens `socketPath` and hands over every connection. */
export type SocketListener = (
  socketPath: string,
  onConnection: (socket: Socket) => void,
) => Promise<{ close(): Promise<void> }>;

export interface SessionServer<Peer> {
  readonly clients: ReadonlySet<SessionClient<Peer>>;
  /** Ends every connection and stops listening. */
  close(): Promise<void>;
}

/** Connections at once; a machine has a handful of sessions. */
const connectionLimit = 64;
/** Requests of one connection not yet answered. */
const unansweredLimit = 32;
/** A connection says hello within this time. */
const helloWithinMs = 10_000;

/**
 * Serves the session protocol. Every request is checked against its schema before its handler sees it; what does not
 * fit is answered with `session.invalid`, naming the field. Bytes that are not the protocol end the connection.
 */
export async function serveSession<Peer>(options: SessionServerOptions<Peer>): Promise<SessionServer<Peer>> {
  const clients = new Set<SessionClient<Peer>>();
  const sockets = new Set<Socket>();

  const onConnection = (socket: Socket): void => {
    socket.on('error', () => undefined);
    if (sockets.size >= connectionLimit) {
      socket.destroy();
      options.onRefused({
        peer: null,
        code: 'session.tooMany',
        detail: `More than ${connectionLimit} connections at once`,
      });
      return;
    }
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.pause();
    options.identify(socket).then(
      (peer) => converse(socket, peer, options, clients),
      (error: unknown) => {
        socket.destroy();
        const why = error instanceof Error ? error.message : String(error);
        options.onRefused({ peer: null, code: 'session.unknownPeer', detail: why.slice(0, 400) });
      },
    );
  };

  const listener = await (options.listen ?? listenOnSocket)(options.socketPath, onConnection);
  return {
    clients,
    async close() {
      for (const socket of sockets) socket.destroy();
      await listener.close();
    },
  };
}

/** Node's own server; any account of the machine may connect, the service learns from the system who it is. */
const listenOnSocket: SocketListener = async (socketPath, onConnection) => {
  const server = createServer({ pauseOnConnect: true }, onConnection);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ path: socketPath, readableAll: true, writableAll: true }, resolve);
  });
  return { close: () => new Promise((resolve) => server.close(() => resolve())) };
};

function converse<Peer>(
  socket: Socket,
  peer: Peer,
  options: SessionServerOptions<Peer>,
  clients: Set<SessionClient<Peer>>,
): void {
  if (socket.destroyed) return;
  const rpc = createMessageConnection(
    new BoundedMessageReader(socket, requestFrame, sessionMessageLimitBytes),
    new SocketMessageWriter(socket),
  );
  let role: SessionClient<Peer>['role'] = null;
  let unanswered = 0;
  const client: SessionClient<Peer> = {
    peer,
    get role() {
      return role;
    },
    push: (view) => notify(rpc, socket, view),
    close: () => socket.destroy(),
  };
  const turnAway = (problem: Problem): void => options.onRefused({ ...problem, peer });
  const drop = (problem: Problem): void => {
    if (!socket.destroyed) turnAway(problem);
    socket.destroy();
  };
  const impatience = setTimeout(
    () => drop({ code: 'session.silent', detail: 'A connection said nothing for 10 seconds' }),
    helloWithinMs,
  );

  const answer = async <M extends SessionRequest>(method: M, raw: unknown): Promise<unknown> => {
    const params = requestChecks[method].params.safeParse(raw);
    if (!params.success) {
      const problem = problemFromZod(params.error, 'session.invalid');
      turnAway({ ...problem, detail: `${method}: ${problem.detail}` });
      return { ok: false, problem };
    }
    return options.handlers[method](params.data, client);
  };

  rpc.onRequest(async (method, raw) => {
    unanswered += 1;
    if (unanswered > unansweredLimit) {
      drop({ code: 'session.flood', detail: `More than ${unansweredLimit} requests without waiting for an answer` });
      return null;
    }
    try {
      if (!isRequest(method)) {
        const unknown = refused('session.unknownRequest', `There is no request "${method}".`);
        turnAway(unknown.problem);
        return unknown;
      }
      if (method === 'hello') {
        const hello = sessionProtocol.requests.hello.params.safeParse(raw);
        if (hello.success) {
          if (hello.data.protocol !== sessionProtocol.version) return wrongVersion(hello.data.protocol);
          if (role !== null) return refused('session.helloTwice', 'This connection already said hello.');
          clearTimeout(impatience);
          role = hello.data.role;
          clients.add(client);
        }
      } else if (role === null) {
        return refused('session.helloFirst', `Say hello before "${method}".`);
      }
      return await answer(method, raw);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      turnAway({ code: 'session.failed', detail: `${method}: ${why}`.slice(0, 400) });
      return refused('session.failed', 'The Usher service could not do this. Try again; if it stays, tell IT.');
    } finally {
      unanswered -= 1;
    }
  });
  rpc.onError(([error]) => {
    if (error instanceof FramingError) drop({ code: error.code, detail: error.message });
    else socket.destroy();
  });
  socket.on('close', () => {
    clearTimeout(impatience);
    rpc.dispose();
    if (clients.delete(client)) options.onClosed(client);
  });
  rpc.listen();
  socket.resume();
}

function notify(rpc: MessageConnection, socket: Socket, view: SessionView): void {
  if (socket.destroyed) return;
  rpc.sendNotification('viewChanged', view).catch(() => socket.destroy());
}

function wrongVersion(theirs: number) {
  return refused(
    'session.protocol',
    `This is protocol ${theirs}; the service speaks ${sessionProtocol.version}. Install the same version of Usher's shell and service.`,
    'protocol',
  );
}
