import { events, machineDetail, machines, overview } from '../../src/contract/console.ts';
import { findingList, machineCounts, madeToken, type CreateToken } from '../../src/contract/console-machines.ts';
import type { RunningServer } from '../../src/server/index.ts';
import { localTrust } from '../../src/server/store/database.ts';
import { postJson } from '../support/test-device.ts';
import { ask, signIn, storeOf } from './running.ts';

/** Somebody signed in as administrator, asking and doing. */
export async function signedIn(server: RunningServer & { folder: string }) {
  const cookie = await signIn(server);
  const get = async (path: string): Promise<unknown> => await (await ask(server, cookie, path)).json();
  const send = (path: string, body: unknown) =>
    postJson(`${server.origin}${path}`, body, { cookie, origin: server.origin });
  return {
    cookie,
    get,
    send,
    async post(path: string, body: unknown): Promise<unknown> {
      const answer = await send(path, body);
      if (!answer.ok) throw new Error(`The server answered ${answer.status}: ${await answer.text()}`);
      return await answer.json();
    },
    events: async () => events.parse(await get('/v1/console/events?limit=200')),
    overview: async () => overview.parse(await get('/v1/console/overview')),
    machines: async (query = '') => machines.parse(await get(`/v1/console/machines${query}`)),
    machine: async (id: string) => machineDetail.parse(await get(`/v1/console/machines/${id}`)),
    counts: async () => machineCounts.parse(await get('/v1/console/machine-counts')),
    findings: async (query = '') => findingList.parse(await get(`/v1/console/machine-findings${query}`)).items,
    async token(wanted: CreateToken) {
      const answer = await send('/v1/enrolment-tokens', wanted);
      return madeToken.parse(await answer.json());
    },
    /** Another school of the trust, as the page for schools would add it. */
    async addSchool(schoolId: string, name: string): Promise<void> {
      const store = await storeOf(server.folder);
      await store
        .insertInto('schools')
        .values({ trust_id: localTrust.trustId, school_id: schoolId, name, created_at: new Date().toISOString() })
        .execute();
      await store.destroy();
    },
  };
}
