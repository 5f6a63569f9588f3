import type { ChangeRetention, Retention } from '../../contract/console-privacy.ts';
import {
  keepFor,
  longestMonths,
  retentionCategory,
  type KeepFor,
  type RetentionCategory,
} from '../../contract/retention.ts';
import type { AuditActor } from '../../contract/audit.ts';
import type { SchoolScope } from '../../contract/roles.ts';
import { coversSchool } from '../../rules/console-access.ts';
import { keepInForce } from '../../rules/retention.ts';
import { rulingPolicy } from '../../rules/ruling-policy.ts';
import { categoryWords } from '../../words/recorded-data.ts';
import { recordAction } from '../audit/record-action.ts';
import type { ServerContext } from '../context.ts';
import { notFound, RequestRefused } from '../http/problems.ts';
import { publicationsInForce } from '../policies/publications.ts';
import { takeNumbers } from '../store/counters.ts';
import type { StoreOrTransaction } from '../store/database.ts';
import { inScope } from '../store/in-scope.ts';

export type KeptCategories = Record<RetentionCategory, KeepFor>;
/** Stands in `school_id` for every school of the trust. */
export const everySchool = '*';

/** Stands in `school_id` for what the policy in force says. */
const byPolicy = '§';

/** What was decided, by school (`*`: the trust, `§`: the policy in force) and category. */
async function decisions(store: StoreOrTransaction, trustId: string): Promise<Map<string, KeepFor>> {
  const rows = await store.selectFrom('retention_rules').selectAll().where('trust_id', '=', trustId).execute();
  const inForce = (await publicationsInForce(store, trustId)).map(({ signed }) => signed);
  const rule = rulingPolicy(inForce)?.policy.rules?.retention;
  return new Map([
    ...(rule?.categories ?? []).map((category): [string, KeepFor] => [
      `${byPolicy} ${category}`,
      { from: 'received', months: rule?.months ?? longestMonths },
    ]),
    ...rows.map((row): [string, KeepFor] => [
      `${row.school_id} ${row.category}`,
      keepFor.parse({ from: row.keep_from, months: row.months }),
    ]),
  ]);
}

/** What holds where a school and its trust decided nothing. */
const fallback = (decided: ReadonlyMap<string, KeepFor>, category: RetentionCategory): KeepFor =>
  decided.get(`${byPolicy} ${category}`) ?? categoryWords[category].keep;

/** What would hold for a category if nothing else were decided. */
export async function keptWithoutDecision(
  store: StoreOrTransaction,
  trustId: string,
  category: RetentionCategory,
): Promise<KeepFor> {
  return fallback(await decisions(store, trustId), category);
}

/** What is in force for a school. */
export async function keptBy(store: StoreOrTransaction, trustId: string, schoolId: string): Promise<KeptCategories> {
  const decided = await decisions(store, trustId);
  return Object.fromEntries(
    retentionCategory.options.map((category) => [
      category,
      keepInForce(
        decided.get(`${schoolId} ${category}`),
        decided.get(`${everySchool} ${category}`),
        fallback(decided, category),
      ),
    ]),
  ) as KeptCategories;
}

export async function schoolsIn(
  store: StoreOrTransaction,
  trustId: string,
  scope: SchoolScope,
): Promise<{ id: string; name: string }[]> {
  return await store
    .selectFrom('schools')
    .select(['school_id as id', 'name'])
    .where('trust_id', '=', trustId)
    .where(inScope('schools.school_id', scope))
    .orderBy('name')
    .execute();
}

/** What is kept for how long in every school of the scope, and who decided it. */
export async function readRetention({ store, owner }: ServerContext, scope: SchoolScope): Promise<Retention> {
  const decided = await decisions(store, owner.trustId);
  const schools = await schoolsIn(store, owner.trustId, scope);
  return {
    wholeTrust: scope === 'all',
    trust: retentionCategory.options.flatMap((category) => {
      const keep = decided.get(`${everySchool} ${category}`);
      return keep === undefined ? [] : [{ category, keep }];
    }),
    schools: schools.map(({ id, name }) => ({
      id,
      name,
      categories: retentionCategory.options.map((category) => {
        const own = decided.get(`${id} ${category}`);
        const trust = decided.get(`${everySchool} ${category}`);
        return {
          category,
          keep: keepInForce(own, trust, fallback(decided, category)),
          decidedBy:
            own !== undefined
              ? ('school' as const)
              : trust !== undefined
                ? ('trust' as const)
                : decided.has(`${byPolicy} ${category}`)
                  ? ('policy' as const)
                  : ('usher' as const),
        };
      }),
    })),
  };
}

/** @throws RequestRefused for a school that does not exist or is not the caller's, and for the trust without all of it. */
export async function checkSchool(
  { store, owner }: ServerContext,
  scope: SchoolScope,
  schoolId: string | null,
): Promise<void> {
  if (schoolId === null) {
    if (scope === 'all') return;
    throw new RequestRefused(403, {
      code: 'privacy.wholeTrust',
      detail: 'Only somebody who looks after every school may decide for the whole trust. Choose a school.',
      field: 'schoolId',
    });
  }
  const known = await schoolsIn(store, owner.trustId, scope);
  if (!coversSchool(scope, schoolId) || !known.some(({ id }) => id === schoolId)) throw notFound('school');
}

/** Decides for how long a category is kept, in a school or the whole trust. */
export async function changeKept(
  context: ServerContext,
  scope: SchoolScope,
  { schoolId, category, keep }: ChangeRetention,
  actor: AuditActor,
): Promise<void> {
  const { store, owner } = context;
  await checkSchool(context, scope, schoolId);
  const keys = { trust_id: owner.trustId, school_id: schoolId ?? everySchool, category };
  await store.transaction().execute(async (transaction) => {
    await takeNumbers(transaction, owner.trustId, 'retention', 1);
    const before = (await decisions(transaction, owner.trustId)).get(`${keys.school_id} ${category}`) ?? null;
    if (keep === null) {
      await transaction
        .deleteFrom('retention_rules')
        .where('trust_id', '=', keys.trust_id)
        .where('school_id', '=', keys.school_id)
        .where('category', '=', category)
        .execute();
    } else {
      const news = {
        keep_from: keep.from,
        months: keep.months,
        changed_at: context.now().toISOString(),
        changed_by: actor.name,
      };
      await transaction
        .insertInto('retention_rules')
        .values({ ...keys, ...news })
        .onConflict((conflict) => conflict.columns(['trust_id', 'school_id', 'category']).doUpdateSet(news))
        .execute();
    }
    await recordAction(transaction, context, {
      action: 'retention.changed',
      actor,
      schoolId,
      subject: category,
      detail: { before, after: keep },
    });
  });
}
