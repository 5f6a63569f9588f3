import type { z } from 'zod';
import type { AuditActor } from '../../contract/audit.ts';
import {
  digestInput,
  type DigestFacts,
  type DigestInput,
  type DigestRow,
  type digestPreview,
} from '../../contract/console-alerts.ts';
import type { SchoolScope } from '../../contract/roles.ts';
import { dayBefore, dueSlot, localDay } from '../../rules/weekly-slot.ts';
import { recordAction } from '../audit/record-action.ts';
import { notFound } from '../http/problems.ts';
import { countPeople } from '../people/read-people.ts';
import { inScope } from '../store/in-scope.ts';
import { writeDigest } from './digest-words.ts';
import { raise } from './raise.ts';
import { checkChannels } from './rules.ts';
import type { AlertContext } from './surroundings.ts';
import { asHtml, asText } from './written-forms.ts';

/** Where nothing was set: Monday at eight, when somebody switches it on. */
const unset: DigestInput = { enabled: false, channels: [], weekday: 1, hour: 8, timeZone: 'Europe/London' };
const weekMs = 7 * 86_400_000;
const digestName = 'Weekly digest';

const settingsOf = (kept: string | null): DigestInput => (kept === null ? unset : digestInput.parse(JSON.parse(kept)));

const bySchool = ({ store, owner }: AlertContext) =>
  store
    .selectFrom('schools')
    .leftJoin('alert_digests', (join) =>
      join
        .onRef('alert_digests.trust_id', '=', 'schools.trust_id')
        .onRef('alert_digests.school_id', '=', 'schools.school_id'),
    )
    .select(['schools.school_id', 'schools.name', 'alert_digests.settings'])
    .where('schools.trust_id', '=', owner.trustId);

export async function readDigests(context: AlertContext, scope: SchoolScope): Promise<DigestRow[]> {
  const { store, owner } = context;
  const rows = await bySchool(context).where(inScope('schools.school_id', scope)).orderBy('schools.name').execute();
  const last = await store
    .selectFrom('alerts')
    .select((row) => ['school_id', row.fn.max('at').as('at')])
    .where('trust_id', '=', owner.trustId)
    .where('kind', '=', 'digest')
    .groupBy('school_id')
    .execute();
  return rows.map((row) => ({
    id: row.school_id,
    school: row.name,
    ...settingsOf(row.settings),
    lastSentAt: last.find((one) => one.school_id === row.school_id)?.at ?? null,
  }));
}

async function findDigest(context: AlertContext, scope: SchoolScope, id: string) {
  const row = await bySchool(context)
    .where('schools.school_id', '=', id)
    .where(inScope('schools.school_id', scope))
    .executeTakeFirst();
  if (row === undefined) throw notFound('school');
  return { id: row.school_id, school: row.name, settings: settingsOf(row.settings) };
}

export async function changeDigest(
  context: AlertContext,
  scope: SchoolScope,
  id: string,
  input: DigestInput,
  actor: AuditActor,
): Promise<void> {
  const { store, owner } = context;
  await findDigest(context, scope, id);
  await checkChannels(store, owner.trustId, scope, input.channels);
  const values = { settings: JSON.stringify(input), enabled: input.enabled ? 1 : 0 };
  await store.transaction().execute(async (transaction) => {
    await transaction
      .insertInto('alert_digests')
      .values({ trust_id: owner.trustId, school_id: id, ...values })
      .onConflict((conflict) => conflict.columns(['trust_id', 'school_id']).doUpdateSet(values))
      .execute();
    await recordAction(transaction, context, {
      action: 'alert.digestChanged',
      actor,
      schoolId: id,
      subject: id,
      detail: { ...input },
    });
  });
}

/** What the digest would say now. */
export async function previewDigest(
  context: AlertContext,
  scope: SchoolScope,
  id: string,
): Promise<z.infer<typeof digestPreview>> {
  const { school, settings } = await findDigest(context, scope, id);
  const { day } = localDay(context.now(), settings.timeZone);
  const written = writeDigest(await factsOf(context, id, school, day), context.origin());
  return { subject: written.subject, text: asText(written), html: asHtml(written) };
}

/**
 * Puts every digest that is due into the outbox. Its id names the school and the day, so that it is there once, however
 * many processes look and however often.
 */
export async function sendDueDigests(context: AlertContext): Promise<void> {
  const rows = await bySchool(context).where('alert_digests.enabled', '=', 1).execute();
  for (const row of rows) {
    const settings = settingsOf(row.settings);
    const day = dueSlot(settings, context.now());
    if (day === null) continue;
    const id = `digest-${row.school_id}-${day}`;
    const there = await context.store
      .selectFrom('alerts')
      .select('alert_id')
      .where('trust_id', '=', context.owner.trustId)
      .where('alert_id', '=', id)
      .executeTakeFirst();
    if (there !== undefined) continue;
    const facts = await factsOf(context, row.school_id, row.name, day);
    await context.store.transaction().execute(async (transaction) => {
      await raise(context, transaction, {
        id,
        schoolId: row.school_id,
        rule: { id: null, name: digestName },
        channels: settings.channels,
        message: { kind: 'digest', facts },
      });
    });
  }
}

async function factsOf(context: AlertContext, schoolId: string, school: string, day: string): Promise<DigestFacts> {
  const { store, owner, now } = context;
  const policy = (await context.policies.ruling())?.signed ?? null;
  const inForce = (await context.policies.inForce()).map(({ signed }) => signed);
  const weekAgo = new Date(now().getTime() - weekMs).toISOString();
  const counts = await countPeople({ store, trustId: owner.trustId, scope: [schoolId], inForce, now: now() });
  const machines = await store
    .selectFrom('devices')
    .select((row) => [
      row.fn.countAll<number>().as('all'),
      row.fn.countAll<number>().filterWhere(row.fn.coalesce('last_seen_at', 'enrolled_at'), '<', weekAgo).as('silent'),
    ])
    .where('trust_id', '=', owner.trustId)
    .where('school_id', '=', schoolId)
    .executeTakeFirstOrThrow();
  const alerts = await store
    .selectFrom('alerts')
    .select((row) => ['rule_name', row.fn.countAll<number>().as('count')])
    .where('trust_id', '=', owner.trustId)
    .where('school_id', '=', schoolId)
    .where('kind', '!=', 'digest')
    .where('at', '>=', weekAgo)
    .groupBy('rule_name')
    .orderBy('rule_name')
    .execute();
  return {
    school,
    from: dayBefore(day, 7),
    to: day,
    policy: policy === null ? null : { title: policy.policy.title, version: policy.version },
    people: counts,
    machines: Number(machines.all),
    silentMachines: Number(machines.silent),
    alerts: alerts.map(({ rule_name: rule, count }) => ({ rule, count: Number(count) })),
  };
}
