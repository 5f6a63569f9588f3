import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { createTransport } from 'nodemailer';
import { isLoopback } from '../listening.ts';
import { addressRefusal, bareHost, type Networks } from './address-guard.ts';
import { failed, faultWords, type Sent } from './sending.ts';

/** A mail server as it is spoken to. */
export interface MailServer {
  host: string;
  port: number;
  /** TLS from the first byte; else STARTTLS. */
  secure: boolean;
  user: string | null;
  password: string | null;
  from: string;
  /** Authorities its certificate may be from, PEM; null for the public ones. */
  authorities: string | null;
  /** Set where the address was typed into the console: then it must be on these networks. */
  guard: Networks | null;
}

const waitMs = 15_000;

/** Out of the settings; null where no mail server is set. */
export function mailServerFrom(
  url: string | undefined,
  from: string | undefined,
  authorities: string | null,
): MailServer | null {
  if (url === undefined) return null;
  const { protocol, hostname, port, username, password } = new URL(url);
  const secure = protocol === 'smtps:';
  const host = bareHost(hostname);
  return {
    host,
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    secure,
    user: username === '' ? null : decodeURIComponent(username),
    password: password === '' ? null : decodeURIComponent(password),
    from: from ?? `usher@${isIP(host) === 0 && host.includes('.') ? host : 'localhost.localdomain'}`,
    authorities,
    guard: null,
  };
}

export interface Mail {
  to: string;
  subject: string;
  text: string;
  html: string;
  /** Named in the Message-ID, so that a second copy after a lost answer is known as one. */
  id: string;
  at: Date;
}

/** Sends one mail to one address. TLS is required unless the server is this computer. */
export async function sendEmail(server: MailServer, mail: Mail): Promise<Sent> {
  const { host, port, secure, user, password, from, authorities, guard } = server;
  try {
    const address = guard === null ? host : await guardedAddress(host, guard);
    const transport = createTransport({
      host: address,
      port,
      secure,
      requireTLS: !isLoopback(host),
      ...(user === null ? {} : { auth: { user, pass: password ?? '' } }),
      tls: {
        minVersion: 'TLSv1.2',
        ...(isIP(host) === 0 ? { servername: host } : {}),
        ...(authorities === null ? {} : { ca: authorities }),
      },
      connectionTimeout: waitMs,
      greetingTimeout: waitMs,
      socketTimeout: waitMs,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    try {
      const { response } = await transport.sendMail({
        from: { name: 'Usher', address: from },
        to: { name: '', address: mail.to },
        subject: mail.subject,
        text: mail.text,
        html: mail.html,
        date: mail.at,
        messageId: `<${mail.id}@${from.slice(from.lastIndexOf('@') + 1)}>`,
        // RFC 3834 §5: no holiday replies to a machine.
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
      });
      return { ok: true, answer: response };
    } finally {
      transport.close();
    }
  } catch (error) {
    const code = error instanceof Error && 'responseCode' in error ? Number(error.responseCode) : 0;
    // RFC 5321 §4.2.1: 5yz will not change by trying again, 4yz may.
    return failed(faultWords(error), { permanent: code >= 500 && code < 600 });
  }
}

async function guardedAddress(host: string, networks: Networks): Promise<string> {
  const { address } = isIP(host) === 0 ? await lookup(host) : { address: host };
  const refusal = addressRefusal(address, networks);
  if (refusal !== null) throw new Error(`The mail server cannot be used: ${refusal}.`);
  return address;
}
