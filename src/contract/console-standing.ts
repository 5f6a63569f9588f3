import { z } from 'zod';
import { counterSigner } from './policy-asking.ts';
import { calendarDate, instant, sha256Hex } from './primitives.ts';
import { schoolId } from './roles.ts';

/** Where the console finds second signatures, who may give them, and people who leave. */
export const standingPaths = {
  counterSignatures: '/v1/console/counter-signatures',
  counterSign: '/v1/console/counter-signatures/:person/:hash',
  offices: '/v1/console/offices',
  leavers: '/v1/console/leavers',
  leave: '/v1/console/people/:id/leave',
  comeBack: '/v1/console/people/:id/come-back',
  equipment: '/v1/console/people/:id/equipment',
  returned: '/v1/console/equipment/:id/returned',
} as const;

export const counterSignatureRow = z.object({
  personId: z.string(),
  name: z.string(),
  printedName: z.string().nullable(),
  schoolId: z.string(),
  school: z.string(),
  policyTitle: z.string(),
  policyVersion: z.int().min(1),
  policyHash: sha256Hex,
  /** What whoever signs agrees to. */
  statement: z.string(),
  /** Offices that may sign. */
  by: z.array(counterSigner),
  acceptanceId: z.string(),
  acceptedAt: instant,
  state: z.enum(['waiting', 'given', 'refused']),
  decidedAt: instant.nullable(),
  decidedBy: z.string().nullable(),
  office: counterSigner.nullable(),
  note: z.string(),
  /** May whoever asks sign this one? */
  mayDecide: z.boolean(),
});
export type CounterSignatureRow = z.infer<typeof counterSignatureRow>;
export const counterSignatures = z.object({ items: z.array(counterSignatureRow) });

export const decideCounterSignature = z.discriminatedUnion('answer', [
  z.strictObject({ answer: z.literal('given') }),
  z.strictObject({
    answer: z.literal('refused'),
    note: z.string().trim().min(1, 'say why, for the person and for the record').max(500),
  }),
]);
export type DecideCounterSignature = z.infer<typeof decideCounterSignature>;

/** Who holds which office in which school; several may. */
export const offices = z.object({
  items: z.array(
    z.object({ schoolId: z.string(), school: z.string(), office: counterSigner, userIds: z.array(z.string()) }),
  ),
  /** Whom it can be given to. */
  users: z.array(z.object({ id: z.string(), name: z.string() })),
});
export type Offices = z.infer<typeof offices>;
export const setOffice = z.strictObject({
  schoolId,
  office: counterSigner,
  userIds: z.array(z.string().min(1).max(200)).max(20),
});
export type SetOffice = z.infer<typeof setOffice>;

const what = z.string().trim().min(1, 'say what it is').max(200);

export const equipmentItem = z.object({
  id: z.string(),
  what: z.string(),
  addedAt: instant,
  addedBy: z.string(),
  returnedAt: instant.nullable(),
  returnedTo: z.string().nullable(),
});

export const leaver = z.object({
  personId: z.string(),
  name: z.string(),
  printedName: z.string().nullable(),
  school: z.string(),
  leftAt: instant,
  leftBy: z.string(),
  note: z.string(),
  lastSeenAt: instant,
  /** The first sign of their account after they left; null where there was none. */
  seenAfterLeavingAt: instant.nullable(),
  equipment: z.array(equipmentItem),
});
export type Leaver = z.infer<typeof leaver>;
/** Who has left, with what is still to come back first. */
export const leavers = z.object({ items: z.array(leaver) });

export const leave = z.strictObject({
  /** Their last day; today when absent. */
  on: calendarDate.optional(),
  note: z.string().trim().max(500),
  /** What they still have of the school's. */
  equipment: z.array(what).max(50),
});
export type Leave = z.infer<typeof leave>;
export const comeBack = z.strictObject({ note: z.string().trim().max(500) });
export const addEquipment = z.strictObject({ what });
