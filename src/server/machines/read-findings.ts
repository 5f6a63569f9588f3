import type { z } from 'zod';
import type { changeFinding, findingList, findingsQuery } from '../../contract/console-machines.ts';
import { findingKind, findingState } from '../../contract/machine-standing.ts';
import { findingWords } from '../../words/finding-words.ts';
import { recordAction } from '../audit/record-action.ts';
import type { ServerContext } from '../context.ts';
import { notFound, RequestRefused } from '../http/problems.ts';
import { inScope } from '../store/in-scope.ts';
import type { Changer } from './change-machine.ts';
import { nameOf } from './listed-as.ts';
import type { MachineReader } from './read-machines.ts';

/** One page of what was found, newest first. `after` is the id of the last one of the page before. */
export async function readFindings(
  { store, trustId, scope }: MachineReader,
  query: z.infer<typeof findingsQuery>,
  asker: string | null,
): Promise<z.infer<typeof findingList>> {
  let select = store
    .selectFrom('machine_findings')
    .innerJoin('devices', (join) =>
      join
        .onRef('devices.trust_id', '=', 'machine_findings.trust_id')
        .onRef('devices.device_id', '=', 'machine_findings.device_id'),
    )
    .leftJoin('schools', (join) =>
      join
        .onRef('schools.trust_id', '=', 'machine_findings.trust_id')
        .onRef('schools.school_id', '=', 'machine_findings.school_id'),
    )
    .selectAll('machine_findings')
    .select(['devices.hostname', 'devices.display_name', 'schools.name as school'])
    .where('machine_findings.trust_id', '=', trustId)
    .where(inScope('machine_findings.school_id', scope))
    .orderBy('machine_findings.found_at', 'desc')
    .orderBy('machine_findings.finding_id', 'desc')
    .limit(query.limit + 1);
  if (query.state === 'unresolved') select = select.where('machine_findings.closed', '=', '');
  else select = select.where('machine_findings.state', '=', query.state);
  if (query.kind !== undefined) select = select.where('machine_findings.kind', '=', query.kind);
  if (query.school !== undefined) select = select.where('machine_findings.school_id', '=', query.school);
  if (query.machine !== undefined) select = select.where('machine_findings.device_id', '=', query.machine);
  if (query.after !== undefined) {
    const anchor = await store
      .selectFrom('machine_findings')
      .select(['found_at', 'finding_id'])
      .where('trust_id', '=', trustId)
      .where('finding_id', '=', query.after)
      .where(inScope('school_id', scope))
      .executeTakeFirst();
    if (anchor !== undefined) {
      select = select.where((row) =>
        row.or([
          row('machine_findings.found_at', '<', anchor.found_at),
          row.and([
            row('machine_findings.found_at', '=', anchor.found_at),
            row('machine_findings.finding_id', '<', anchor.finding_id),
          ]),
        ]),
      );
    }
  }
  const found = await select.execute();
  const page = found.slice(0, query.limit);
  return {
    items: page.map((row) => {
      const kind = findingKind.parse(row.kind);
      return {
        id: row.finding_id,
        kind,
        state: findingState.parse(row.state),
        machineId: row.device_id,
        machine: nameOf(row),
        schoolId: row.school_id,
        school: row.school ?? row.school_id,
        detail: row.detail,
        whatToDo: findingWords[kind].whatToDo,
        foundAt: row.found_at,
        lastAt: row.last_at,
        times: Number(row.times),
        owner: row.owner_name,
        ownerIsYou: row.owner_id !== null && row.owner_id === asker,
        note: row.note,
        changedAt: row.changed_at,
        changedBy: row.changed_by,
      };
    }),
    next: found.length > query.limit ? (page.at(-1)?.finding_id ?? null) : null,
  };
}

/**
 * Takes a finding on, notes something on it, or resolves it.
 * @throws RequestRefused 404 for one the caller may not see, 409 when it was resolved before: it is found anew if it is
 * still true.
 */
export async function updateFinding(
  context: ServerContext,
  id: string,
  change: z.infer<typeof changeFinding>,
  by: Changer,
): Promise<void> {
  const { owner, store } = context;
  await store.transaction().execute(async (transaction) => {
    const row = await transaction
      .selectFrom('machine_findings')
      .selectAll()
      .where('trust_id', '=', owner.trustId)
      .where('finding_id', '=', id)
      .where(inScope('school_id', by.scope))
      .executeTakeFirst();
    if (row === undefined) throw notFound('finding');
    if (row.closed !== '') {
      throw new RequestRefused(409, {
        code: 'machine.findingResolved',
        detail: `${row.changed_by ?? 'Somebody'} resolved this already. It appears anew if it is found again.`,
      });
    }
    if (change.state === 'resolved' && change.note === '') {
      throw new RequestRefused(400, {
        code: 'machine.noNote',
        detail: 'note: say in a few words what it was, so that the next person does not have to ask.',
        field: 'note',
      });
    }
    const owned =
      change.owner === 'me'
        ? { owner_id: by.actor.id, owner_name: by.actor.name }
        : change.owner === 'nobody'
          ? { owner_id: null, owner_name: null }
          : {};
    await transaction
      .updateTable('machine_findings')
      .set({
        state: change.state,
        closed: change.state === 'resolved' ? id : '',
        note: change.note === '' ? row.note : change.note,
        changed_at: context.now().toISOString(),
        changed_by: by.actor.name,
        ...owned,
      })
      .where('trust_id', '=', owner.trustId)
      .where('finding_id', '=', id)
      .execute();
    await recordAction(transaction, context, {
      action: 'machine.findingChanged',
      actor: by.actor,
      schoolId: row.school_id,
      subject: row.device_id,
      detail: { finding: id, kind: row.kind, state: change.state, owner: change.owner, note: change.note },
    });
  });
}
