import { sql } from 'kysely';
import { startServer } from '../../src/server/index.ts';
import { localTrust, openStore, type Store } from '../../src/server/store/database.ts';
import { TestDevice, testPolicy } from '../support/test-device.ts';

/** In every text about the other school. Nothing that is sent ever holds it. */
export const canary = 'CanaryOfTheOtherSchool';
const otherSchool = 'other-school';

/** Tables whose rows belong to no school in particular. */
const ofTheTrust = new Set(['schools', 'policies', 'console_roles', 'audit_entries']);

export interface TwoSchools {
  /** Genuine bodies by path, to be changed a little. */
  genuine: Record<string, unknown[]>;
  /** Ids that stand in the store, of the session's own school and of the other one. */
  ownIds: string[];
  otherIds: string[];
}

/** Fills an empty store with a machine, people and events of each of two schools. */
export async function fillTwoSchools(
  stateFolder: string,
  databaseUrl: string | undefined,
  place: string,
): Promise<TwoSchools> {
  const server = await startServer({ stateFolder, consoleFolder: stateFolder, databaseUrl, rateLimits: 'none' });
  const store = await openStore(place);
  try {
    const { published } = await server.publish(testPolicy());
    const other = new TestDevice(`${canary}-machine`);
    await other.enrol(server.origin, await server.enrolmentToken('school'));
    await syncSome(other, server.origin, (device) => {
      for (const name of ['x', 'y']) {
        const accepted = device.accept(`${canary}.${name}`, published);
        if (accepted.body === null) throw new Error('A record of a test device has a body');
      }
    });
    await moveToOtherSchool(store);
    const own = new TestDevice('room-1');
    await own.enrol(server.origin, await server.enrolmentToken('school'));
    await syncSome(own, server.origin, (device) => {
      for (const name of ['robin', 'sam', 'kim']) device.accept(name, published);
    });
    const ownIds = await idsOf(store, localTrust.schoolId);
    return {
      genuine: {
        '/v1/sync': [own.syncRequest([]), own.syncRequest(own.records), own.syncRequest(own.records.slice(0, 1))],
        '/v1/enrol': [own.enrolRequest('a-secret-that-nobody-gave-out')],
        '/v1/policies': [testPolicy(), testPolicy(' Another text.')],
      },
      ownIds,
      // A policy is the trust's: its hash stands in the rows of both.
      otherIds: (await idsOf(store, otherSchool)).filter((id) => !ownIds.includes(id)),
    };
  } finally {
    await store.destroy();
    await server.close();
  }
}

async function syncSome(device: TestDevice, origin: string, more: (device: TestDevice) => void): Promise<void> {
  device.begin();
  device.record({ type: 'service.started', data: { version: '0.1.0', bootId: 'b', previousStop: 'none' } });
  more(device);
  await device.sync(origin);
}

/** Until machines can be enrolled for a second school, what was recorded so far is said to be that school's. */
async function moveToOtherSchool(store: Store): Promise<void> {
  await store
    .insertInto('schools')
    .values({
      trust_id: localTrust.trustId,
      school_id: otherSchool,
      name: `${canary} school`,
      created_at: new Date().toISOString(),
    })
    .execute();
  for (const { name, columns } of await store.introspection.getTables()) {
    if (ofTheTrust.has(name) || !columns.some((column) => column.name === 'school_id')) continue;
    await sql`update ${sql.table(name)} set school_id = ${otherSchool}`.execute(store);
  }
}

/** Every id, hash and number of a school's rows, as text. */
async function idsOf(store: Store, schoolId: string): Promise<string[]> {
  const found = new Set<string>();
  for (const { name, columns } of await store.introspection.getTables()) {
    const names = columns.map((column) => column.name);
    if (!names.includes('school_id')) continue;
    const wanted = names.filter((column) => /(_id|hash|number|key|plug)$/.test(column) && column !== 'trust_id');
    const { rows } = await sql<Record<string, unknown>>`
      select * from ${sql.table(name)} where school_id = ${schoolId}`.execute(store);
    for (const row of rows) for (const column of wanted) if (row[column] !== null) found.add(String(row[column]));
  }
  found.delete('trust');
  return [...found].filter((id) => !id.includes(canary));
}
