import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { receiverTls } from './tls-files.ts';

export interface MailReceiver {
  port: number;
  /** Mails that were taken: their envelope and their text as it came. */
  mails: { to: string[]; secure: boolean; user: string | null; raw: string }[];
  /** The next mails meet this: an SMTP answer, or a connection that is cut. */
  failNext(...faults: MailFault[]): void;
}
export type MailFault = { code: number; words: string } | 'drop';

/** A real SMTP server on loopback with STARTTLS. `account`: who may send, and nobody else. */
export async function mailReceiver(account?: { user: string; password: string }): Promise<MailReceiver> {
  const mails: MailReceiver['mails'] = [];
  const faults: MailFault[] = [];
  const options: SMTPServerOptions = {
    ...receiverTls,
    authOptional: account === undefined,
    disabledCommands: account === undefined ? ['AUTH'] : [],
    onAuth(given, _session, done) {
      if (given.username === account?.user && given.password === account?.password)
        done(null, { user: given.username });
      else done(Object.assign(new Error('Wrong name or password'), { responseCode: 535 }));
    },
    onRcptTo(_address, _session, done) {
      const fault = faults[0];
      if (fault === undefined || fault === 'drop') {
        done();
        return;
      }
      faults.shift();
      done(Object.assign(new Error(fault.words), { responseCode: fault.code }));
    },
    onData(stream, session, done) {
      if (faults[0] === 'drop') {
        faults.shift();
        stream.resume();
        server.connections.forEach((connection) => connection._socket.destroy());
        return;
      }
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        mails.push({
          to: session.envelope.rcptTo.map(({ address }) => address),
          secure: session.secure,
          user: session.user ?? null,
          raw: Buffer.concat(parts).toString('utf8'),
        });
        done();
      });
    },
  };
  const server: SMTPServer & { connections: Set<{ _socket: { destroy(): void } }> } = Object.assign(
    new SMTPServer(options),
  );
  server.on('error', () => undefined);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => new Promise<void>((done) => server.close(done)));
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    failNext: (...given) => faults.push(...given),
  };
}
