import { z } from 'zod';
import { findingKind, findingState, standing } from './machine-standing.ts';
import { calendarDate, deviceId, instant, shownLine } from './primitives.ts';
import { schoolId } from './roles.ts';

/** Where the console finds machines, tokens and what was found; `:id` is URL-encoded. */
export const machinePaths = {
  machines: '/v1/console/machines',
  counts: '/v1/console/machine-counts',
  schools: '/v1/console/machine-schools',
  approveMany: '/v1/console/machine-approvals',
  approve: '/v1/console/machines/:id/approve',
  refuse: '/v1/console/machines/:id/refuse',
  revoke: '/v1/console/machines/:id/revoke',
  readmit: '/v1/console/machines/:id/readmit',
  rename: '/v1/console/machines/:id/rename',
  move: '/v1/console/machines/:id/move',
  replacement: '/v1/console/machines/:id/replacement',
  findings: '/v1/console/machine-findings',
  finding: '/v1/console/machine-findings/:id',
  hours: '/v1/console/school-hours',
  /** With a session, or with the operator token of the server's own folder. */
  tokens: '/v1/enrolment-tokens',
  revokeToken: '/v1/enrolment-tokens/:id/revoke',
} as const;

const name = shownLine(100).min(1, 'give it a name');
const reason = shownLine(500).min(1, 'say why');

export const machinesQuery = z.object({
  after: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  school: schoolId.optional(),
  standing: standing.optional(),
  /** Only machines with something found that is not resolved; a kind, or `any`. */
  finding: z.union([findingKind, z.literal('any')]).optional(),
  search: z.string().trim().max(200).optional(),
});

export const machineCounts = z.object({
  total: z.int().min(0),
  standings: z.record(standing, z.int().min(0)),
  /** Machines with something found that is not resolved. */
  withFindings: z.int().min(0),
  findings: z.record(findingKind, z.int().min(0)),
});
export type MachineCounts = z.infer<typeof machineCounts>;

export const machineSchools = z.object({ items: z.array(z.object({ id: z.string(), name: z.string() })) });

export const withReason = z.strictObject({ reason });
export const renameMachine = z.strictObject({ name: name.nullable() });
export const moveMachine = z.strictObject({ schoolId, reason });
/** Is the machine the same computer, set up again? */
export const answerReplacement = z.strictObject({ sameComputer: z.boolean() });
export const approveMany = z.strictObject({ ids: z.array(deviceId).min(1).max(200) });
export const approvedMany = z.object({ approved: z.int().min(0) });

export const findingRow = z.object({
  id: z.string(),
  kind: findingKind,
  state: findingState,
  machineId: deviceId,
  machine: z.string(),
  schoolId: z.string(),
  school: z.string(),
  /** What was seen. */
  detail: z.string(),
  /** What to do about it, in one sentence. */
  whatToDo: z.string(),
  foundAt: instant,
  lastAt: instant,
  times: z.int().min(1),
  owner: z.string().nullable(),
  ownerIsYou: z.boolean(),
  note: z.string(),
  changedAt: instant.nullable(),
  changedBy: z.string().nullable(),
});
export type FindingRow = z.infer<typeof findingRow>;
export const findingList = z.object({ items: z.array(findingRow), next: z.string().max(200).nullable() });
export const findingsQuery = z.object({
  after: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** `unresolved`: open and acknowledged. */
  state: z.union([findingState, z.literal('unresolved')]).default('unresolved'),
  kind: findingKind.optional(),
  school: schoolId.optional(),
  machine: deviceId.optional(),
});
export const changeFinding = z.strictObject({
  state: findingState,
  /** `me`: whoever asks takes it on. */
  owner: z.enum(['me', 'nobody', 'asItIs']).default('asItIs'),
  note: shownLine(1_000).default(''),
});
export type ChangeFinding = z.infer<typeof changeFinding>;

/** An address or a network, such as `10.20.0.0/16` or `2001:db8::/32`. */
export const network = z.union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()], {
  error: 'must be a network such as 10.20.0.0/16 or 2001:db8::/32, or one address',
});

export const createToken = z.strictObject({
  name,
  schoolId: schoolId.optional(),
  /** Hours until it expires; a year at most. */
  hours: z.int().min(1).max(8_784).default(720),
  /** How many machines may come in with it; absent or null: any number. */
  machines: z.int().min(1).max(100_000).nullable().default(null),
  networks: z.array(network).max(100).default([]),
  needsApproval: z.boolean().default(true),
});
export type CreateToken = z.input<typeof createToken>;

export const tokenState = z.enum(['usable', 'usedUp', 'expired', 'revoked']);
export const tokenRow = z.object({
  id: z.string(),
  name: z.string(),
  schoolId: z.string(),
  school: z.string(),
  state: tokenState,
  used: z.int().min(0),
  machines: z.int().min(1).nullable(),
  networks: z.array(z.string()),
  needsApproval: z.boolean(),
  createdAt: instant,
  createdBy: z.string(),
  expiresAt: instant,
  revokedAt: instant.nullable(),
  revokedBy: z.string().nullable(),
});
export type TokenRow = z.infer<typeof tokenRow>;
export const tokenList = z.object({ items: z.array(tokenRow) });
/** The only time the token itself is told. */
export const madeToken = z.object({ token: z.string(), server: z.url(), row: tokenRow });
export type MadeToken = z.infer<typeof madeToken>;

const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time such as 08:30');

/** When the trust's schools are open: machines are expected to be heard of then. */
export const schoolHours = z
  .strictObject({
    /** 1 is Monday, 7 Sunday. */
    days: z.array(z.int().min(1).max(7)).min(1, 'choose at least one day').max(7),
    from: clockTime,
    until: clockTime,
    /** IANA name, such as `Europe/London`. */
    timeZone: z.string().min(1).max(60),
    /** Holidays, both ends included. */
    closed: z
      .array(
        z
          .strictObject({ from: calendarDate, until: calendarDate })
          .refine(({ from, until }) => from <= until, { path: ['until'], message: 'must not be before the first day' }),
      )
      .max(60),
    /** Whole school days without a word until a machine counts as silent. */
    silentAfterSchoolDays: z.int().min(1).max(60),
    /** Days without a word until it is probably gone. */
    goneAfterDays: z.int().min(2).max(730),
  })
  .refine(({ from, until }) => from < until, { path: ['until'], message: 'must be later than the start' });
export type SchoolHours = z.infer<typeof schoolHours>;

export const defaultSchoolHours: SchoolHours = {
  days: [1, 2, 3, 4, 5],
  from: '08:00',
  until: '16:00',
  timeZone: 'Europe/London',
  closed: [],
  silentAfterSchoolDays: 3,
  goneAfterDays: 30,
};
