import { sql } from 'kysely';
import { describe, expect, onTestFinished, test } from 'vitest';
import { consolePaths } from '../../../src/contract/console.ts';
import { accessPaths } from '../../../src/contract/console-access.ts';
import { storeFaultOf } from '../../../src/server/store/faults.ts';
import type { Store } from '../../../src/server/store/database.ts';
import { goodPassword, newUser, Visitor, type UserInTest } from '../console-users.ts';
import type { RunningServer } from '../../../src/server/index.ts';
import { problemOf, runningServer, signIn, storeOf, temporaryFolder } from '../running.ts';

async function school() {
  const server = await runningServer({ rateLimits: 'none' });
  const store = await storeOf(server.folder);
  onTestFinished(() => store.destroy());
  const administrator = new Visitor(server, await signIn(server));
  return { server, store, administrator };
}

/** PostgreSQL ends so many of the transactions that write a session, as it does when another stands in their way. */
async function endSessions(store: Store, times: number): Promise<void> {
  await sql
    .raw(
      `
    create sequence if not exists ended_sessions;
    select setval('ended_sessions', 1, false);
    create or replace function end_session() returns trigger language plpgsql as $$
    begin
      if nextval('ended_sessions') <= ${String(times)} then
        raise exception 'could not serialize access due to concurrent update' using errcode = '40001';
      end if;
      return coalesce(new, old);
    end $$;
    create or replace trigger end_session before insert or delete on session for each row execute function end_session();
  `,
    )
    .execute(store);
}

async function firstStep(server: RunningServer, user: UserInTest): Promise<Visitor> {
  const visitor = new Visitor(server);
  await visitor.json(visitor.post(accessPaths.signInPassword, { email: user.email, password: goodPassword }));
  return visitor;
}

const secondStep = (visitor: Visitor, code: string) =>
  visitor.post(accessPaths.signInSecondFactor, { kind: 'backup', code });

describe('a sign-in that PostgreSQL ends in favour of another', () => {
  test('is run again, though better-auth makes something else of it, and its code counts once', async () => {
    const { server, store, administrator } = await school();
    const user = await newUser(server, administrator, {
      email: 'sam@school.example',
      roles: [{ role: 'auditor', schools: 'all' }],
    });
    const visitor = await firstStep(server, user);
    await endSessions(store, 3);
    const answer = await secondStep(visitor, user.backupCodes[0] ?? '');
    expect([answer.status, await answer.text()]).toEqual([200, '{"next":"signedIn"}']);
    expect((await visitor.get(accessPaths.account)).status).toBe(200);
    const used = await secondStep(await firstStep(server, user), user.backupCodes[0] ?? '');
    expect(used.status).toBe(401);
    const actions = await store
      .selectFrom('audit_entries')
      .select('action')
      .where('subject', '=', user.id)
      .orderBy('number')
      .execute();
    expect(actions.map(({ action }) => action).filter((action) => action.startsWith('signIn.'))).toEqual([
      'signIn.succeeded',
      'signIn.succeeded',
      'signIn.failed',
    ]);
  });

  test('again and again is answered as busy, never as wrong and never as a fault; the code is left', async () => {
    const { server, store, administrator } = await school();
    const user = await newUser(server, administrator, {
      email: 'sam@school.example',
      roles: [{ role: 'auditor', schools: 'all' }],
    });
    const visitor = await firstStep(server, user);
    await endSessions(store, 1_000);
    const busy = await secondStep(visitor, user.backupCodes[0] ?? '');
    expect(busy.headers.get('retry-after')).toMatch(/^[1-9]/);
    expect(await problemOf(busy)).toMatchObject({ status: 503, code: 'server.busy' });
    const out = await administrator.post(consolePaths.signOut);
    expect([out.status, out.headers.get('retry-after')]).toEqual([503, '5']);
    expect((await administrator.get(accessPaths.account)).status).toBe(200);
    await endSessions(store, 0);
    expect((await secondStep(visitor, user.backupCodes[0] ?? '')).status).toBe(200);
  });
});

test('many people who sign in, look and sign out at the same moment, on two servers, all get through', async () => {
  const { server, administrator } = await school();
  const second = await runningServer({ stateFolder: server.folder, rateLimits: 'none' });
  const users: UserInTest[] = [];
  for (const email of ['sam@school.example', 'kim@school.example', 'lee@school.example']) {
    users.push(await newUser(server, administrator, { email, roles: [{ role: 'auditor', schools: 'all' }] }));
  }
  for (let round = 0; round < 2; round += 1) {
    const statuses = await Promise.all(
      users.map(async (user, index) => {
        const visitor = await firstStep(index % 2 === 0 ? server : second, user);
        const answer = await secondStep(visitor, user.backupCodes[round] ?? '');
        const looked = await visitor.get(accessPaths.account);
        const out = await visitor.post(consolePaths.signOut);
        return [answer.status, looked.status, out.status];
      }),
    );
    expect(statuses).toEqual(users.map(() => [200, 200, 200]));
  }
});

describe('a transaction that was ended', () => {
  /** A transaction that another stands in the way of, begun and ended by hand. */
  async function ended(work: (transaction: Store, failed: unknown) => Promise<unknown>, times = 1) {
    const store = await storeOf(await temporaryFolder());
    onTestFinished(() => store.destroy());
    let runs = 0;
    const done = store.transaction().execute(async (transaction) => {
      runs += 1;
      const failing = sql`do $$ begin raise exception using errcode = '40001', message = 'another came first'; end $$`;
      if (runs > times) return 'through';
      const failed: unknown = await failing.execute(transaction).catch((error: unknown) => error);
      return await work(transaction, failed);
    });
    return { done, runs: () => runs };
  }

  test('says so to whoever goes on with it', async () => {
    const { done, runs } = await ended((transaction) => transaction.selectFrom('user').select('id').execute());
    expect([await done, runs()]).toEqual(['through', 2]);
  });

  test('says so to whoever throws something else', async () => {
    const { done, runs } = await ended(() => Promise.reject(new Error('words of somebody else')));
    expect([await done, runs()]).toEqual(['through', 2]);
  });

  test('says so to whoever takes it for committed', async () => {
    const { done, runs } = await ended(() => Promise.resolve('committed?'));
    expect([await done, runs()]).toEqual(['through', 2]);
  });

  test('in the end is busy, and the connection is well afterwards', async () => {
    const { done } = await ended(() => Promise.resolve('never'), 100);
    const fault: unknown = await done.catch((error: unknown) => error);
    expect(storeFaultOf(fault)).toBe('busy');
  });
});
