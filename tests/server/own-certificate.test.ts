import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { Agent, get } from 'node:https';
import { join } from 'node:path';
import { connect, TLSSocket } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { testCertificate } from '../support/test-certificate.ts';
import { runningServer, temporaryFolder } from './running.ts';

async function certificateFiles(made = testCertificate('first')) {
  const folder = await temporaryFolder();
  const files = { certificateFile: join(folder, 'server.crt'), keyFile: join(folder, 'server.key') };
  const put = async ({ certificate, key }: { certificate: string; key: string }) => {
    await writeFile(files.certificateFile, certificate);
    await writeFile(files.keyFile, key);
  };
  await put(made);
  return { files, put, made };
}

/** One request, on a connection of the agent's; the certificate it went under. */
function aliveOver(origin: string, agent: Agent): Promise<{ status: number; fingerprint: string; reused: boolean }> {
  return new Promise((resolve, reject) => {
    const request = get(`${origin}/healthz`, { agent }, (answer) => {
      const { socket } = answer;
      if (!(socket instanceof TLSSocket)) return reject(new Error('This was not HTTPS'));
      const fingerprint = createHash('sha256').update(socket.getPeerCertificate().raw).digest('hex');
      answer
        .resume()
        .once('end', () => resolve({ status: answer.statusCode ?? 0, fingerprint, reused: request.reusedSocket }));
    });
    request.once('error', reject);
  });
}
const trusting = (certificate: string) => new Agent({ keepAlive: true, ca: certificate });

describe('HTTPS by a certificate of its own', () => {
  test('is spoken under it, with HSTS, and the origin says https', async () => {
    const { files, made } = await certificateFiles();
    const server = await runningServer({ certificate: files });
    expect(server.origin).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    const agent = trusting(made.certificate);
    expect(await aliveOver(server.origin, agent)).toMatchObject({ status: 200, fingerprint: made.fingerprint });
    agent.destroy();
  });

  test('TLS 1.1 is refused, 1.2 and 1.3 are spoken', async () => {
    const { files } = await certificateFiles();
    const server = await runningServer({ certificate: files });
    const port = Number(new URL(server.origin).port);
    const spoken = (version: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3') =>
      new Promise<string>((resolve) => {
        const socket = connect({
          port,
          host: '127.0.0.1',
          rejectUnauthorized: false,
          minVersion: version,
          maxVersion: version,
          ciphers: 'DEFAULT@SECLEVEL=0',
          ALPNProtocols: ['h2', 'http/1.1'],
        });
        socket.once('secureConnect', () => {
          resolve(`${socket.getProtocol() ?? ''} ${String(socket.alpnProtocol)}`);
          socket.destroy();
        });
        socket.once('error', () => resolve('refused'));
      });
    expect([await spoken('TLSv1.1'), await spoken('TLSv1.2'), await spoken('TLSv1.3')]).toEqual([
      'refused',
      'TLSv1.2 http/1.1',
      'TLSv1.3 http/1.1',
    ]);
  });

  test('a renewed pair is used for new connections while open ones stay; half a pair changes nothing', async () => {
    const { files, put, made } = await certificateFiles();
    const server = await runningServer({ certificate: files, certificateCheckSeconds: 3_600 });
    const before = trusting(made.certificate);
    await aliveOver(server.origin, before);
    const renewed = testCertificate('second');

    await writeFile(files.certificateFile, renewed.certificate);
    server.reloadCertificate();
    const still = trusting(made.certificate);
    expect((await aliveOver(server.origin, still)).fingerprint).toBe(made.fingerprint);

    await put(renewed);
    server.reloadCertificate();
    const after = trusting(renewed.certificate);
    expect((await aliveOver(server.origin, after)).fingerprint).toBe(renewed.fingerprint);
    expect(await aliveOver(server.origin, before)).toMatchObject({ fingerprint: made.fingerprint, reused: true });
    for (const agent of [before, still, after]) agent.destroy();
  });

  test('changed files are noticed by themselves', async () => {
    const { files, put } = await certificateFiles();
    const server = await runningServer({ certificate: files, certificateCheckSeconds: 0.05 });
    const renewed = testCertificate('second');
    await put(renewed);
    await expect
      .poll(
        () => {
          const agent = new Agent({ ca: renewed.certificate });
          return aliveOver(server.origin, agent).then(
            ({ fingerprint }) => fingerprint,
            () => 'not yet',
          );
        },
        { timeout: 10_000 },
      )
      .toBe(renewed.fingerprint);
  });

  test.each([
    [
      'a key of another certificate',
      async () => ({ key: testCertificate('other').key }),
      'does not belong to the certificate',
    ],
    ['no certificate at all', async () => ({ certificate: 'hello' }), 'must be a certificate'],
  ])('does not start with %s, and says what to correct', async (_name, change, sentence) => {
    const { files } = await certificateFiles({ ...testCertificate('first'), ...(await change()) });
    await expect(runningServer({ certificate: files })).rejects.toThrow(sentence);
  });
});
