import { connect, type Socket } from 'node:net';
import { createMessageConnection, SocketMessageWriter } from 'vscode-jsonrpc/node';
import { refused, type Problem } from '../contract/problem.ts';
import {
  sessionMessageLimitBytes,
  sessionProtocol,
  type SessionParams,
  type SessionRequest,
  type SessionResult,
  type SessionView,
} from '../contract/session.ts';
import { notificationChecks, requestChecks } from './checks.ts';
import { answerFrame, BoundedMessageReader } from './framing.ts';

export interface SessionClientOptions {
  /** `status` only looks and holds no gate. */
  role: SessionParams<'hello'>['role'];
  agentVersion: string;
  /** Called with the first view before `connectSession` resolves, then on every change. */
  onView(view: SessionView): void;
  /** Called once when the connection ends, for whatever reason, with a sentence for a log. */
  onClosed(reason: string): void;
}

export interface SessionConnection {
  /**
   * Asks the service. Never rejects: what went wrong is in the answer. A connection that ends before the answer
   * gives `session.lost`; an answer that does not fit the protocol gives `session.invalid`.
   */
  call<M extends SessionRequest>(method: M, params: SessionParams<M>): Promise<SessionResult<M>>;
  close(): void;
}

/** The service could not be reached, or refused the first call; `problem` says which. */
export class SessionConnectError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

const lost = () =>
  refused('session.lost', 'The connection to the Usher service ended before it answered. It is being made again.');

/**
 * Connects to the service and says hello.
 * @throws SessionConnectError when nobody answers there or the service refuses.
 */
export async function connectSession(socketPath: string, options: SessionClientOptions): Promise<SessionConnection> {
  const socket = await reach(socketPath);
  const rpc = createMessageConnection(
    new BoundedMessageReader(socket, answerFrame, sessionMessageLimitBytes),
    new SocketMessageWriter(socket),
  );
  const ended = Promise.withResolvers<string>();
  let open = true;
  const end = (reason: string): void => {
    if (!open) return;
    open = false;
    socket.destroy();
    rpc.dispose();
    ended.resolve(reason);
  };
  rpc.onClose(() => end('The Usher service closed the connection.'));
  rpc.onError(([error]) => end(`The connection to the Usher service broke: ${error.message}.`));
  rpc.onNotification((method, params) => {
    const view = method === 'viewChanged' ? notificationChecks.viewChanged.params.safeParse(params) : null;
    if (view?.success === true) options.onView(view.data);
    else end('The Usher service sent something that is not part of the protocol.');
  });
  rpc.listen();

  const call = async <M extends SessionRequest>(method: M, params: SessionParams<M>): Promise<SessionResult<M>> => {
    const read = (value: unknown): SessionResult<M> => {
      for (const candidate of [value, notOfProtocol]) {
        const answer = requestChecks[method].result.safeParse(candidate);
        if (answer.success) return answer.data;
      }
      throw new Error(`The result of "${method}" cannot carry a problem`);
    };
    if (!open) return read(lost());
    return Promise.race([
      rpc.sendRequest<unknown>(method, params).then(read, () => read(lost())),
      ended.promise.then(() => read(lost())),
    ]);
  };

  const hello = await call('hello', {
    protocol: sessionProtocol.version,
    role: options.role,
    agentVersion: options.agentVersion,
  });
  if (!hello.ok) {
    end(hello.problem.detail);
    throw new SessionConnectError(hello.problem);
  }
  options.onView(hello.value);
  void ended.promise.then((reason) => options.onClosed(reason));
  return { call, close: () => end('Closed.') };
}

const notOfProtocol = refused(
  'session.invalid',
  'The Usher service gave an answer that is not part of the protocol. Shell and service must be of the same version.',
);

function reach(socketPath: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath);
    const failed = (error: NodeJS.ErrnoException): void => {
      const why = error.code === 'EACCES' ? 'may not be opened by this account' : 'has nobody answering';
      reject(
        new SessionConnectError({
          code: 'session.unreachable',
          detail: `The Usher service's socket ${socketPath} ${why}. Start the service, or check USHER_STATE and USHER_SOCKET.`,
        }),
      );
    };
    socket.once('error', failed);
    socket.once('connect', () => {
      socket.off('error', failed);
      resolve(socket);
    });
  });
}
