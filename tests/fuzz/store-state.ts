import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { consolePaths } from '../../src/contract/console.ts';
import { accessPaths } from '../../src/contract/console-access.ts';
import { callbackPath } from '../../src/server/auth/providers.ts';
import { engineOfPlace } from '../../src/server/store/engine.ts';
import type { Store } from '../../src/server/store/database.ts';

/** A digest of each part of the store: its tables, the audit trail by action. */
export type StoreState = Map<string, string>;

const digestOf = (rows: readonly unknown[]): string =>
  createHash('sha256')
    .update(
      rows
        .map((row) => JSON.stringify(row))
        .sort()
        .join('\n'),
    )
    .digest('hex');

/** Names of all tables; PostgreSQL's partitions are not among them, their rows are those of `records`. */
export const tablesOf = async (store: Store): Promise<string[]> =>
  (await store.introspection.getTables()).map(({ name }) => name).filter((name) => !name.startsWith('records_'));

/** Says of every part of the store whether it is still the same. */
export async function stateOf(store: Store, tables: readonly string[]): Promise<StoreState> {
  const state: StoreState = new Map();
  for (const name of tables) {
    const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(name)}`.execute(store);
    if (name === 'audit_entries') {
      for (const [action, entries] of Map.groupBy(rows, (row) => String(row['action'])))
        state.set(`audit_entries ${action}`, digestOf(entries));
    } else if (name === 'counters') {
      // The audit trail's counter is as high as the trail is long, whatever was added to it.
      const { entries } = await store
        .selectFrom('audit_entries')
        .select((row) => row.fn.countAll<number>().as('entries'))
        .executeTakeFirstOrThrow();
      const less = (row: Record<string, unknown>) =>
        row['name'] === 'audit' ? { ...row, value: Number(row['value']) - Number(entries) } : row;
      state.set(name, digestOf(rows.map(less)));
    } else state.set(name, digestOf(rows));
  }
  return state;
}

export const changedParts = (before: StoreState, after: StoreState): string[] =>
  [...new Set([...before.keys(), ...after.keys()])].filter((part) => before.get(part) !== after.get(part));

/** Tells cheaply whether anybody else wrote to the store since it was last asked. */
export function writesTo(store: Store, place: string): () => Promise<boolean> {
  let last: string | null = null;
  const mark =
    engineOfPlace(place) === 'sqlite'
      ? // https://sqlite.org/pragma.html#pragma_data_version
        sql<{ mark: unknown }>`select data_version as mark from pragma_data_version`
      : // Moves with every transaction that wrote.
        sql<{ mark: unknown }>`select pg_snapshot_xmax(pg_current_snapshot())::text as mark`;
  return async () => {
    const { rows } = await mark.execute(store);
    const now = String(rows[0]?.mark);
    const wrote = now !== last;
    last = now;
    return wrote;
  };
}

/** What requests change on purpose though they are refused, or only read. Everything else stays as it was. */
const onPurpose: { what: string; paths: readonly string[]; parts: readonly string[] }[] = [
  { what: 'Refused batches are counted', paths: ['POST /v1/sync'], parts: ['rejected_batches'] },
  {
    what: 'Failed sign-ins are counted and in the audit trail, and use up what they were asked with',
    paths: [
      `POST ${accessPaths.signInPassword}`,
      `POST ${accessPaths.signInSecondFactor}`,
      `POST ${accessPaths.signInPasskey}`,
      'GET /sign-in/link/:token',
      `GET ${callbackPath}`,
    ],
    parts: ['sign_in_attempts', 'verification', 'audit_entries signIn.failed'],
  },
  {
    what: 'A wrong password for a change of the own account counts like one at sign-in',
    paths: [
      `PUT ${accessPaths.accountPassword}`,
      `POST ${accessPaths.accountTotp}`,
      `POST ${accessPaths.accountTotpConfirm}`,
      `POST ${accessPaths.accountBackupCodes}`,
    ],
    parts: ['sign_in_attempts'],
  },
  {
    what: 'Exports are in the audit trail',
    paths: ['GET /v1/console/events/export'],
    parts: ['audit_entries events.exported'],
  },
  { what: 'The same', paths: [`GET ${accessPaths.auditExport}`], parts: ['audit_entries audit.exported'] },
  {
    what: 'Looking at what is about a person is in the audit trail',
    paths: [consolePaths.person, consolePaths.acceptance, consolePaths.events, consolePaths.event].map(
      (path) => `GET ${path}`,
    ),
    parts: ['audit_entries person.looked'],
  },
];

/** Parts that such a request may not have changed. */
export function wronglyChanged(route: { method: string; path: string }, changed: readonly string[]): string[] {
  const asked = `${route.method} ${route.path.replaceAll(/\{(\w+)\}/g, ':$1')}`;
  const allowed = onPurpose.filter(({ paths }) => paths.includes(asked)).flatMap(({ parts }) => parts);
  return changed.filter((part) => !allowed.includes(part));
}
