import { z } from 'zod';
import { calendarDate, documentId } from './primitives.ts';

const words = (most: number) => z.string().trim().min(1).max(most);

const oftenEnough = 'must be 1 or more: a renewal of 0 days would ask without end; for every sign-in use "eachSignIn"';
const renewalDays = z.int('must be whole days').min(1, oftenEnough).max(3_660);
const graceDays = z
  .int('must be whole days')
  .min(1, 'must be 1 or more; leave it out where there is no grace')
  .max(90, 'must be 90 days or fewer: a policy that can be put off for longer is not asked for');

/** Nobody is asked before this day begins (UTC). Absent: from publication on. */
const startsOn = calendarDate.optional();

/**
 * When a policy is asked for again. `graceDays`: for so many days after it falls due, "Not now" lets people work.
 * `once`: never again, not even when the text changes.
 */
export const renewal = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('onChange'), startsOn, graceDays: graceDays.optional() }),
  z.strictObject({ kind: z.literal('once'), startsOn, graceDays: graceDays.optional() }),
  z.strictObject({ kind: z.literal('eachSignIn'), startsOn }),
  z.strictObject({ kind: z.literal('everyDays'), days: renewalDays, startsOn, graceDays: graceDays.optional() }),
]);
export type Renewal = z.infer<typeof renewal>;

const askReason = z.enum(['optional', 'required']);

/**
 * What "I do not accept" does. It is recorded in each case, and IT can be alerted. `signOut`: time to save, then the
 * session ends. `limited`: the person goes on, and every display says so until they accept. `record`: the person goes on.
 * A policy without this stays on screen until it is accepted.
 */
export const decline = z.discriminatedUnion('mode', [
  z.strictObject({
    mode: z.literal('signOut'),
    reason: askReason,
    /** How long the person may save what they were doing. */
    saveWorkSeconds: z.int().min(5, 'must be at least 5 seconds').max(1_800, 'must be 1800 seconds or fewer'),
  }),
  z.strictObject({ mode: z.literal('limited'), reason: askReason }),
  z.strictObject({ mode: z.literal('record'), reason: askReason }),
]);
export type Decline = z.infer<typeof decline>;

export const question = z.strictObject({
  id: documentId,
  text: words(1_000),
  options: z
    .array(z.strictObject({ id: documentId, text: words(500) }))
    .min(2, 'a question needs at least two options')
    .max(8),
  /** Ids of the options that are right; each has to be chosen, and no other. */
  right: z.array(documentId).min(1, 'a question needs at least one right option').max(8),
  /** Where the answer is written. */
  clause: documentId,
});
export type Question = z.infer<typeof question>;

/** A few questions before the form opens. All have to be right; every attempt is recorded, and there may be any number. */
export const comprehensionCheck = z.strictObject({ questions: z.array(question).min(1).max(20) });
export type ComprehensionCheck = z.infer<typeof comprehensionCheck>;

/** Who may sign beside the person. The server says who has which of these offices. */
export const counterSigner = z.enum(['headteacher', 'businessManager']);
export type CounterSigner = z.infer<typeof counterSigner>;

/** A second signature. Until it is given the acceptance counts as waiting for it; the person works meanwhile. */
export const counterSignature = z.strictObject({
  /** Any one of them signs. */
  by: z.array(counterSigner).min(1, 'name at least one office that may sign').max(2),
  /** What they agree to, in the school's words. */
  statement: words(2_000),
});
export type CounterSignature = z.infer<typeof counterSignature>;
