import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { auditEntry } from '../../src/contract/audit.ts';
import {
  accessPaths,
  auditList,
  auditVerdict,
  openingNow,
  openings,
  users,
} from '../../src/contract/console-access.ts';
import { consolePaths, events, people } from '../../src/contract/console.ts';
import { linkHash, sha256, canonicalJson } from '../../src/proof/index.ts';
import { testPolicy } from '../support/test-device.ts';
import { at, newUser, Visitor } from './console-users.ts';
import { engine, enrolledDevice, problemOf, runningServer, signIn, storeOf } from './running.ts';

const why = { category: 'incident', reason: 'The head asked what happened in room 12.' };

async function schoolWithPerson() {
  let now = Date.now();
  const server = await runningServer({ now: () => new Date(now) });
  const administrator = new Visitor(server, await signIn(server));
  const device = await enrolledDevice(server);
  const { published } = await server.publish(testPolicy());
  device.begin();
  device.accept('alex.example', published);
  device.record({ type: 'session.signedIn', account: 'alex.example', data: { remote: false, seenBy: 'system' } });
  await device.sync(server.origin);
  const [person] = people.parse(await administrator.json(administrator.get(consolePaths.people))).items;
  if (person === undefined) throw new Error('Nobody arrived');
  const record = at(consolePaths.person, person.id);
  const opening = at(accessPaths.opening, person.id);
  const trailOf = async (subject: string) =>
    auditList.parse(await administrator.json(administrator.get(`${accessPaths.audit}?subject=${subject}`))).items;
  return {
    server,
    administrator,
    person,
    record,
    opening,
    trailOf,
    wait: (minutes: number) => (now += minutes * 60_000),
  };
}

describe('a person’s record', () => {
  it('opens for half an hour once it is said why, and every look is in the audit trail', async () => {
    const { administrator, person, record, opening, trailOf, wait } = await schoolWithPerson();
    const acceptance = at(consolePaths.acceptance, person.latest?.acceptanceId ?? '');
    const ofPerson = `${consolePaths.events}?person=${person.id}`;
    for (const path of [record, acceptance, ofPerson]) {
      const answer = await administrator.get(path);
      expect(answer.status).toBe(403);
      expect((await problemOf(answer)).code).toBe('console.reasonNeeded');
    }
    expect((await administrator.post(opening, { ...why, reason: 'because' })).status).toBe(400);
    expect(openingNow.parse(await administrator.json(administrator.post(opening, why)))).toMatchObject({
      open: true,
      minutes: 30,
      secondPersonNeeded: false,
    });
    for (const path of [record, acceptance, ofPerson]) expect((await administrator.get(path)).status).toBe(200);
    const trail = await trailOf(person.id);
    expect(trail.map(({ body }) => body.action)).toEqual([
      'person.looked',
      'person.looked',
      'person.looked',
      'person.opened',
    ]);
    expect(trail.map(({ body }) => body.detail['what'])).toEqual(['events', 'acceptance', 'record', undefined]);
    expect(trail.at(-1)?.body).toMatchObject({ schoolId: 'school', detail: { reason: why.reason } });
    wait(31);
    expect((await administrator.get(record)).status).toBe(403);
  });

  it('cannot be read by searching the events for a name', async () => {
    const { administrator } = await schoolWithPerson();
    const found = async (text: string) =>
      events.parse(
        await administrator.json(administrator.get(`${consolePaths.events}?search=${encodeURIComponent(text)}`)),
      ).items.length;
    for (const text of ['alex.example', 'alex', 'example signed in', 'ALEX.EXAMPLE accepted']) {
      expect(await found(text), text).toBe(0);
    }
    expect(await found('signed in')).toBe(1);
    expect(await found('room-12')).toBe(3);
  });

  it('opens only with a second person’s agreement where the trust asks for that, and never with one’s own', async () => {
    const { server, administrator, record, opening, person, trailOf, wait } = await schoolWithPerson();
    const lead = async (email: string) =>
      (await newUser(server, administrator, { email, roles: [{ role: 'safeguardingLead', schools: ['school'] }] }))
        .visitor;
    const one = await lead('one@school.example');
    const other = await lead('other@school.example');
    await administrator.json(administrator.put(accessPaths.accessSettings, { secondPerson: true, openingMinutes: 10 }));

    const asked = openingNow.parse(await one.json(one.post(opening, why)));
    expect(asked).toMatchObject({ open: false, secondPersonNeeded: true, opening: { state: 'pending', own: true } });
    expect(asked.approvers).toHaveLength(1);
    expect((await problemOf(await one.get(record))).code).toBe('console.approvalNeeded');
    expect((await problemOf(await one.post(opening, why))).code).toBe('opening.waits');
    const answer = at(accessPaths.openingAnswer, asked.opening?.id ?? '');
    const agreed = { answer: 'approved', note: '' };
    expect((await problemOf(await one.post(answer, agreed))).code).toBe('opening.own');
    const [waiting] = openings.parse(await other.json(other.get(accessPaths.openings))).items;
    expect(waiting).toMatchObject({ state: 'pending', personName: 'alex.example', reason: why.reason, own: false });
    await other.json(other.post(answer, agreed));
    expect((await problemOf(await other.post(answer, agreed))).code).toBe('opening.answered');
    expect((await one.get(record)).status).toBe(200);
    expect((await other.get(record)).status).toBe(403);
    wait(11);
    expect((await one.get(record)).status).toBe(403);

    const second = openingNow.parse(await one.json(one.post(opening, why)));
    const refusal = at(accessPaths.openingAnswer, second.opening?.id ?? '');
    await other.json(other.post(refusal, { answer: 'refused', note: 'Ask me in person.' }));
    expect((await one.get(record)).status).toBe(403);
    const third = openingNow.parse(await one.json(one.post(opening, why)));
    wait(24 * 60 + 1);
    const late = at(accessPaths.openingAnswer, third.opening?.id ?? '');
    expect((await problemOf(await other.post(late, agreed))).code).toBe('opening.lapsed');
    expect((await trailOf(person.id)).map(({ body }) => body.action)).toEqual([
      'person.asked',
      'person.refused',
      'person.asked',
      'person.looked',
      'person.approved',
      'person.asked',
    ]);
  });
});

describe('the audit trail', () => {
  it('cannot be changed in the database, and what is changed by force is found', async () => {
    const { server, administrator } = await schoolWithPerson();
    const verdict = async () =>
      auditVerdict.parse(await administrator.json(administrator.get(accessPaths.auditVerify)));
    expect(await verdict()).toMatchObject({ sound: true, firstBad: null });
    const store = await storeOf(server.folder);
    const run = (text: string) => sql.raw(text).execute(store);
    const appendOnly = /append-only/;
    await expect(run("update audit_entries set actor_id = 'somebody-else'")).rejects.toThrow(appendOnly);
    await expect(run('delete from audit_entries')).rejects.toThrow(appendOnly);
    if (engine === 'postgres') await expect(run('truncate audit_entries')).rejects.toThrow(appendOnly);
    else {
      await expect(run('insert or replace into audit_entries select * from audit_entries')).rejects.toThrow(appendOnly);
    }
    expect(await verdict()).toMatchObject({ sound: true });

    if (engine === 'postgres') await run('drop trigger audit_entries_kept on audit_entries');
    else for (const change of ['update', 'delete']) await run(`drop trigger audit_entries_no_${change}`);
    const entry = (number: number) =>
      store.selectFrom('audit_entries').selectAll().where('number', '=', number).executeTakeFirstOrThrow();
    const set = (number: number, columns: { body?: string; actor_id?: string }) =>
      store.updateTable('audit_entries').set(columns).where('number', '=', number).execute();
    const { body } = await entry(2);
    await set(2, { body: body.replace('"name":"', '"name":"Not ') });
    expect((await verdict()).firstBad).toEqual({ number: 2, why: 'its text was changed after it was written' });
    await set(2, { body });
    const { actor_id: actor } = await entry(1);
    await set(1, { actor_id: 'somebody-else' });
    expect((await verdict()).firstBad?.number).toBe(1);
    await set(1, { actor_id: actor });
    expect(await verdict()).toMatchObject({ sound: true });
    await run('delete from audit_entries where number = (select max(number) from audit_entries)');
    expect((await verdict()).firstBad?.why).toMatch(/missing from the end/);
    await store.destroy();
  });

  it('is filtered, paged, and exported whole, as lines that anybody can check', async () => {
    const { administrator } = await schoolWithPerson();
    const pages: number[] = [];
    for (let before = ''; ;) {
      const page = auditList.parse(
        await administrator.json(administrator.get(`${accessPaths.audit}?limit=2${before}`)),
      );
      pages.push(...page.items.map(({ body }) => body.number));
      if (page.next === null) break;
      before = `&before=${page.next}`;
    }
    expect(pages).toEqual([...pages].sort((one, other) => other - one));
    expect(pages.at(-1)).toBe(1);
    const published = auditList.parse(
      await administrator.json(administrator.get(`${accessPaths.audit}?action=policy.published&actor=server`)),
    );
    expect(published.items).toHaveLength(1);
    expect(published.items[0]?.sentence).toMatch(/published version 1 of the policy/);

    const lines = (await (await administrator.get(accessPaths.auditExport)).text()).trimEnd().split('\n');
    const entries = lines.map((line) => auditEntry.parse(JSON.parse(line)));
    expect(entries.map(({ body }) => body.number)).toEqual(
      Array.from({ length: entries.length }, (_, index) => index + 1),
    );
    for (const [index, entry] of entries.entries()) {
      expect(entry.hash).toBe(linkHash(entry.prev, sha256(canonicalJson(entry.body)).toString('hex')));
      if (index > 0) expect(entry.prev).toBe(entries[index - 1]?.hash);
    }
    expect(entries.at(-1)?.body.action).toBe('audit.exported');
  });
});

describe('giving roles', () => {
  it('stays within one’s own schools, never changes oneself, and keeps one administrator', async () => {
    const { server, administrator } = await schoolWithPerson();
    await administrator.json(administrator.post(accessPaths.schools, { name: 'Other school' }));
    const user = (email: string, schools: 'all' | string[]) =>
      newUser(server, administrator, { email, roles: [{ role: 'administrator', schools }] });
    const trust = await user('trust@school.example', 'all');
    const local = await user('local@school.example', ['school']);
    const codeOf = async (answer: Promise<Response>) => (await problemOf(await answer)).code;
    const invite = (schools: 'all' | string[]) =>
      local.visitor.post(accessPaths.users, {
        name: 'New Example',
        email: `new-${String(schools).replaceAll(',', '-')}@school.example`,
        roles: [{ role: 'auditor', schools }],
      });
    expect((await invite(['school'])).status).toBe(200);
    for (const schools of ['all' as const, ['other-school'], ['school', 'other-school']]) {
      expect(await codeOf(invite(schools))).toBe('user.beyondScope');
    }
    const everything = { roles: [{ role: 'administrator', schools: 'all' }] };
    const setTo = (who: Visitor, id: string, roles: unknown) => who.put(at(accessPaths.userRoles, id), roles);
    expect(await codeOf(setTo(local.visitor, local.id, everything))).toBe('user.self');
    expect(await codeOf(setTo(local.visitor, trust.id, { roles: [] }))).toBe('user.beyondScope');
    expect(await codeOf(setTo(administrator, trust.id, { roles: [] }))).toBe('user.lastAdministrator');
    expect(await codeOf(administrator.post(at(accessPaths.userDisable, trust.id)))).toBe('user.lastAdministrator');
    const [first] = users
      .parse(await trust.visitor.json(trust.visitor.get(accessPaths.users)))
      .items.filter(({ email }) => email === 'administrator@usher.invalid');
    expect(await codeOf(trust.visitor.post(at(accessPaths.userDisable, first?.id ?? '')))).toBe('user.builtIn');
    const elsewhere = await user('elsewhere@school.example', ['other-school']);
    expect(await codeOf(setTo(local.visitor, elsewhere.id, { roles: [] }))).toBe('console.notFound');
    const seen = users.parse(await local.visitor.json(local.visitor.get(accessPaths.users))).items;
    expect(seen.map(({ email }) => email)).not.toContain('elsewhere@school.example');
    expect(seen.find(({ id }) => id === trust.id)?.manageable).toBe(false);
  });
});
