import { EventEmitter } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { Protocol } from './protocol.ts';

type Method = keyof Protocol.CommandParameters;
type EventName = keyof Protocol.Events;
interface Waiting {
  method: string;
  resolve(answer: string): void;
  reject(error: Error): void;
}

/**
 * Speaks the DevTools protocol over Chromium's debugging pipe: JSON messages that end with a zero byte. When this
 * process ends for any reason the pipe closes and Chromium ends by itself.
 */
export class CdpConnection {
  private readonly output: Writable;
  private readonly waiting = new Map<number, Waiting>();
  private readonly sessions = new Map<string, CdpSession>();
  private lastId = 0;
  private rest: Buffer[] = [];
  readonly browser: CdpSession;

  constructor(output: Writable, input: Readable) {
    this.output = output;
    this.browser = this.session('');
    output.on('error', () => undefined);
    input.on('data', (chunk: Buffer) => this.receive(chunk));
    input.on('close', () => this.closed());
    input.on('error', () => this.closed());
  }

  /** The session of an attached target; the empty id is the browser itself. */
  session(sessionId: string): CdpSession {
    const known = this.sessions.get(sessionId);
    if (known !== undefined) return known;
    const session = new CdpSession(this, sessionId);
    this.sessions.set(sessionId, session);
    return session;
  }

  /** Sends a command; resolves with the whole answer as text. */
  request(method: string, params: object, sessionId: string): Promise<string> {
    this.lastId += 1;
    const id = this.lastId;
    const message = sessionId === '' ? { id, method, params } : { id, method, params, sessionId };
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { method, resolve, reject });
      this.output.write(`${JSON.stringify(message)}\0`);
    });
  }

  forget(sessionId: string): void {
    this.sessions.delete(sessionId);
  }

  private receive(chunk: Buffer): void {
    let from = 0;
    for (let end = chunk.indexOf(0, from); end >= 0; end = chunk.indexOf(0, from)) {
      this.rest.push(chunk.subarray(from, end));
      this.dispatch(Buffer.concat(this.rest).toString('utf8'));
      this.rest = [];
      from = end + 1;
    }
    if (from < chunk.length) this.rest.push(chunk.subarray(from));
  }

  private dispatch(text: string): void {
    const id = /^\{"id":(\d+)/.exec(text)?.[1];
    if (id === undefined) {
      const { method, params, sessionId } = JSON.parse(text);
      this.sessions.get(sessionId ?? '')?.emit(method, params);
      return;
    }
    const waiting = this.waiting.get(Number(id));
    this.waiting.delete(Number(id));
    waiting?.resolve(text);
  }

  private closed(): void {
    for (const { method, reject } of this.waiting.values()) reject(new Error(`${method}: Chromium has ended.`));
    this.waiting.clear();
  }
}

/** One attached target (or the browser): typed commands and events. */
export class CdpSession {
  private readonly connection: CdpConnection;
  readonly id: string;
  private readonly emitter = new EventEmitter();

  constructor(connection: CdpConnection, id: string) {
    this.connection = connection;
    this.id = id;
    this.emitter.setMaxListeners(100);
  }

  /** @throws Error with Chromium's words when it refuses the command. */
  async send<M extends Method>(
    method: M,
    params?: Protocol.CommandParameters[M],
  ): Promise<Protocol.CommandReturnValues[M]> {
    const answer = JSON.parse(await this.connection.request(method, params ?? {}, this.id));
    if (answer.error !== undefined) throw new Error(`${method}: ${answer.error.message}`);
    return answer.result;
  }

  /** Sends a command whose failure does not matter, such as to a page that is closing. */
  tell<M extends Method>(method: M, params?: Protocol.CommandParameters[M]): void {
    this.send(method, params).catch(() => undefined);
  }

  /** Listens; returns how to stop. */
  on<E extends EventName>(event: E, listener: (payload: Protocol.Events[E]) => void): () => void {
    this.emitter.on(event, listener);
    return () => this.emitter.off(event, listener);
  }

  once<E extends EventName>(event: E): Promise<Protocol.Events[E]> {
    return new Promise((resolve) => this.emitter.once(event, resolve));
  }

  emit(event: string, payload: unknown): void {
    this.emitter.emit(event, payload);
  }
}
