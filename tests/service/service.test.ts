import { connect } from 'node:net';
import { readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { verifyExport, exportLineText } from '../../src/proof/index.ts';
import { runningServer } from '../server/running.ts';
import { testPolicy } from '../support/test-device.ts';
import { runningService, shellOf, stateFolder, submissionFor } from './running-service.ts';

const year = 365 * 86_400_000;

describe('a machine with a server', () => {
  test('enrols, brings the policy, records what a person accepts and has it confirmed', async () => {
    const server = await runningServer();
    const { published } = await server.publish(testPolicy());
    const service = await runningService(stateFolder(), await server.enrolmentToken());
    const shell = await shellOf(service);
    await expect.poll(() => shell.view().gate.phase).toBe('asking');

    const outcome = await shell.connection.call('accept', submissionFor(published));
    if (!outcome.ok) throw new Error(outcome.problem.detail);
    expect(service.journal.head().seq).toBeGreaterThanOrEqual(outcome.value.record.seq);
    expect(outcome.value.syncedAt).toBeNull();
    await expect.poll(() => service.sync()).toMatchObject({ phase: 'synced', pending: 0, trouble: null });
    const receipts = await shell.connection.call('receipts', {});
    expect(receipts.ok && receipts.value[0]?.syncedAt).toBeTruthy();
    expect(shell.view().gate.phase).toBe('open');

    const about = { serverPublicKey: server.serverPublicKey, exportedAt: new Date().toISOString() };
    const text = [...service.journal.exportLines(about)].map(exportLineText).join('');
    expect(verifyExport(text).outcome).toBe('sound');
  });

  test('asks again after a restart in the middle, from where the person was', async () => {
    const server = await runningServer();
    const { published } = await server.publish(testPolicy());
    const folder = stateFolder();
    const first = await runningService(folder, await server.enrolmentToken());
    const before = await shellOf(first);
    await expect.poll(() => before.view().gate.phase).toBe('asking');
    const reading = { readSeconds: 12, depthPercent: 60, sectionsRead: ['passwords'] };
    await before.connection.call('readingProgressed', { policyHash: published.hash, reading });
    await first.stop('Restart');

    const after = await shellOf(await runningService(folder));
    expect(after.view().gate).toMatchObject({ phase: 'asking', reading });
  });

  test('enforces no policy that the school has not signed', async () => {
    const server = await runningServer();
    await server.publish(testPolicy());
    const folder = stateFolder();
    const first = await runningService(folder, await server.enrolmentToken());
    const before = await shellOf(first);
    await expect.poll(() => before.view().gate.phase).toBe('asking');
    await first.stop('Restart');
    const file = join(folder, 'service', 'policies.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('Keep your password', 'Share your password'));
    await server.close();

    const after = await shellOf(await runningService(folder));
    expect(after.view().gate.phase).toBe('noPolicy');
  });
});

describe('bad input', () => {
  test('a second service on the same state folder is refused and changes nothing', async () => {
    const folder = stateFolder();
    const service = await runningService(folder);
    const head = service.journal.head();
    await expect(runningService(folder)).rejects.toThrow(
      `Another Usher service is already running on ${folder}. Stop it first, or give this one its own USHER_STATE.`,
    );
    expect(service.journal.head()).toEqual(head);
  });

  test('a shell that speaks garbage is cut off and recorded; the account comes from the operating system', async () => {
    const service = await runningService(stateFolder());
    await new Promise<void>((resolve, reject) => {
      const socket = connect(service.socketPath, () => socket.write('GET / HTTP/1.1\r\nHost: usher\r\n\r\n\0\0\0'));
      socket
        .on('error', reject)
        .on('close', () => resolve())
        .resume();
    });
    await expect.poll(() => service.journal.recordsOfType('shell.refused').length).toBe(1);
    const [refusal] = service.journal.recordsOfType('shell.refused');
    expect(refusal?.body?.account).toEqual({ id: String(userInfo().uid), name: userInfo().username });
  });

  test('a shell that claims to be somebody else is refused; its account is never taken from what it says', async () => {
    const service = await runningService(stateFolder());
    const hello = JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'hello',
      params: { protocol: 1, role: 'shell', agentVersion: '1', account: { id: '0', name: 'head' } },
    });
    const answer = await new Promise<string>((resolve, reject) => {
      let text = '';
      const socket = connect(service.socketPath, () => socket.write(`Content-Length: ${hello.length}\r\n\r\n${hello}`));
      socket.on('error', reject).on('close', () => resolve(text));
      socket.on('data', (part: Buffer) => {
        text += part.toString();
        if (text.includes('"id":1')) socket.destroy();
      });
    });
    expect(answer).toContain('account');
    expect(answer).toContain('"ok":false');
    expect((await shellOf(service)).view().account.name).toBe(userInfo().username);
  });

  test('a clock set back a year: the difference to the server is known, and nothing is lost or refused', async () => {
    const server = await runningServer();
    const { published } = await server.publish(testPolicy());
    const folder = stateFolder();
    const first = await runningService(folder, await server.enrolmentToken());
    await expect.poll(() => first.sync().phase).toBe('synced');
    await first.stop('The clock is set');

    const second = await runningService(folder, undefined, { now: () => Date.now() - year });
    const shell = await shellOf(second);
    const outcome = await shell.connection.call('accept', submissionFor(published));
    expect(outcome.ok).toBe(true);
    await expect.poll(() => second.sync(), { timeout: 5_000 }).toMatchObject({ phase: 'synced', pending: 0 });
    expect(Math.round((second.clockOffsetMs() ?? 0) / year)).toBe(1);
    const seqs = second.journal.recordsAfter(1, 0, 100).map(({ seq }) => seq);
    expect(seqs).toEqual(seqs.map((_seq, index) => index + 1));
  });

  test('an enrolment token for a server without encryption is refused before anything is sent', async () => {
    const token = `usher1.${Buffer.from(
      JSON.stringify({ server: 'http://school.example', secret: 'x'.repeat(43), serverKeyFingerprint: 'a'.repeat(64) }),
    ).toString('base64url')}`;
    await expect(runningService(stateFolder(), token)).rejects.toThrow(
      'The server http://school.example would be reached without encryption. Give it an https:// address; plain HTTP is only for a server on this computer itself.',
    );
  });
});
