import { isIP } from 'node:net';
import { connect } from 'node:tls';
import { bareHost, guardedLookup, literalRefusal, type Networks } from '../alerts/address-guard.ts';
import { failed, faultWords, type Sent } from '../alerts/sending.ts';
import type { FeedEvent } from './feed-event.ts';
import { framed, syslogMessage } from './syslog-message.ts';

/** How long a receiver may take for a batch. */
const batchWithinMs = 15_000;
/** How long is waited for the receiver to close after us. */
const closeWithinMs = 3_000;

export interface SyslogReceiver {
  host: string;
  port: number;
  /** Authorities of its certificate, PEM; null for the public ones. */
  ca: string | null;
}

/**
 * Sends a batch over TLS (RFC 5425), one connection for each batch.
 *
 * A sender of our own over `node:tls`, because `syslog-client` (1.1.1) has no TLS, no structured data and no octet
 * counting, and calls a message sent once it is in a buffer. Syslog has no acknowledgement; the nearest to one is that
 * the receiver reads to our close and closes in turn, without an error. So the batch ends with a close, and only after
 * that it counts. A receiver that never closes is given three seconds in which nothing may go wrong.
 */
export async function sendSyslog(
  receiver: SyslogReceiver,
  events: readonly FeedEvent[],
  networks: Networks,
): Promise<Sent> {
  const refusal = literalRefusal(receiver.host, networks);
  if (refusal !== null) return failed(`The receiver cannot be used: ${refusal}.`);
  const host = bareHost(receiver.host);
  try {
    await new Promise<void>((resolve, reject) => {
      const socket = connect({
        host,
        port: receiver.port,
        lookup: guardedLookup(networks),
        minVersion: 'TLSv1.2',
        ...(isIP(host) === 0 ? { servername: host } : {}),
        ...(receiver.ca === null ? {} : { ca: receiver.ca }),
      });
      let closing: NodeJS.Timeout | undefined;
      const whole = setTimeout(
        () => socket.destroy(new Error('The receiver did not take the events in time.')),
        batchWithinMs,
      );
      let written = false;
      socket.on('error', reject);
      // What a receiver says is not part of syslog; it is read so that its close is seen.
      socket.resume();
      socket.on('secureConnect', () => {
        for (const event of events) socket.write(framed(syslogMessage(event)));
        socket.end(() => {
          written = true;
          closing = setTimeout(() => {
            resolve();
            socket.destroy();
          }, closeWithinMs);
        });
      });
      socket.on('close', (hadError) => {
        clearTimeout(whole);
        clearTimeout(closing);
        if (written && !hadError) resolve();
        else reject(new Error('The receiver cut the connection before it had everything.'));
      });
    });
    return { ok: true, answer: `${events.length} taken` };
  } catch (error) {
    return failed(faultWords(error));
  }
}
