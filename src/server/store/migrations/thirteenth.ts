import type { Kysely, Migration } from 'kysely';
import { z } from 'zod';
import { keyed, required } from './columns.ts';

type Before = {
  policies: {
    trust_id: string;
    publication: number;
    signed: string;
    owner: string | null;
    review_due_on: string | null;
  };
};

/** What a policy of that time says of itself. */
const published = z.object({
  policy: z.object({
    lifecycle: z.object({ owner: z.string().optional(), reviewDueOn: z.string().optional() }),
  }),
});

/** How versions of policies came to be: drafts, approvals, who published and why, and when a review is due. */
export const thirteenth: Migration = {
  async up(database: Kysely<unknown>) {
    const { schema } = database;
    for (const column of ['published_by', 'approved_by', 'approved_at', 'reason', 'owner', 'review_due_on'] as const) {
      await schema.alterTable('policies').addColumn(column, 'text').execute();
    }
    await schema.alterTable('policies').addColumn('restores', 'integer').execute();
    await schema
      .createIndex('policies_by_version')
      .on('policies')
      .columns(['trust_id', 'policy_id', 'version'])
      .execute();
    await noteLifecycles(database.withTables<Before>());

    await keyed(schema.createTable('policy_drafts'))
      .addColumn('draft_id', 'text', required)
      .addColumn('policy_id', 'text', required)
      .addColumn('title', 'text', required)
      .addColumn('hash', 'text', required)
      .addColumn('policy', 'text', required)
      .addColumn('state', 'text', required)
      .addColumn('note', 'text', required)
      .addColumn('created_at', 'text', required)
      .addColumn('created_by', 'text', required)
      .addColumn('created_by_id', 'text', required)
      .addColumn('approved_at', 'text')
      .addColumn('approved_by', 'text')
      .addColumn('approved_by_id', 'text')
      .addColumn('approval_note', 'text')
      .addColumn('ended_at', 'text')
      .addColumn('ended_by', 'text')
      .addColumn('version', 'integer')
      .addPrimaryKeyConstraint('policy_drafts_key', ['trust_id', 'draft_id'])
      .execute();
    await schema
      .createIndex('policy_drafts_by_state')
      .on('policy_drafts')
      .columns(['trust_id', 'state', 'created_at'])
      .execute();
  },
};

/** What was published before says itself who looks after it and when it is to be reviewed. */
async function noteLifecycles(database: Kysely<Before>): Promise<void> {
  for (const { trust_id, publication, signed } of await database
    .selectFrom('policies')
    .select(['trust_id', 'publication', 'signed'])
    .execute()) {
    const { lifecycle } = published.parse(JSON.parse(signed)).policy;
    await database
      .updateTable('policies')
      .set({ owner: lifecycle.owner ?? null, review_due_on: lifecycle.reviewDueOn ?? null })
      .where('trust_id', '=', trust_id)
      .where('publication', '=', publication)
      .execute();
  }
}
