import { auditAction } from '../../contract/audit.ts';
import type { AlertSubject, RuleInput } from '../../contract/console-alerts.ts';
import { recordAction, theServer } from '../audit/record-action.ts';
import type { AlertContext } from './surroundings.ts';

const common = {
  schoolId: null,
  machineNames: [],
  channels: [],
  includeNames: false,
  enabled: true,
} satisfies Partial<RuleInput>;
const atOnce = { count: 1, minutes: 1 };
const hour = 60;
const day = 24 * hour;

/** Removing personal data is told of, whatever it is called in the audit trail. */
const purges = auditAction.options
  .filter((action) => /purge|erase/i.test(action))
  .map((action): AlertSubject => `action:${action}`);

/** What a school wants to hear of before it has thought about it. They speak on the console until a channel is chosen. */
export const defaultRules: readonly (RuleInput & { id: string })[] = [
  {
    ...common,
    id: 'default-integrity',
    name: 'A record that cannot be right',
    what: [
      'finding:integrity',
      'finding:fork',
      'finding:clonedMachine',
      'finding:rolledBackMachine',
      'finding:rejectedBatch',
      'event:journal.epochStarted',
    ],
    threshold: atOnce,
    quietMinutes: hour,
  },
  {
    ...common,
    id: 'default-lock-failed',
    name: 'A screen that does not lock',
    what: ['event:lock.failed', 'event:idle.detectionBroken'],
    threshold: atOnce,
    quietMinutes: hour,
  },
  {
    ...common,
    id: 'default-usb-not-blocked',
    name: 'A USB device that is not blocked',
    what: ['event:usb.blockFailed', 'event:usb.controlFailed'],
    threshold: atOnce,
    quietMinutes: hour,
  },
  {
    ...common,
    id: 'default-declined',
    name: 'Somebody declines the policy',
    what: ['event:policy.declined'],
    threshold: atOnce,
    quietMinutes: 4 * hour,
  },
  {
    ...common,
    id: 'default-leaver',
    name: 'The account of somebody who left is used',
    what: ['finding:leaverSeen'],
    threshold: atOnce,
    quietMinutes: hour,
  },
  {
    ...common,
    id: 'default-sign-in',
    name: 'Sign-ins to the console that fail',
    what: ['action:signIn.failed'],
    threshold: { count: 5, minutes: 15 },
    quietMinutes: hour,
  },
  {
    ...common,
    id: 'default-silent',
    name: 'Machines that went silent',
    what: ['finding:silentMachine'],
    threshold: atOnce,
    quietMinutes: day,
  },
  {
    ...common,
    id: 'default-ended',
    name: 'Usher ended again and again',
    what: ['event:shell.lost', 'event:shell.refused'],
    threshold: { count: 5, minutes: 30 },
    quietMinutes: 4 * hour,
  },
  ...(purges.length === 0
    ? []
    : [
        {
          ...common,
          id: 'default-purge',
          name: 'Personal data is removed',
          what: purges,
          threshold: atOnce,
          quietMinutes: hour,
        },
      ]),
];

/** At the first start: the default rules, once. One that was removed later does not come back. */
export async function addDefaultRules(context: AlertContext): Promise<void> {
  const { store, owner, now } = context;
  await store.transaction().execute(async (transaction) => {
    const first = await transaction
      .insertInto('alert_cursors')
      .values({ trust_id: owner.trustId, name: 'defaultRules', value: 1 })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (first.numInsertedOrUpdatedRows !== 1n) return;
    for (const { id, name, schoolId, enabled, ...terms } of defaultRules) {
      await transaction
        .insertInto('alert_rules')
        .values({
          trust_id: owner.trustId,
          school_id: schoolId ?? '*',
          rule_id: id,
          name,
          terms: JSON.stringify(terms),
          enabled: enabled ? 1 : 0,
          created_at: now().toISOString(),
        })
        .execute();
      const added = { action: 'alert.ruleAdded', actor: theServer, schoolId, subject: id, detail: { name } } as const;
      await recordAction(transaction, context, added);
    }
  });
}
