import type { Socket } from 'node:net';
import { AbstractMessageReader, Disposable, type DataCallback, type Message } from 'vscode-jsonrpc/node';
import { z } from 'zod';

/** The header block ends well before this many bytes; one that does not is not ours. */
const headerLimitBytes = 512;
const headerEnd = Buffer.from('\r\n\r\n', 'ascii');

const id = z.union([z.int(), z.string().max(100)]);
const method = z.string().min(1).max(100);
const structured = z.union([z.record(z.string(), z.unknown()), z.array(z.unknown())]);

/** What a client may send: requests only (JSON-RPC 2.0, https://www.jsonrpc.org/specification). */
export const requestFrame = z.strictObject({
  jsonrpc: z.literal('2.0'),
  id,
  method,
  params: structured.optional(),
});

/** What a service may send: answers and notifications. */
export const answerFrame = z.union([
  z.strictObject({ jsonrpc: z.literal('2.0'), id, result: z.unknown() }),
  z.strictObject({ jsonrpc: z.literal('2.0'), id, error: z.object({ code: z.int(), message: z.string() }) }),
  z.strictObject({ jsonrpc: z.literal('2.0'), method, params: structured.optional() }),
]);

/** Why a stream of bytes was turned away. `code` is `session.tooLarge` or `session.garbled`. */
export class FramingError extends Error {
  readonly code: 'session.tooLarge' | 'session.garbled';
  constructor(code: FramingError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Reads Content-Length framed JSON-RPC off a socket and trusts none of it: the length is bounded before a byte of
 * the body is kept, and each message must fit `frame`. The first fault ends the reading (`onError`, then nothing).
 */
export class BoundedMessageReader extends AbstractMessageReader {
  private readonly socket: Socket;
  private readonly frame: z.ZodType<Message>;
  private readonly limitBytes: number;
  private chunks: Buffer[] = [];
  private buffered = 0;
  private bodyLength: number | null = null;
  private failed = false;

  constructor(socket: Socket, frame: z.ZodType<Message>, limitBytes: number) {
    super();
    this.socket = socket;
    this.frame = frame;
    this.limitBytes = limitBytes;
  }

  listen(callback: DataCallback): Disposable {
    const onData = (chunk: Buffer): void => {
      if (this.failed) return;
      try {
        this.take(chunk, callback);
      } catch (error) {
        this.failed = true;
        this.chunks = [];
        this.fireError(error);
      }
    };
    const onClose = (): void => this.fireClose();
    const onError = (error: Error): void => this.fireError(error);
    this.socket.on('data', onData).on('close', onClose).on('error', onError);
    return Disposable.create(() => {
      this.socket.off('data', onData).off('close', onClose);
    });
  }

  private take(chunk: Buffer, callback: DataCallback): void {
    this.chunks.push(chunk);
    this.buffered += chunk.length;
    for (;;) {
      if (this.bodyLength === null && !this.takeHeader()) return;
      if (this.bodyLength === null || this.buffered < this.bodyLength) return;
      const all = this.joined();
      const body = all.subarray(0, this.bodyLength);
      this.keep(all.subarray(this.bodyLength));
      this.bodyLength = null;
      callback(this.decode(body));
    }
  }

  /** True once the header block was read and `bodyLength` is known. */
  private takeHeader(): boolean {
    if (this.buffered === 0) return false;
    const all = this.joined();
    const end = all.subarray(0, headerLimitBytes).indexOf(headerEnd);
    if (end < 0) {
      if (all.length >= headerLimitBytes) throw new FramingError('session.garbled', 'The header has no end');
      this.keep(all);
      return false;
    }
    const length = /^content-length: *(\d{1,10})$/im.exec(all.toString('latin1', 0, end))?.[1];
    if (length === undefined) throw new FramingError('session.garbled', 'The header has no Content-Length');
    if (Number(length) > this.limitBytes) {
      throw new FramingError(
        'session.tooLarge',
        `A message of ${length} bytes is over the limit of ${this.limitBytes} bytes`,
      );
    }
    this.bodyLength = Number(length);
    this.keep(all.subarray(end + headerEnd.length));
    return true;
  }

  private decode(body: Buffer): Message {
    let value: unknown;
    try {
      value = JSON.parse(body.toString('utf8'));
    } catch {
      throw new FramingError('session.garbled', 'The message is not JSON');
    }
    const parsed = this.frame.safeParse(value);
    if (!parsed.success) throw new FramingError('session.garbled', 'The message is not one of this protocol');
    return parsed.data;
  }

  private joined(): Buffer {
    const [only] = this.chunks;
    return this.chunks.length === 1 && only !== undefined ? only : Buffer.concat(this.chunks);
  }

  private keep(rest: Buffer): void {
    this.chunks = rest.length === 0 ? [] : [rest];
    this.buffered = rest.length;
  }
}
