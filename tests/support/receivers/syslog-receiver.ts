import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:tls';
import { onTestFinished } from 'vitest';
import { receiverTls } from './tls-files.ts';

export interface SyslogLine {
  priority: number;
  timestamp: string;
  host: string;
  app: string;
  messageId: string;
  /** Parameters of the structured data, unescaped. */
  params: Record<string, string>;
  text: string;
}

/** Reads one message by the grammar of RFC 5424 §6. @throws Error when it is not one. */
export function parseSyslog(message: string): SyslogLine {
  const head = /^<(\d{1,3})>1 (\S+) (\S{1,255}) (\S{1,48}) (\S{1,128}) (\S{1,32}) \[([^ =\]"]{1,32})/.exec(message);
  if (head === null) throw new Error(`not RFC 5424: ${message.slice(0, 200)}`);
  let place = head[0].length;
  const params: Record<string, string> = {};
  const one = / ([^ =\]"]{1,32})="((?:[^"\\\]]|\\["\\\]])*)"/y;
  for (;;) {
    one.lastIndex = place;
    const found = one.exec(message);
    if (found === null) break;
    params[found[1] ?? ''] = (found[2] ?? '').replaceAll(/\\(["\\\]])/g, '$1');
    place = one.lastIndex;
  }
  if (!message.startsWith('] \uFEFF', place))
    throw new Error(`structured data does not end: ${message.slice(place, place + 80)}`);
  return {
    priority: Number(head[1]),
    timestamp: head[2] ?? '',
    host: head[3] ?? '',
    app: head[4] ?? '',
    messageId: head[6] ?? '',
    params,
    text: message.slice(place + 3),
  };
}

export interface SyslogReceiver {
  port: number;
  lines: SyslogLine[];
  /** Cuts the next connections after so many messages. */
  cutAfter(messages: number, times: number): void;
  close(): Promise<void>;
}

/** A syslog server over TLS with octet counting (RFC 5425), on loopback. */
export async function syslogReceiver(port = 0): Promise<SyslogReceiver> {
  const lines: SyslogLine[] = [];
  const open = new Set<Socket>();
  let cut: { messages: number; times: number } | null = null;
  const server = createServer(receiverTls, (socket) => {
    open.add(socket);
    let waiting = Buffer.alloc(0);
    let here = 0;
    const limit = cut !== null && cut.times > 0 ? cut.messages : Infinity;
    if (cut !== null) cut.times -= 1;
    socket.on('error', () => undefined);
    socket.on('close', () => open.delete(socket));
    socket.on('data', (part: Buffer) => {
      waiting = Buffer.concat([waiting, part]);
      for (;;) {
        const space = waiting.indexOf(0x20);
        if (space === -1) return;
        const octets = Number(waiting.subarray(0, space).toString('ascii'));
        if (!Number.isInteger(octets) || octets < 1) throw new Error('the frame does not begin with its length');
        if (waiting.length < space + 1 + octets) return;
        if (here >= limit) {
          socket.destroy();
          return;
        }
        lines.push(parseSyslog(waiting.subarray(space + 1, space + 1 + octets).toString('utf8')));
        waiting = waiting.subarray(space + 1 + octets);
        here += 1;
      }
    });
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  let running = true;
  const close = async (): Promise<void> => {
    if (!running) return;
    running = false;
    for (const socket of open) socket.destroy();
    await new Promise((done) => server.close(done));
  };
  onTestFinished(close);
  return {
    port: (server.address() as AddressInfo).port,
    lines,
    cutAfter: (messages, times) => {
      cut = { messages, times };
    },
    close,
  };
}
