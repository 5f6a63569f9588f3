import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import {
  consistencyAnswer,
  fileFinding,
  forkRows,
  inclusionAnswer,
  integrityPaths,
  integrityState,
  type IntegrityState,
} from '../../../src/contract/console-integrity.ts';
import {
  checkpointHolds,
  consistencyHolds,
  cosignedAt,
  inclusionHolds,
  keyFingerprint,
  logLeafHash,
  readCheckpoint,
  verifyPack,
  type Checkpoint,
} from '../../../src/proof/index.ts';
import type { RunningServer } from '../../../src/server/index.ts';
import { theServer } from '../../../src/server/audit/record-action.ts';
import { purgeWhatIsDue } from '../../../src/server/retention/purge.ts';
import { packSize } from '../../../src/server/integrity/pack-size.ts';
import { localTrust } from '../../../src/server/store/database.ts';
import { personId } from '../../../src/server/people/person-id.ts';
import { postJson, testPolicy } from '../../support/test-device.ts';
import { runningWitness } from '../../support/witness.ts';
import { ask, enrolledDevice, problemOf, runningServer, signIn, storeOf } from '../running.ts';

const mostBytes = 64 * 1024 * 1024;

/** A school with two machines that two people use. */
async function heldSchool(options: Parameters<typeof runningServer>[0] = {}) {
  const server = await runningServer(options);
  const { published } = await server.publish(testPolicy());
  const office = await enrolledDevice(server, 'office-1');
  const library = await enrolledDevice(server, 'library-2');
  for (const device of [office, library]) {
    device.begin();
    for (const account of ['r.ashdown', 'j.morley', 'r.ashdown']) device.accept(account, published);
    await device.sync(server.origin);
    for (const account of ['j.morley', 'j.morley']) device.accept(account, published);
    await device.sync(server.origin, device.records.slice(4));
  }
  return { server, office, library, cookie: await signIn(server) };
}

const change = (server: RunningServer, cookie: string, path: string, body: unknown): Promise<Response> =>
  postJson(`${server.origin}${path}`, body, { cookie, origin: server.origin });

async function checkNow(server: RunningServer, cookie: string): Promise<IntegrityState> {
  return integrityState.parse(await (await change(server, cookie, integrityPaths.check, {})).json());
}

async function newestCheckpoint(server: RunningServer): Promise<Checkpoint> {
  const checkpoint = readCheckpoint(await (await fetch(`${server.origin}${integrityPaths.checkpoint}`)).text());
  if (checkpoint === null) throw new Error('the server gave no checkpoint');
  return checkpoint;
}

/** Runs SQL on the server's own database, as somebody with access to it could. */
async function tamper(folder: string, statement: string): Promise<void> {
  const store = await storeOf(folder);
  const { numAffectedRows } = await sql.raw(statement).execute(store);
  await store.destroy();
  expect(Number(numAffectedRows)).toBeGreaterThan(0);
}

const range = { from: '2020-01-01T00:00:00.000Z', to: '2100-01-01T00:00:00.000Z' };

describe('the log', () => {
  test('has every receipted head, and anybody can follow it from one checkpoint to the next', async () => {
    const { server, office, cookie } = await heldSchool();
    expect((await fetch(`${server.origin}${integrityPaths.checkpoint}`)).status).toBe(404);
    await checkNow(server, cookie);
    const first = await newestCheckpoint(server);
    expect(first.size).toBe(4);
    expect(checkpointHolds(server.serverPublicKey, first)).toBe(true);

    office.record({ type: 'session.locked', data: { by: 'usher' }, account: 'r.ashdown' });
    await office.sync(server.origin, office.records.slice(6));
    const state = await checkNow(server, cookie);
    expect(state.checkpoints.map(({ size }) => size)).toEqual([5, 4]);
    const second = await newestCheckpoint(server);
    const answer = await fetch(`${server.origin}${integrityPaths.consistency}?old=4&size=5`);
    const { proof } = consistencyAnswer.parse(await answer.json());
    expect(
      consistencyHolds(
        first,
        second,
        proof.map((hash) => Buffer.from(hash, 'hex')),
      ),
    ).toBe(true);
    const kept = await fetch(`${server.origin}${integrityPaths.checkpointOf.replace(':size', '4')}`);
    expect(readCheckpoint(await kept.text())?.root).toEqual(first.root);
    const tile = await fetch(`${server.origin}/v1/log/tile/0/0`);
    expect((await tile.arrayBuffer()).byteLength).toBe(5 * 32);
  });

  test('proves that a record is covered by one of its entries', async () => {
    const { server, office, cookie } = await heldSchool();
    await checkNow(server, cookie);
    const { size, root } = await newestCheckpoint(server);
    const path = `${integrityPaths.inclusion}?deviceId=${office.deviceId}&epoch=1&seq=2`;
    const answer = inclusionAnswer.parse(await (await ask(server, cookie, path)).json());
    expect(answer.leaf).toMatchObject({ deviceId: office.deviceId, epoch: 1, seq: 4, hash: office.records[3]?.hash });
    const proof = answer.proof.map((hash) => Buffer.from(hash, 'hex'));
    expect(inclusionHolds(logLeafHash(answer.leaf), answer.index, size, proof, root)).toBe(true);
  });

  test('refuses what it cannot prove, naming the field', async () => {
    const { server, cookie } = await heldSchool();
    await checkNow(server, cookie);
    const cases = [
      [`${integrityPaths.consistency}?old=1&size=99`, 404, 'size'],
      [`${integrityPaths.consistency}?old=3&size=2`, 422, 'old'],
      ['/v1/log/checkpoint/3', 404, 'size'],
      ['/v1/log/tile/0/7', 404, 'index'],
      [`${integrityPaths.inclusion}?deviceId=${'0'.repeat(32)}&epoch=1&seq=1`, 404, 'seq'],
    ] as const;
    for (const [path, status, field] of cases) {
      const answer = await ask(server, cookie, path);
      expect([path, answer.status]).toEqual([path, status]);
      expect((await problemOf(answer)).field).toBe(field);
    }
  });
});

describe('a witness', () => {
  test('signs each checkpoint after the last, and its signature is served', async () => {
    let serverKey = '';
    const witness = await runningWitness(() => serverKey);
    const { server, office, cookie } = await heldSchool({ witnessUrl: witness.url, witnessKey: witness.key });
    serverKey = server.serverPublicKey;
    expect((await checkNow(server, cookie)).witness).toMatchObject({ name: witness.name, newestSize: 4 });
    office.record({ type: 'session.locked', data: { by: 'usher' }, account: 'r.ashdown' });
    await office.sync(server.origin, office.records.slice(6));
    // It lost what it had signed: it says so, and is given the proof from there.
    witness.claimSeen(null);
    const state = await checkNow(server, cookie);
    expect(state.witness).toMatchObject({ newestSize: 5, refused: false });
    expect(state.checkpoints[0]?.witnesses).toEqual([witness.name]);
    expect(witness.newest()?.size).toBe(5);
    expect(cosignedAt(witness, await newestCheckpoint(server))).not.toBeNull();
  });

  test('that saw another history refuses, and that is told until it signs again', async () => {
    let serverKey = '';
    const witness = await runningWitness(() => serverKey);
    const { server, office, cookie } = await heldSchool({ witnessUrl: witness.url, witnessKey: witness.key });
    serverKey = server.serverPublicKey;
    await checkNow(server, cookie);
    const honest = witness.newest();
    if (honest === null) throw new Error('the witness signed');
    witness.claimSeen({ ...honest, root: Buffer.alloc(32, 7) });
    office.record({ type: 'session.locked', data: { by: 'usher' }, account: 'r.ashdown' });
    await office.sync(server.origin, office.records.slice(6));
    const refused = await checkNow(server, cookie);
    expect(refused.state).toBe('unsound');
    expect(refused.findings).toMatchObject([
      {
        kind: 'witnessRefused',
        detail:
          'The witness witness.example/w1 did not sign the checkpoint of 5 entries: the proof does not lead from what it signed before to this checkpoint.',
      },
    ]);
    witness.claimSeen(honest);
    expect((await checkNow(server, cookie)).state).toBe('sound');
  });
});

describe('checking what is held', () => {
  test('says since when everything is sound, and only once it was checked', async () => {
    const { server, cookie } = await heldSchool();
    const before = integrityState.parse(await (await ask(server, cookie, integrityPaths.state)).json());
    expect(before).toMatchObject({
      state: 'checking',
      soundAsOf: null,
      records: 12,
      machines: 2,
      uncheckedRecords: 12,
    });
    const after = await checkNow(server, cookie);
    expect(after).toMatchObject({ state: 'sound', uncheckedRecords: 0, lastFullCheck: { records: 12, machines: 2 } });
    expect(after.soundAsOf).toBe(after.lastFullCheck?.startedAt);
  });

  test.each([
    ['a body', `update records set body = replace(body, 'j.morley', 'r.ashdown') where seq = 3`, 'recordChanged', 3],
    ['a name in a list', `update records set account_name = 'x' where seq = 2`, 'recordChanged', 2],
    ['a hash', `update records set body_hash = '${'a'.repeat(64)}' where seq = 5`, 'recordChanged', 5],
    ['a record taken out', 'delete from records where seq = 4', 'recordMissing', 4],
    ['the last record taken out', 'delete from records where seq = 6', 'recordMissing', 6],
    ['a receipt', `update receipts set at = '2020-01-01T00:00:00.000Z' where seq = 4`, 'badSignature', 4],
    ["a machine's signature", `update heads set signature = '${'A'.repeat(86)}' where seq = 6`, 'badSignature', 6],
    ['the log', `update log_leaves set hash = '${'b'.repeat(64)}' where leaf_index = 2`, 'logChanged', null],
    ['a checkpoint', `update checkpoints set note = replace(note, '4', '3')`, 'logChanged', null],
  ] as const)('finds %s changed in the database and names it', async (_what, statement, kind, seq) => {
    const { server, office, cookie } = await heldSchool();
    expect((await checkNow(server, cookie)).state).toBe('sound');
    const where = statement.includes(' where ') ? ` and device_id = '${office.deviceId}'` : '';
    await tamper(server.folder, kind === 'logChanged' ? statement : statement + where);
    const state = await checkNow(server, cookie);
    expect(state.state).toBe('unsound');
    const finding = state.findings.find((one) => one.kind === kind);
    expect(finding).toMatchObject({ kind, seq });
    if (seq !== null) {
      expect(finding).toMatchObject({ deviceId: office.deviceId, hostname: 'office-1', epoch: 1 });
      expect(finding?.detail).toMatch(new RegExp(`record ${seq} of epoch 1 of office-1`, 'i'));
    }
    const overview = await (await ask(server, cookie, '/v1/console/overview')).text();
    expect(overview).toContain('"kind":"integrity"');
  });

  test('finds nothing wrong while retention removes texts, whichever comes first to a record', async () => {
    const clock = { now: new Date('2026-01-12T09:00:00.000Z') };
    const { server, office, library, cookie } = await heldSchool({ now: () => clock.now, jobsByHand: true });
    for (const device of [office, library]) {
      for (let more = 0; more < 900; more += 1)
        device.record({ type: 'session.locked', data: { by: 'usher' }, account: more % 2 === 0 ? 'kim' : 'r.ashdown' });
      await device.sync(server.origin, device.records.slice(6));
    }
    clock.now = new Date('2026-12-01T09:00:00.000Z');
    const store = await storeOf(server.folder);
    const context = { store, owner: localTrust, now: () => clock.now };
    let removed = 0;
    let over = false;
    const removing = (async () => {
      for (;;) {
        // One batch at a time, so that checks come in between, before and after.
        const ran = await purgeWhatIsDue(context, 'all', theServer, 0);
        removed += ran.records;
        if (ran.finished) break;
      }
      over = true;
    })();
    let checks = 0;
    while (!over || checks === 0) {
      const state = await checkNow(server, cookie);
      checks += 1;
      expect(state.findings).toEqual([]);
    }
    await removing;
    const after = await checkNow(server, cookie);
    await store.destroy();
    expect(after).toMatchObject({ state: 'sound', findings: [], lastFullCheck: { records: 1_812 } });
    expect(removed).toBe(1_800);
  });

  test('settles what is sound again', async () => {
    const { server, cookie } = await heldSchool();
    await tamper(server.folder, `update records set account_name = account_name || 'x' where seq = 2`);
    const bad = await checkNow(server, cookie);
    expect(bad.findings.filter(({ resolvedAt }) => resolvedAt === null)).toHaveLength(2);
    await tamper(server.folder, `update records set account_name = 'r.ashdown' where seq = 2`);
    const good = await checkNow(server, cookie);
    expect(good.state).toBe('sound');
    expect(good.findings.every(({ resolvedAt }) => resolvedAt !== null)).toBe(true);
  });

  test('shows both versions of a forked record', async () => {
    const { server, office, cookie } = await heldSchool();
    office.records = office.records.slice(0, 5);
    office.record({ type: 'session.locked', data: { by: 'usher' }, account: 'j.morley' });
    await expect(office.sync(server.origin, office.records.slice(5))).rejects.toThrow('409');
    const { items } = forkRows.parse(await (await ask(server, cookie, integrityPaths.forks)).json());
    expect(items).toMatchObject([{ hostname: 'office-1', seq: 6, given: { hash: office.records[5]?.hash } }]);
    expect(items[0]?.held.summary).toContain('j.morley');
    expect(items[0]?.given.summary).toContain('locked');
  });
});

describe('an evidence pack', () => {
  const wanted = { ...range, reason: 'Asked for by the governors' };
  const bytesOf = async (answer: Response): Promise<Buffer> => Buffer.from(await answer.arrayBuffer());

  test('about a school holds every record and verifies anywhere', async () => {
    const { server, cookie } = await heldSchool();
    const answer = await change(server, cookie, integrityPaths.schoolPack, { ...wanted, schoolId: 'school' });
    expect(answer.status).toBe(200);
    const pack = await bytesOf(answer);
    const serverKeyFingerprint = keyFingerprint(server.serverPublicKey);
    const found = verifyPack(pack, { mostBytes, serverKeyFingerprint });
    expect(found).toMatchObject({ outcome: 'sound', records: 12, machines: 2, links: 0 });
    expect(verifyPack(pack, { mostBytes, serverKeyFingerprint: 'a'.repeat(64) }).outcome).toBe('badSignature');
    const given = await fetch(`${server.origin}${integrityPaths.verifyFile}`, {
      method: 'POST',
      headers: { cookie, origin: server.origin, 'content-type': 'application/octet-stream' },
      body: new Uint8Array(pack),
    });
    expect(fileFinding.parse(await given.json())).toMatchObject({ kind: 'pack', outcome: 'sound', exitCode: 0 });
  });

  test('about a person says nothing of anybody else, and is in the audit trail', async () => {
    const { server, cookie } = await heldSchool();
    const id = personId('trust', 'school', 'r.ashdown');
    const pack = await bytesOf(await change(server, cookie, integrityPaths.personPack, { ...wanted, personId: id }));
    const found = verifyPack(pack, { mostBytes });
    expect(found).toMatchObject({ outcome: 'sound', records: 4, machines: 2, links: 2, receipts: 2 });
    const { unzipSync } = await import('fflate');
    for (const file of Object.values(unzipSync(pack)))
      expect(Buffer.from(file).toString('utf8')).not.toContain('morley');
    const store = await storeOf(server.folder);
    const entry = await store.selectFrom('audit_entries').select('body').where('action', '=', 'pack.made').execute();
    await store.destroy();
    expect(JSON.stringify(entry)).toContain('Asked for by the governors');
  });

  test('that nobody could check is refused before it is begun, with what to do, and nothing is in the audit trail', async () => {
    const { server, cookie } = await heldSchool({ packLimits: { bytes: 1_100_000 } });
    const answer = await change(server, cookie, integrityPaths.schoolPack, { ...wanted, schoolId: 'school' });
    expect(await problemOf(answer)).toMatchObject({
      status: 400,
      code: 'integrity.packTooLarge',
      field: 'from',
      detail: expect.stringMatching(/about 1\.\d MB, and one that can be checked holds at most 1\.1 MB.* shorter time/),
    });
    const before = { ...wanted, schoolId: 'school', to: '2020-02-01T00:00:00.000Z' };
    expect((await change(server, cookie, integrityPaths.schoolPack, before)).status).toBe(200);
    const store = await storeOf(server.folder);
    const made = await store.selectFrom('audit_entries').select('number').where('action', '=', 'pack.made').execute();
    await store.destroy();
    expect(made).toHaveLength(1);
  });

  test('is never larger than it was reckoned to be, as a whole and file by file', async () => {
    const { server, office, cookie } = await heldSchool({ packLimits: { fileBytes: 4_000 } });
    const answer = await change(server, cookie, integrityPaths.schoolPack, { ...wanted, schoolId: 'school' });
    expect((await problemOf(answer)).detail).toContain('records of one machine');
    for (let more = 0; more < 300; more += 1) {
      office.record({ type: 'session.locked', data: { by: 'usher' }, account: more % 3 === 0 ? 'kim' : 'r.ashdown' });
      if (more % 25 === 24) await office.sync(server.origin, office.records.slice(-25));
    }
    await server.close();
    const again = await runningServer({ stateFolder: server.folder });
    const newCookie = await signIn(again);
    const store = await storeOf(server.folder);
    const { unzipSync } = await import('fflate');
    for (const [path, body, id] of [
      [integrityPaths.schoolPack, { schoolId: 'school' }, null],
      [integrityPaths.personPack, { personId: personId('trust', 'school', 'kim') }, personId('trust', 'school', 'kim')],
    ] as const) {
      const pack = await bytesOf(await change(again, newCookie, path, { ...wanted, ...body }));
      const sizes = Object.values(unzipSync(pack)).map(({ length }) => length);
      const request = {
        ...wanted,
        about: { kind: 'school' as const, schoolId: 'school', schoolName: 'School' },
        personId: id,
        madeBy: 'A test',
      };
      const reckoned = await packSize({ store, owner: localTrust }, request, 100);
      expect(reckoned.largestFile).toBeGreaterThanOrEqual(Math.max(...sizes));
      const unpacked = sizes.reduce((sum, size) => sum + size, 0);
      expect(reckoned.bytes).toBeGreaterThanOrEqual(unpacked);
      expect(reckoned.bytes).toBeLessThan(2 * unpacked + 1_500_000);
    }
    await store.destroy();
  });

  test('is refused without a reason, for a range that ends before it begins, and for what is not there', async () => {
    const { server, cookie } = await heldSchool();
    const cases = [
      [{ ...wanted, schoolId: 'school', reason: ' ' }, 400, 'reason'],
      [{ ...wanted, schoolId: 'school', from: range.to, to: range.from }, 400, 'from'],
      [{ ...wanted, schoolId: 'elsewhere' }, 404, 'id'],
    ] as const;
    for (const [body, status, field] of cases) {
      const answer = await change(server, cookie, integrityPaths.schoolPack, body);
      expect(answer.status).toBe(status);
      expect((await problemOf(answer)).field).toBe(field);
    }
  });
});
