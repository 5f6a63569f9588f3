import { z } from 'zod';
import { policy } from './policy.ts';
import { calendarDate, documentId, instant, sha256Hex } from './primitives.ts';

/** Where the life of policies is found; `:name` stands for one part of the path, URL-encoded. */
export const policyPaths = {
  drafts: '/v1/console/policy-drafts',
  draft: '/v1/console/policy-drafts/:id',
  approveDraft: '/v1/console/policy-drafts/:id/approve',
  publishDraft: '/v1/console/policy-drafts/:id/publish',
  discardDraft: '/v1/console/policy-drafts/:id/discard',
  rollBack: '/v1/console/policies/:hash/roll-back',
} as const;

const name = z.string().max(200);
const note = z.string().trim().max(500, 'must be 500 characters or fewer');
const reason = z
  .string()
  .trim()
  .min(3, 'say in a few words why; it is kept in the audit trail')
  .max(500, 'must be 500 characters or fewer');

/** How a version came to be published, and who looks after it. */
export const versionLife = z.object({
  /** Null for what was published before this was kept. */
  publishedBy: name.nullable(),
  /** In the console, before it was published. Null where it was published without. */
  approvedBy: name.nullable(),
  approvedAt: instant.nullable(),
  /** The version whose words came back with this one. */
  restores: z.int().min(1).nullable(),
  /** Why it was published, where somebody said. */
  reason: z.string().nullable(),
  owner: z.string().nullable(),
  reviewDueOn: calendarDate.nullable(),
});
export type VersionLife = z.infer<typeof versionLife>;

export const draftState = z.enum(['draft', 'approved', 'published', 'discarded']);

/** A policy on its way to being published. Its text never changes: what is approved is this very text, by its hash. */
export const policyDraft = z.object({
  id: z.string(),
  policyId: documentId,
  title: z.string(),
  hash: sha256Hex,
  state: draftState,
  createdAt: instant,
  createdBy: name,
  /** What it is about, in the words of who made it; may be empty. */
  note: z.string(),
  approvedAt: instant.nullable(),
  approvedBy: name.nullable(),
  approvalNote: z.string().nullable(),
  /** Was it approved by somebody else than who made it? Null until it is approved. */
  approvedByAnother: z.boolean().nullable(),
  /** When it was published or discarded. */
  endedAt: instant.nullable(),
  endedBy: name.nullable(),
  /** The version it was published as. */
  version: z.int().min(1).nullable(),
});
export type PolicyDraft = z.infer<typeof policyDraft>;

export const policyDrafts = z.object({ items: z.array(policyDraft) });
export const policyDraftDetail = policyDraft.extend({ policy });
export type PolicyDraftDetail = z.infer<typeof policyDraftDetail>;

export const approveDraft = z.strictObject({ note: note.default('') });
export const discardDraft = z.strictObject({ reason });
/** `POST …/roll-back`: the words of an earlier version are published again, as another version. */
export const rollBack = z.strictObject({ reason });
export const draftNote = z.object({ note: note.default('') });
