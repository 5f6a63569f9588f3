import type { AccessSettings } from '../../contract/console-access.ts';
import { recordAction, type Doer } from '../audit/record-action.ts';
import type { ServerContext } from '../context.ts';
import type { StoreOrTransaction } from '../store/database.ts';

/** Until somebody sets them. */
const defaults: AccessSettings = { secondPerson: false, openingMinutes: 30 };

export async function accessSettingsOf(store: StoreOrTransaction, trustId: string): Promise<AccessSettings> {
  const row = await store.selectFrom('access_settings').selectAll().where('trust_id', '=', trustId).executeTakeFirst();
  return row === undefined ? defaults : { secondPerson: row.second_person === 1, openingMinutes: row.opening_minutes };
}

export async function setAccessSettings(context: ServerContext, given: AccessSettings, by: Doer): Promise<void> {
  const { trustId } = context.owner;
  await context.store.transaction().execute(async (transaction) => {
    const before = await accessSettingsOf(transaction, trustId);
    const row = { second_person: given.secondPerson ? 1 : 0, opening_minutes: given.openingMinutes };
    await transaction
      .insertInto('access_settings')
      .values({ trust_id: trustId, ...row })
      .onConflict((conflict) => conflict.column('trust_id').doUpdateSet(row))
      .execute();
    await recordAction(transaction, context, {
      action: 'access.settingsSet',
      actor: by.actor,
      schoolId: null,
      subject: null,
      detail: { before, settings: given },
    });
  });
}
