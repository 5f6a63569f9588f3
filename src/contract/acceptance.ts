import { z } from 'zod';
import { audience } from './policy.ts';
import { visitorQuestion } from './policy-rules.ts';
import { calendarDate, documentId, sha256Hex } from './primitives.ts';

/** A hand-drawn signature as pen strokes: integer points inside a `width` × `height` box, never an image. */
export const drawnSignature = z.strictObject({
  kind: z.literal('drawn'),
  width: z.int().min(1).max(4_096),
  height: z.int().min(1).max(4_096),
  strokes: z
    .array(
      z
        .array(z.tuple([z.int().min(-64).max(4_160), z.int().min(-64).max(4_160)]))
        .min(1)
        .max(2_000),
    )
    .min(1, 'sign in the box')
    .max(200)
    .refine(
      (strokes) => strokes.reduce((sum, stroke) => sum + stroke.length, 0) <= 5_000,
      'the drawing has too many points',
    ),
});
export const typedSignature = z.strictObject({
  kind: z.literal('typed'),
  text: z.string().trim().min(2, 'type your full name').max(120),
});
export const signatureValue = z.discriminatedUnion('kind', [typedSignature, drawnSignature]);
export type SignatureValue = z.infer<typeof signatureValue>;
export type DrawnSignature = z.infer<typeof drawnSignature>;

/** What a person put in one form field; the kind must match the field's. */
export const fieldValue = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('text'), value: z.string().trim().max(300) }),
  z.strictObject({ kind: z.literal('date'), value: calendarDate }),
  z.strictObject({ kind: z.literal('signature'), value: signatureValue }),
]);
export type FieldValue = z.infer<typeof fieldValue>;

/** How the policy was read, as the page measured it. */
export const reading = z.strictObject({
  /** Seconds the policy was on screen in a visible, focused page. */
  readSeconds: z.int().min(0).max(86_400),
  /** Furthest point reached, 0 to 100 % of the document's height. */
  depthPercent: z.int().min(0).max(100),
  /** The same of what changed since the version accepted before. Absent where that was not shown. */
  changesPercent: z.int().min(0).max(100).optional(),
  /** Ids of the sections that were scrolled through. */
  sectionsRead: z.array(documentId).max(1_000),
});
export type Reading = z.infer<typeof reading>;

export const readingNotStarted: Reading = { readSeconds: 0, depthPercent: 0, sectionsRead: [] };

/** What the page sends when a person presses Accept. */
export const acceptanceSubmission = z.strictObject({
  policyHash: sha256Hex,
  audience,
  teaching: z.boolean(),
  /** Ids of the statements agreed to. */
  statements: z.array(documentId).max(50),
  fields: z.record(documentId, fieldValue),
  reading,
});
export type AcceptanceSubmission = z.infer<typeof acceptanceSubmission>;

/** Who a person says they are. */
export const personRole = z.strictObject({ audience, teaching: z.boolean() });
export type PersonRole = z.infer<typeof personRole>;

/** What a person chose for the questions of a policy. */
export const checkAnswers = z.strictObject({
  policyHash: sha256Hex,
  answers: z.record(documentId, z.array(documentId).max(8)),
});
export type CheckAnswers = z.infer<typeof checkAnswers>;

/** Who somebody on a shared account is. */
export const namedPerson = z.strictObject({
  name: z.string().trim().min(2, 'give your full name').max(200),
  answers: z.partialRecord(visitorQuestion, z.string().trim().min(1).max(300)),
});
export type NamedPerson = z.infer<typeof namedPerson>;
