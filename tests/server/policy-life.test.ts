import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, onTestFinished, test } from 'vitest';
import { accessPaths, auditList } from '../../src/contract/console-access.ts';
import { policyDraft, policyDraftDetail, policyDrafts, policyPaths } from '../../src/contract/console-policies.ts';
import { consolePaths, overview, policies, publishAnswer } from '../../src/contract/console.ts';
import type { Policy } from '../../src/contract/policy.ts';
import { syncAnswer, type SyncAnswer } from '../../src/contract/sync.ts';
import {
  generateSigningKey,
  policyHash,
  signedPolicyFault,
  signPolicy,
  signSyncRequest,
} from '../../src/proof/index.ts';
import { localTrust, openStore } from '../../src/server/store/database.ts';
import { postJson, testPolicy, type TestDevice } from '../support/test-device.ts';
import { at, newUser, Visitor } from './console-users.ts';
import { freshDatabase } from '../support/postgres/fresh-database.ts';
import { engine, enrolledDevice, problemOf, runningServer, signIn, temporaryFolder } from './running.ts';

const reason = 'The new wording confused people.';

/** A server whose clock can be set, and somebody at its console. */
async function school(startsAt = '2026-11-02T08:00:00.000Z') {
  let now = Date.parse(startsAt);
  const server = await runningServer({ now: () => new Date(now) });
  const administrator = new Visitor(server, await signIn(server));
  return {
    server,
    administrator,
    wait: (days: number) => (now += days * 86_400_000),
    versions: async () => policies.parse(await administrator.json(administrator.get(consolePaths.policies))).items,
    attention: async () =>
      overview
        .parse(await administrator.json(administrator.get(consolePaths.overview)))
        .attention.filter(({ kind }) => kind === 'reviewOverdue' || kind === 'draftWaiting'),
    trail: async () =>
      auditList
        .parse(await administrator.json(administrator.get(`${accessPaths.audit}?limit=50`)))
        .items.filter(({ body }) => body.action.startsWith('policy.')),
    rollBack: (hash: string, body: unknown = { reason }) =>
      administrator.post(policyPaths.rollBack.replace(':hash', hash), body),
  };
}

async function polls(origin: string, device: TestDevice, wantedPolicy: string): Promise<SyncAnswer> {
  const { signature: _, ...poll } = device.syncRequest([]);
  return syncAnswer.parse(
    await (await postJson(`${origin}/v1/sync`, signSyncRequest(device.key, { ...poll, wantedPolicy }))).json(),
  );
}

describe('back to an earlier version', () => {
  test('publishes what it says as another version, which is asked for again, and says so in its history', async () => {
    const { server, administrator, versions, rollBack, trail } = await school();
    const first = (await server.publish(testPolicy())).published;
    const second = (await server.publish(testPolicy(' Change it every week.'))).published;
    const device = await enrolledDevice(server);

    const { published } = publishAnswer.parse(await administrator.json(rollBack(first.hash)));
    expect(published.version).toBe(3);
    expect(published.policy.sections).toEqual(first.policy.sections);
    expect([first.hash, second.hash]).not.toContain(published.hash);
    expect(published.hash).toBe(policyHash(published.policy));
    expect(signedPolicyFault(server.serverPublicKey, published)).toBeNull();
    expect(published.policy.lifecycle.history).toEqual([
      { version: '3', on: '2026-11-02', change: `Version 1 again: ${reason}`, by: expect.any(String) },
    ]);

    expect((await device.sync(server.origin, [], second.hash)).policy?.hash).toBe(published.hash);
    expect(
      (await versions()).map(({ version, current, life }) => [version, current, life.restores, life.reason]),
    ).toEqual([
      [3, true, 1, reason],
      [2, false, null, null],
      [1, false, null, null],
    ]);
    const [newest] = await trail();
    expect(newest?.body).toMatchObject({ action: 'policy.rolledBack', detail: { restores: 1, version: 3, reason } });
    expect(newest?.sentence).toContain('brought version 1 of Acceptable use of computers back as version 3');
  });

  test('is refused without a reason, for what is in force, for what was never published, and to who may not', async () => {
    const { server, administrator, rollBack, versions } = await school();
    const first = (await server.publish(testPolicy())).published;
    const second = (await server.publish(testPolicy(' Change it every week.'))).published;
    const refused = async (answer: Promise<Response>) => {
      const { status, code, detail } = await problemOf(await answer);
      return [status, code, detail] as const;
    };
    expect(await refused(rollBack(first.hash, { reason: ' ' }))).toMatchObject([
      400,
      expect.any(String),
      expect.stringContaining('say in a few words why'),
    ]);
    expect(await refused(rollBack(second.hash))).toMatchObject([
      409,
      'policy.inForce',
      expect.stringContaining('Version 2'),
    ]);
    expect((await refused(rollBack('0'.repeat(64))))[0]).toBe(404);
    const reviewer = await newUser(server, administrator, {
      email: 'reviewer@example.org',
      roles: [{ role: 'reviewer', schools: 'all' }],
    });
    const path = policyPaths.rollBack.replace(':hash', first.hash);
    expect((await reviewer.visitor.post(path, { reason })).status).toBe(403);
    expect((await versions()).map(({ version }) => version)).toEqual([2, 1]);
  });

  test('brings a policy back that was withdrawn', async () => {
    const { server, administrator, rollBack, versions } = await school();
    const { published } = await server.publish(testPolicy());
    await administrator.json(administrator.post(consolePaths.withdrawPolicy.replace(':hash', published.hash), {}));
    expect((await versions()).some(({ current }) => current)).toBe(false);
    expect((await rollBack(published.hash)).status).toBe(200);
    expect((await versions())[0]).toMatchObject({ version: 2, current: true });
  });

  test('an earlier version is given to a machine that asks for it by its hash, and none that was never published', async () => {
    const { server } = await school();
    const first = (await server.publish(testPolicy())).published;
    await server.publish(testPolicy(' Change it every week.'));
    const device = await enrolledDevice(server);
    expect((await polls(server.origin, device, first.hash)).wanted).toEqual({ hash: first.hash, policy: first });
    const never = 'f'.repeat(64);
    expect((await polls(server.origin, device, never)).wanted).toEqual({ hash: never, policy: null });
  });
});

describe('a draft', () => {
  const draftsPath = `${policyPaths.drafts}?note=${encodeURIComponent('Longer passwords')}`;

  test('is put forward, approved by somebody else and published, each with who and when', async () => {
    const { server, administrator, versions, attention, trail, wait } = await school();
    const owner = await newUser(server, administrator, {
      email: 'owner@example.org',
      name: 'Kim Owner',
      roles: [{ role: 'policyOwner', schools: 'all' }],
    });
    const made = policyDraft.parse(await owner.visitor.json(owner.visitor.post(draftsPath, testPolicy())));
    expect(made).toMatchObject({
      state: 'draft',
      createdBy: 'Kim Owner',
      note: 'Longer passwords',
      approvedByAnother: null,
    });
    expect(await versions(), 'nobody is asked for it yet').toEqual([]);
    expect(await attention()).toMatchObject([
      {
        sentence: 'A draft of "Acceptable use of computers" waits to be approved.',
        href: `/policies/drafts/${made.id}`,
      },
    ]);

    const tooEarly = await administrator.post(at(policyPaths.publishDraft, made.id), {});
    expect(tooEarly.status).toBe(409);
    expect((await problemOf(tooEarly)).detail).toContain('not approved yet');
    wait(1);
    const approved = policyDraft.parse(
      await administrator.json(
        administrator.post(at(policyPaths.approveDraft, made.id), { note: 'Governors agreed.' }),
      ),
    );
    expect(approved).toMatchObject({ state: 'approved', approvedByAnother: true, approvalNote: 'Governors agreed.' });
    wait(1);
    const { published } = publishAnswer.parse(
      await owner.visitor.json(owner.visitor.post(at(policyPaths.publishDraft, made.id), {})),
    );
    expect(published.hash, 'what was approved is what was published').toBe(made.hash);
    expect(await versions()).toMatchObject([
      {
        version: 1,
        life: {
          publishedBy: 'Kim Owner',
          approvedBy: approved.approvedBy,
          approvedAt: approved.approvedAt,
          reason: 'Longer passwords',
        },
      },
    ]);
    const detail = policyDraftDetail.parse(await administrator.json(administrator.get(at(policyPaths.draft, made.id))));
    expect(detail).toMatchObject({ state: 'published', version: 1, endedBy: 'Kim Owner', policy: { id: 'staff-aup' } });
    expect(await attention()).toEqual([]);
    expect((await trail()).map(({ body }) => body.action)).toEqual([
      'policy.published',
      'policy.approved',
      'policy.drafted',
    ]);
  });

  test('says when it was approved by the person who made it', async () => {
    const { administrator } = await school();
    const made = policyDraft.parse(await administrator.json(administrator.post(policyPaths.drafts, testPolicy())));
    const approved = await administrator.json(administrator.post(at(policyPaths.approveDraft, made.id), {}));
    expect(policyDraft.parse(approved).approvedByAnother).toBe(false);
  });

  test('that was discarded or published can be neither again, and two at once publish once', async () => {
    const { administrator, versions } = await school();
    const put = async (policy: Policy) =>
      policyDraft.parse(await administrator.json(administrator.post(policyPaths.drafts, policy)));
    const one = await put(testPolicy());
    const discarded = await administrator.json(administrator.post(at(policyPaths.discardDraft, one.id), { reason }));
    expect(policyDraft.parse(discarded).state).toBe('discarded');
    for (const path of [policyPaths.approveDraft, policyPaths.publishDraft]) {
      expect((await administrator.post(at(path, one.id), {})).status).toBe(409);
    }
    const other = await put(testPolicy(' Change it every week.'));
    await administrator.json(administrator.post(at(policyPaths.approveDraft, other.id), {}));
    const both = await Promise.all(
      [1, 2].map(async () => (await administrator.post(at(policyPaths.publishDraft, other.id), {})).status),
    );
    expect(both.sort()).toEqual([200, 409]);
    expect(await versions()).toHaveLength(1);
    const { items } = policyDrafts.parse(await administrator.json(administrator.get(policyPaths.drafts)));
    expect(items.map(({ state }) => state).sort()).toEqual(['discarded', 'published']);
  });

  test('that could not be published is refused with the place and the fix', async () => {
    const { administrator } = await school();
    const answer = await administrator.post(policyPaths.drafts, { ...testPolicy(), sections: [] });
    expect(answer.status).toBe(400);
    expect((await problemOf(answer)).detail).toContain('at least one section');
    expect((await administrator.post(at(policyPaths.approveDraft, 'nothing'), {})).status).toBe(404);
  });
});

async function emptyDatabase(): Promise<string> {
  if (engine === 'sqlite') return join(await temporaryFolder(), 'usher.db');
  const { url, drop } = await freshDatabase({ empty: true });
  onTestFinished(drop);
  return url;
}

test('a database from before gets owner and review day of what was published from the policies themselves', async () => {
  const address = await emptyDatabase();
  const before = await openStore(address, { upTo: '0012-schools-own-lists' });
  const policy = { ...testPolicy(), lifecycle: { owner: 'Headteacher', reviewDueOn: '2026-09-01' } };
  const signed = signPolicy(generateSigningKey(), policy, 1, '2026-01-01T00:00:00.000Z');
  const { trustId: trust_id, schoolId: school_id } = localTrust;
  const row = { trust_id, school_id, publication: 1, hash: signed.hash, policy_id: policy.id, version: 1 };
  await sql`insert into policies (trust_id, school_id, publication, hash, policy_id, version, title, published_at, signed)
    values (${row.trust_id}, ${row.school_id}, 1, ${row.hash}, ${row.policy_id}, 1, ${policy.title}, ${signed.publishedAt}, ${JSON.stringify(signed)})`.execute(
    before,
  );
  await before.destroy();
  const after = await openStore(address);
  onTestFinished(() => after.destroy());
  expect(await after.selectFrom('policies').select(['owner', 'review_due_on', 'published_by']).execute()).toEqual([
    { owner: 'Headteacher', review_due_on: '2026-09-01', published_by: null },
  ]);
});

describe('a review', () => {
  test('that is overdue is said on the overview, with how late and whose it is, until a newer version says otherwise', async () => {
    const { server, attention, versions, wait } = await school('2026-11-02T08:00:00.000Z');
    const lifecycle = { owner: 'the headteacher', approvedOn: '2025-11-10', reviewEveryMonths: 12 };
    await server.publish({ ...testPolicy(), lifecycle });
    expect(await attention()).toEqual([]);
    expect((await versions())[0]?.life).toMatchObject({ owner: 'the headteacher', reviewDueOn: '2026-11-10' });
    wait(11);
    expect(await attention()).toMatchObject([
      {
        kind: 'reviewOverdue',
        sentence:
          'The review of "Acceptable use of computers" was due on 10 November 2026, 3 days ago. Its owner is the headteacher.',
      },
    ]);
    await server.publish({ ...testPolicy(), lifecycle: { ...lifecycle, approvedOn: '2026-11-12' } });
    expect(await attention()).toEqual([]);
  });
});
