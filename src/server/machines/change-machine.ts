import type { Transaction } from 'kysely';
import type { AuditAction, AuditActor } from '../../contract/audit.ts';
import { standing } from '../../contract/machine-standing.ts';
import type { SchoolScope } from '../../contract/roles.ts';
import { afterStep, type MachineStep } from '../../rules/machine-standing.ts';
import { recordAction } from '../audit/record-action.ts';
import type { ServerContext } from '../context.ts';
import { schoolNamed } from '../enrolment/tokens.ts';
import { notFound, RequestRefused } from '../http/problems.ts';
import { inScope } from '../store/in-scope.ts';
import type { DeviceTable, Tables } from '../store/tables.ts';
import { settleFindings } from './findings.ts';
import { listedAs, nameOf } from './listed-as.ts';

/** Who changes a machine, and in which schools they may. */
export interface Changer {
  actor: AuditActor;
  scope: SchoolScope;
}

const actions: Record<MachineStep, AuditAction> = {
  approve: 'machine.approved',
  refuse: 'machine.refused',
  revoke: 'machine.revoked',
  readmit: 'machine.readmitted',
};

const standsWords = {
  waiting: 'waits for approval',
  approved: 'is trusted',
  refused: 'was refused',
  revoked: 'was revoked',
};

/**
 * Approves, refuses, revokes or readmits a machine.
 * @throws RequestRefused 404 for one the caller may not see, 409 where it does not stand so that this step leads on.
 */
export async function stepMachine(
  context: ServerContext,
  deviceId: string,
  step: MachineStep,
  reason: string,
  by: Changer,
): Promise<void> {
  await context.store
    .transaction()
    .execute(async (transaction) =>
      takeStep(transaction, context, await changeable(transaction, context, deviceId, by), step, reason, by),
    );
}

/** Approves those of the machines that wait; others are left as they are. @returns how many. */
export async function approveMany(context: ServerContext, ids: readonly string[], by: Changer): Promise<number> {
  return await context.store.transaction().execute(async (transaction) => {
    const waiting = await transaction
      .selectFrom('devices')
      .selectAll()
      .where('trust_id', '=', context.owner.trustId)
      .where('device_id', 'in', ids)
      .where('standing', '=', 'waiting')
      .where(inScope('school_id', by.scope))
      .orderBy('device_id')
      .execute();
    for (const device of waiting) await takeStep(transaction, context, device, 'approve', '', by);
    return waiting.length;
  });
}

async function takeStep(
  transaction: Transaction<Tables>,
  context: ServerContext,
  device: DeviceTable,
  step: MachineStep,
  reason: string,
  by: Changer,
): Promise<void> {
  const from = standing.parse(device.standing);
  const to = afterStep(from, step);
  const at = context.now().toISOString();
  const { numUpdatedRows } =
    to === null
      ? { numUpdatedRows: 0n }
      : await transaction
          .updateTable('devices')
          .set({ standing: to, standing_reason: reason, standing_at: at, standing_by: by.actor.name })
          .where('trust_id', '=', device.trust_id)
          .where('device_id', '=', device.device_id)
          .where('standing', '=', from)
          .executeTakeFirst();
  if (numUpdatedRows === 0n) {
    throw new RequestRefused(409, {
      code: 'machine.standing',
      detail: `${nameOf(device)} ${standsWords[from]}, so this cannot be done with it. Reload to see who changed it.`,
    });
  }
  if (to === 'revoked' || to === 'refused') {
    const why = to === 'revoked' ? 'The machine was revoked.' : 'The machine was refused.';
    await settleFindings(transaction, device.trust_id, {
      deviceId: device.device_id,
      kinds: ['cloned', 'rolledBack', 'forked', 'reinstalled', 'untrusted', 'silent', 'gone'],
      why,
      by: by.actor.name,
      at,
    });
  }
  await recordAction(transaction, context, {
    action: actions[step],
    actor: by.actor,
    schoolId: device.school_id,
    subject: device.device_id,
    detail: { machine: nameOf(device), ...(reason === '' ? {} : { reason }) },
  });
}

/** Gives a machine a name of its own, or with null its hostname back. @throws RequestRefused 404. */
export async function renameMachine(
  context: ServerContext,
  deviceId: string,
  name: string | null,
  by: Changer,
): Promise<void> {
  await context.store.transaction().execute(async (transaction) => {
    const device = await changeable(transaction, context, deviceId, by);
    await transaction
      .updateTable('devices')
      .set({ display_name: name, ...listedAs({ ...device, display_name: name }) })
      .where('trust_id', '=', device.trust_id)
      .where('device_id', '=', deviceId)
      .execute();
    await recordAction(transaction, context, {
      action: 'machine.renamed',
      actor: by.actor,
      schoolId: device.school_id,
      subject: deviceId,
      detail: { from: nameOf(device), to: name ?? device.hostname },
    });
  });
}

/** What says how a machine is now, and therefore goes with it; its records stay where they were recorded. */
const goWithIt = ['open_sessions', 'machine_troubles', 'machine_states', 'usb_permits'] as const;

/**
 * Moves a machine to another school. What it recorded stays with the school it was recorded under: it is about that
 * school's people, and is kept, shown and purged by that school's rules. What it records from now on is the new one's.
 * @throws RequestRefused 400 for a school that the caller does not look after, 404 for such a machine, 409 if it is there.
 */
export async function moveMachine(
  context: ServerContext,
  deviceId: string,
  to: { schoolId: string; reason: string },
  by: Changer,
): Promise<void> {
  await context.store.transaction().execute(async (transaction) => {
    const device = await changeable(transaction, context, deviceId, by);
    const school = await schoolNamed(transaction, device.trust_id, to.schoolId, by.scope);
    if (device.school_id === to.schoolId) {
      throw new RequestRefused(409, {
        code: 'machine.sameSchool',
        detail: `${nameOf(device)} belongs to ${school} already.`,
        field: 'schoolId',
      });
    }
    await transaction
      .updateTable('devices')
      .set({ school_id: to.schoolId })
      .where('trust_id', '=', device.trust_id)
      .where('device_id', '=', deviceId)
      .execute();
    for (const table of goWithIt) {
      await transaction
        .updateTable(table)
        .set({ school_id: to.schoolId })
        .where('trust_id', '=', device.trust_id)
        .where('device_id', '=', deviceId)
        .execute();
    }
    await transaction
      .updateTable('usb_plugs')
      .set({ school_id: to.schoolId })
      .where('trust_id', '=', device.trust_id)
      .where('device_id', '=', deviceId)
      .where('removed_at', 'is', null)
      .execute();
    await transaction
      .updateTable('machine_findings')
      .set({ school_id: to.schoolId })
      .where('trust_id', '=', device.trust_id)
      .where('device_id', '=', deviceId)
      .where('closed', '=', '')
      .execute();
    // Both schools' auditors see that it left and that it came.
    for (const schoolId of [device.school_id, to.schoolId]) {
      await recordAction(transaction, context, {
        action: 'machine.moved',
        actor: by.actor,
        schoolId,
        subject: deviceId,
        detail: { machine: nameOf(device), from: device.school_id, to: to.schoolId, reason: to.reason },
      });
    }
  });
}

/**
 * Says whether a machine is the same computer as the one it shares its serial number with. If so, the former key is
 * revoked in the same transaction and its name goes on; the records of both stay as they are.
 * @throws RequestRefused 404, or 409 when nobody asks.
 */
export async function answerReplacement(
  context: ServerContext,
  deviceId: string,
  sameComputer: boolean,
  by: Changer,
): Promise<void> {
  await context.store.transaction().execute(async (transaction) => {
    const device = await changeable(transaction, context, deviceId, by);
    if (device.replaces === null) {
      throw new RequestRefused(409, {
        code: 'machine.noReplacement',
        detail: `Nothing is asked about ${nameOf(device)} any more. Reload to see what was answered.`,
      });
    }
    const former = await changeable(transaction, context, device.replaces, by);
    if (sameComputer && former.standing === 'approved') {
      await takeStep(transaction, context, former, 'revoke', `Set up again as ${nameOf(device)}.`, by);
    } else if (sameComputer && former.standing === 'waiting') {
      await takeStep(transaction, context, former, 'refuse', `Set up again as ${nameOf(device)}.`, by);
    }
    const display_name = sameComputer ? (device.display_name ?? former.display_name) : device.display_name;
    await transaction
      .updateTable('devices')
      .set({ replaces: null, display_name, ...listedAs({ ...device, display_name }) })
      .where('trust_id', '=', device.trust_id)
      .where('device_id', '=', deviceId)
      .execute();
    await settleFindings(transaction, device.trust_id, {
      deviceId,
      kinds: ['reinstalled'],
      why: sameComputer ? 'It is the same computer, set up again.' : 'They are two computers.',
      by: by.actor.name,
      at: context.now().toISOString(),
    });
    await recordAction(transaction, context, {
      action: sameComputer ? 'machine.replacementConfirmed' : 'machine.replacementDenied',
      actor: by.actor,
      schoolId: device.school_id,
      subject: deviceId,
      detail: { machine: nameOf(device), former: former.device_id },
    });
  });
}

async function changeable(
  transaction: Transaction<Tables>,
  { owner }: ServerContext,
  deviceId: string,
  by: Changer,
): Promise<DeviceTable> {
  const device = await transaction
    .selectFrom('devices')
    .selectAll()
    .where('trust_id', '=', owner.trustId)
    .where('device_id', '=', deviceId)
    .where(inScope('school_id', by.scope))
    .executeTakeFirst();
  if (device === undefined) throw notFound('machine');
  return device;
}
