import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { createGunzip, gunzipSync } from 'node:zlib';
import { RequestRefused } from './problems.ts';

export interface BodyBounds {
  /** Bytes on the wire. */
  compressedBytes: number;
  /** Bytes after decompression. */
  bytes: number;
}

/** How long a sender may take for one body. */
const patienceSeconds = 60;

const megabytes = (bytes: number): string => `${Math.round((bytes / 1024 / 1024) * 10) / 10} MB`;

function tooLarge(area: string, bounds: BodyBounds): RequestRefused {
  return new RequestRefused(413, {
    code: `${area}.tooLarge`,
    detail: `The body is over the bound of ${megabytes(bounds.compressedBytes)} sent or ${megabytes(bounds.bytes)} unpacked. Nothing was taken; send less at a time.`,
  });
}

/**
 * Reads a request's body, unpacking gzip (RFC 9110 §8.4.1.3) while it arrives. Past either bound nothing more is
 * unpacked or kept; what was already on its way is let run out, so that the sender hears the answer.
 * @throws RequestRefused 413 past a bound, 415 for another encoding, 400 for broken gzip, 408 when it never ends.
 */
export async function readBoundedBody(
  source: Readable,
  encoding: string | undefined,
  bounds: BodyBounds,
  area: string,
): Promise<Buffer> {
  const named = encoding?.trim().toLowerCase() ?? 'identity';
  if (named !== 'identity' && named !== 'gzip') {
    throw new RequestRefused(415, {
      code: 'request.encoding',
      detail: `The body may be packed with gzip or not at all, not with "${named.slice(0, 40)}".`,
    });
  }
  const unpack = named === 'gzip' ? createGunzip() : null;
  return await new Promise<Buffer>((resolve, reject) => {
    const kept: Buffer[] = [];
    let arrived = 0;
    let unpacked = 0;
    let refusal: RequestRefused | null = null;

    const settle = (act: () => void) => {
      clearTimeout(timer);
      source.off('data', onArrival);
      source.off('end', onEnd);
      source.off('error', onLost);
      source.off('close', onLost);
      unpack?.removeAllListeners();
      unpack?.on('error', () => undefined);
      unpack?.destroy();
      act();
    };
    const refuse = (reason: RequestRefused) => {
      refusal ??= reason;
      kept.length = 0;
      if (unpack !== null && !unpack.destroyed) unpack.destroy();
      source.resume();
      if (source.readableEnded || arrived > bounds.compressedBytes * 2) settle(() => reject(refusal ?? reason));
    };
    const keep = (chunk: Buffer) => {
      if (refusal !== null) return;
      unpacked += chunk.length;
      if (unpacked > bounds.bytes) refuse(tooLarge(area, bounds));
      else kept.push(chunk);
    };
    const onArrival = (chunk: Buffer) => {
      arrived += chunk.length;
      if (refusal !== null || arrived > bounds.compressedBytes) refuse(refusal ?? tooLarge(area, bounds));
      else if (unpack === null) keep(chunk);
      else if (!unpack.write(chunk)) source.pause();
    };
    const onEnd = () => {
      if (refusal !== null) settle(() => reject(refusal));
      else if (unpack === null) settle(() => resolve(Buffer.concat(kept)));
      else unpack.end();
    };
    const onLost = () => {
      if (source.readableEnded && refusal === null) return;
      settle(() =>
        reject(
          refusal ??
            new RequestRefused(400, { code: 'request.cutOff', detail: 'The connection ended before the body did.' }),
        ),
      );
    };
    const timer = setTimeout(() => {
      settle(() =>
        reject(
          new RequestRefused(408, {
            code: 'request.timeout',
            detail: `The body did not arrive within ${patienceSeconds} seconds. Send it again.`,
          }),
        ),
      );
    }, patienceSeconds * 1_000);

    source.on('data', onArrival);
    source.on('end', onEnd);
    source.on('error', onLost);
    source.on('close', onLost);
    unpack?.on('data', keep);
    unpack?.on('drain', () => source.resume());
    unpack?.on('end', () => {
      if (refusal === null) settle(() => resolve(Buffer.concat(kept)));
    });
    unpack?.on('error', () =>
      refuse(
        new RequestRefused(400, { code: `${area}.invalid`, detail: 'The body is not sound gzip. Send it again.' }),
      ),
    );
  });
}

/**
 * A packed body that says it is no longer than this, such as a machine's sign-in, is unpacked when all of it arrived, if
 * it comes to no more than the second bound: a stream for it costs several times as much.
 */
const small = { compressedBytes: 8 * 1024, bytes: 128 * 1024 };

/** As `readBoundedBody`, of a request. */
export async function bodyOfRequest(request: IncomingMessage, bounds: BodyBounds, area: string): Promise<Buffer> {
  const { 'content-encoding': encoding, 'content-length': length } = request.headers;
  const most = Math.min(small.compressedBytes, bounds.compressedBytes);
  if (encoding !== 'gzip' || length === undefined || Number(length) > most) {
    return await readBoundedBody(request, encoding, bounds, area);
  }
  const packed = await readBoundedBody(request, undefined, { compressedBytes: most, bytes: most }, area);
  try {
    return gunzipSync(packed, { maxOutputLength: Math.min(small.bytes, bounds.bytes) });
  } catch {
    // Not sound, or it comes to more: the stream says which.
    return await readBoundedBody(Readable.from([packed]), encoding, bounds, area);
  }
}

/** Deeper than anything a contract describes; a recursive check of more could run out of stack. */
const deepestNesting = 200;

function nestsTooDeeply(text: Buffer): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const byte = text[index];
    if (inString) {
      if (byte === 0x5c) index += 1;
      else if (byte === 0x22) inString = false;
    } else if (byte === 0x22) inString = true;
    else if (byte === 0x5b || byte === 0x7b) {
      depth += 1;
      if (depth > deepestNesting) return true;
    } else if (byte === 0x5d || byte === 0x7d) depth -= 1;
  }
  return false;
}

/**
 * The JSON in a body.
 * @throws RequestRefused 400 when there is none, or it nests too deeply to be checked.
 */
export function jsonOf(body: Buffer, area: string): unknown {
  const invalid = (detail: string) => new RequestRefused(400, { code: `${area}.invalid`, detail });
  if (body.length === 0) throw invalid('The body is empty; it must be JSON.');
  if (nestsTooDeeply(body)) throw invalid(`The body nests more than ${deepestNesting} levels deep.`);
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return value;
  } catch {
    throw invalid('The body is not JSON. Check what was sent, and that nothing on the way changed it.');
  }
}
