import { z } from 'zod';
import { calendarDate, deviceId, instant, shownLine } from './primitives.ts';
import { keepFor, retentionCategory } from './retention.ts';
import { schoolId } from './roles.ts';

/** Where the console's answers about retention and people's rights are found. */
export const privacyPaths = {
  retention: '/v1/console/privacy/retention',
  preview: '/v1/console/privacy/retention/preview',
  purges: '/v1/console/privacy/purges',
  holds: '/v1/console/privacy/holds',
  endHold: '/v1/console/privacy/holds/:id/end',
  export: '/v1/console/privacy/people/:id/export',
  erase: '/v1/console/privacy/people/:id/erase',
  /** `?format=docx` or `html`. */
  assessment: '/v1/console/privacy/assessment',
} as const;

const why = z.string().trim().min(5, 'say why, in a few words, for whoever looks at it later').max(500);

/** What is in force for one school and category, and who decided it. */
export const keptCategory = z.object({
  category: retentionCategory,
  keep: keepFor,
  decidedBy: z.enum(['school', 'trust', 'policy', 'usher']),
});
export const retentionOfSchool = z.object({
  id: schoolId,
  name: z.string(),
  categories: z.array(keptCategory),
});
export const retention = z.object({
  /** What the trust decided for every school, where it did. */
  trust: z.array(z.object({ category: retentionCategory, keep: keepFor })),
  schools: z.array(retentionOfSchool),
  /** The caller may decide for the whole trust. */
  wholeTrust: z.boolean(),
});
export type Retention = z.infer<typeof retention>;

/** For one school, or with `null` for every school of the trust that has no choice of its own. */
export const changeRetention = z.strictObject({
  schoolId: schoolId.nullable(),
  category: retentionCategory,
  /** Null: back to what the trust, or Usher, says. */
  keep: keepFor.nullable(),
});
export type ChangeRetention = z.infer<typeof changeRetention>;
export const retentionPreview = z.object({
  /** Records that would be removed at the next run. */
  records: z.int().min(0),
  /** Records older than that which a hold keeps. */
  held: z.int().min(0),
  /** Everything the server received before. */
  before: instant,
  keep: keepFor,
});
export type RetentionPreview = z.infer<typeof retentionPreview>;

export const holdKind = z.enum(['person', 'machine', 'school']);
export const holdRow = z.object({
  id: z.string(),
  kind: holdKind,
  schoolId,
  school: z.string(),
  /** Who or what is held, in words. */
  what: z.string(),
  personId: z.string().nullable(),
  deviceId: z.string().nullable(),
  from: instant.nullable(),
  to: instant.nullable(),
  reason: z.string(),
  owner: z.string(),
  reviewOn: calendarDate,
  createdAt: instant,
  createdBy: z.string(),
  endedAt: instant.nullable(),
  endedBy: z.string().nullable(),
  endReason: z.string().nullable(),
});
export type HoldRow = z.infer<typeof holdRow>;
export const holds = z.object({ items: z.array(holdRow) });

const holdBase = {
  reason: why,
  /** Who answers for it. */
  owner: shownLine(200).min(2, 'name who answers for the hold'),
  reviewOn: calendarDate,
  from: instant.nullable(),
  to: instant.nullable(),
};
export const placeHold = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('person'),
      personId: z.string().regex(/^[0-9a-f]{24}$/, 'choose a person'),
      ...holdBase,
    }),
    z.strictObject({ kind: z.literal('machine'), deviceId, ...holdBase }),
    z.strictObject({ kind: z.literal('school'), schoolId, ...holdBase }),
  ])
  .refine(({ from, to }) => from === null || to === null || from <= to, {
    path: ['to'],
    message: 'must not be before the beginning',
  });
export type PlaceHold = z.infer<typeof placeHold>;
export const endHold = z.strictObject({ reason: why });
export const created = z.object({ id: z.string() });

export const purgeRow = z.object({
  id: z.string(),
  /** Null: what belongs to the trust as a whole. */
  schoolId: schoolId.nullable(),
  school: z.string(),
  kind: z.enum(['retention', 'person']),
  state: z.enum(['running', 'done']),
  reason: z.string(),
  by: z.string(),
  personId: z.string().nullable(),
  startedAt: instant,
  endedAt: instant.nullable(),
  /** Records whose text was removed, for each category. */
  counts: z.partialRecord(retentionCategory, z.int().min(0)),
  records: z.int().min(0),
  /** Rows beside the record that went with them: requests, permissions, insertions, alerts. */
  otherRows: z.int().min(0),
  /** When the server had received the oldest and the newest of them. */
  oldestAt: instant.nullable(),
  newestAt: instant.nullable(),
  /** Records that a hold kept. */
  stillHeld: z.int().min(0),
  /** SHA-256 over the places and body hashes of all that was removed. */
  digest: z.string(),
  /** The entry of the audit trail that proves it; null while it runs. */
  audit: z.object({ number: z.int(), hash: z.string() }).nullable(),
});
export type PurgeRow = z.infer<typeof purgeRow>;
export const purges = z.object({ items: z.array(purgeRow) });
/** `POST` on `purges`: do now what the next run would do. */
export const ranPurge = z.object({
  records: z.int().min(0),
  otherRows: z.int().min(0),
  /** False: there is more, which the server goes on with by itself. */
  finished: z.boolean(),
});

export const exportPerson = z.strictObject({ reason: why });
export const erasePerson = z.strictObject({
  reason: why,
  /** Leave what they accepted and declined, for legal claims (article 17(3)(e) UK GDPR). */
  keepAcceptances: z.boolean(),
});
export type ErasePerson = z.infer<typeof erasePerson>;
export const assessmentQuery = z.object({ format: z.enum(['docx', 'html']).default('docx') });
