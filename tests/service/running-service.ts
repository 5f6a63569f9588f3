import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { SignedPolicy } from '../../src/contract/policy.ts';
import type { AcceptanceSubmission } from '../../src/contract/acceptance.ts';
import type { SessionView } from '../../src/contract/session.ts';
import { settings } from '../../src/contract/settings.ts';
import { thisMachine } from '../../src/machine/index.ts';
import { startService, type RunningService, type ServiceOptions } from '../../src/service/index.ts';
import { connectSession, type SessionConnection } from '../../src/wire/index.ts';
import { readToken } from '../support/test-device.ts';

export function stateFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'usher-service-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A real service on a state folder; stopped when the test is over. */
export async function runningService(
  folder: string,
  enrolmentToken?: string,
  options: Partial<ServiceOptions> = {},
): Promise<RunningService> {
  const service = await startService({
    settings: settings.parse({ stateFolder: folder, logLevel: 'silent', enrolmentToken }),
    machine: await thisMachine(),
    version: '0.1.0',
    chance: () => 0,
    exchangeTimeoutMs: 400,
    writeLog: () => undefined,
    ...options,
  });
  onTestFinished(() => service.stop('The test is over'));
  return service;
}

export interface Shell {
  connection: SessionConnection;
  view(): SessionView;
}

/** Connects as the shell does. */
export async function shellOf(service: RunningService): Promise<Shell> {
  let latest: SessionView | null = null;
  const connection = await connectSession(service.socketPath, {
    role: 'shell',
    agentVersion: '0.1.0',
    onView: (view) => (latest = view),
    onClosed: () => undefined,
  });
  onTestFinished(() => connection.close());
  return {
    connection,
    view() {
      if (latest === null) throw new Error('The service has not said anything yet');
      return latest;
    },
  };
}

/** A form filled in as a person would, for the test policy. */
export function submissionFor(signed: SignedPolicy): AcceptanceSubmission {
  return {
    policyHash: signed.hash,
    audience: 'staff',
    teaching: false,
    statements: signed.policy.form.statements.map(({ id }) => id),
    fields: {
      name: { kind: 'text', value: 'Robin Ashdown' },
      signature: { kind: 'signature', value: { kind: 'typed', text: 'Robin Ashdown' } },
    },
    reading: { readSeconds: 5, depthPercent: 100, sectionsRead: ['passwords'] },
  };
}

/** What stands between machine and server for one request; `pass` lets it through. */
export type Interference = (request: IncomingMessage, response: ServerResponse) => 'pass' | 'taken';

/** A loopback address in front of a server, on which anything can go wrong. `added` headers are put on every answer. */
export async function addressInFrontOf(
  origin: string,
  added: Record<string, string> = {},
): Promise<{ origin: string; interfere(next: Interference): void }> {
  let interference: Interference = () => 'pass';
  const proxy = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      if (interference(request, response) === 'taken') return;
      const { host: _host, connection: _connection, ...headers } = request.headers;
      void fetch(`${origin}${request.url ?? '/'}`, {
        method: request.method ?? 'GET',
        headers: Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]),
        ...(parts.length === 0 ? {} : { body: Buffer.concat(parts) }),
      }).then(
        async (answer) => {
          response.writeHead(answer.status, {
            'content-type': answer.headers.get('content-type') ?? 'text/plain',
            ...added,
          });
          response.end(Buffer.from(await answer.arrayBuffer()));
        },
        () => response.destroy(),
      );
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  const address = proxy.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port');
  return { origin: `http://127.0.0.1:${address.port}`, interfere: (next) => (interference = next) };
}

/** The same token, but leading to another address. */
export function tokenLeadingTo(token: string, server: string): string {
  return `usher1.${Buffer.from(JSON.stringify({ ...readToken(token), server })).toString('base64url')}`;
}
