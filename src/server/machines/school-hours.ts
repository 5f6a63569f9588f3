import { defaultSchoolHours, schoolHours, type SchoolHours } from '../../contract/console-machines.ts';
import type { AuditActor } from '../../contract/audit.ts';
import { dayNumber } from '../../rules/machine-standing.ts';
import { recordAction } from '../audit/record-action.ts';
import type { ServerContext } from '../context.ts';
import { RequestRefused } from '../http/problems.ts';
import type { StoreOrTransaction } from '../store/database.ts';

/** When the trust's machines are expected to be heard of: as it was set, else the default. */
export async function readSchoolHours(store: StoreOrTransaction, trustId: string): Promise<SchoolHours> {
  const row = await store.selectFrom('school_hours').select('hours').where('trust_id', '=', trustId).executeTakeFirst();
  return row === undefined ? defaultSchoolHours : schoolHours.parse(JSON.parse(row.hours));
}

/** @throws RequestRefused 400 for a time zone that is none. */
export async function setSchoolHours(context: ServerContext, hours: SchoolHours, actor: AuditActor): Promise<void> {
  if (!isTimeZone(hours.timeZone)) {
    throw new RequestRefused(400, {
      code: 'machine.invalid',
      detail: 'timeZone: must be the name of a time zone, such as Europe/London.',
      field: 'timeZone',
    });
  }
  const { owner, store } = context;
  const at = context.now().toISOString();
  const kept = { hours: JSON.stringify(hours), changed_at: at, changed_by: actor.name };
  await store.transaction().execute(async (transaction) => {
    await transaction
      .insertInto('school_hours')
      .values({ trust_id: owner.trustId, ...kept })
      .onConflict((conflict) => conflict.column('trust_id').doUpdateSet(kept))
      .execute();
    await recordAction(transaction, context, {
      action: 'machine.hoursChanged',
      actor,
      schoolId: null,
      subject: null,
      detail: hours,
    });
  });
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** An instant as the day of the school's calendar and the time of its clock, `HH:MM`. */
export function schoolTime(timeZone: string): (at: string) => { day: number; time: string } {
  // The form of Sweden is YYYY-MM-DD HH:MM.
  const form = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return (at) => {
    const [date = '', time = ''] = form.format(new Date(at)).split(' ');
    return { day: dayNumber(date), time };
  };
}
