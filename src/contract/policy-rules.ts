import { z } from 'zod';
import { documentId } from './primitives.ts';
import { longestMonths, retentionCategory, shortestMonths } from './retention.ts';
import { usbRules } from './usb.ts';

/** What a machine can say about how it is protected; see `postureCheck`. */
export const postureCheckName = z.enum(['diskEncryption', 'antivirus', 'updates', 'firewall', 'screenLock']);
export type PostureCheckName = z.infer<typeof postureCheckName>;

/** What may start presentation mode without anybody pressing a button. */
export const presentationSignal = z.enum(['fullScreen', 'videoCall', 'mediaPlayback']);
export type PresentationSignal = z.infer<typeof presentationSignal>;

const longestIdleSeconds = 4 * 60 * 60;
const idleSeconds = z.int('must be whole seconds').min(1, 'must be at least 1 second').max(longestIdleSeconds);

/** A day's time as a school writes it, `15:45`. */
export const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time such as 15:45');

const shareableMachines = z.strictObject({
  clause: documentId,
  /** How long the person is asked to save their work before they are signed out. */
  saveWorkSeconds: z.int().min(5).max(1_800),
  /** "More time", once; absent: not allowed. */
  extendOnceSeconds: z.int().min(60).max(3_600).optional(),
});

export const idleLockRule = z
  .strictObject({
    clause: documentId,
    warnAfterSeconds: idleSeconds,
    lockAfterSeconds: idleSeconds,
    /** The longest the clause's own words allow, such as 600 for "ten minutes or less". */
    maximumSeconds: idleSeconds.optional(),
    /** On a machine that several people share: sign out instead of locking. */
    sharedMachines: shareableMachines.optional(),
  })
  .superRefine((rule, context) => {
    const fault = (field: string | string[], message: string) =>
      context.addIssue({ code: 'custom', path: [field].flat(), message });
    if (rule.warnAfterSeconds >= rule.lockAfterSeconds) {
      fault('warnAfterSeconds', `must be less than lockAfterSeconds (${rule.lockAfterSeconds})`);
    }
    if (rule.maximumSeconds !== undefined && rule.lockAfterSeconds > rule.maximumSeconds) {
      fault('lockAfterSeconds', `must not be over the policy's own maximum of ${rule.maximumSeconds} seconds`);
    }
    const shared = rule.sharedMachines;
    if (shared !== undefined && shared.saveWorkSeconds >= rule.lockAfterSeconds) {
      fault(['sharedMachines', 'saveWorkSeconds'], `must be less than lockAfterSeconds (${rule.lockAfterSeconds})`);
    }
  });

/** What somebody on a shared account is asked besides their name. */
export const visitorQuestion = z.enum(['organisation', 'purpose', 'host']);
export type VisitorQuestion = z.infer<typeof visitorQuestion>;

/**
 * Accounts that several people use by intention, such as for supply teachers: who it is gets asked and recorded at every
 * sign-in, and every one of them accepts for themselves.
 */
export const sharedAccountsRule = z.strictObject({
  clause: documentId,
  /** Sign-in names, capitals do not matter; `*` stands for any characters: `supply*`. */
  accounts: z
    .array(
      z
        .string()
        .trim()
        .min(1)
        .max(200)
        .refine((name) => /[^*]/.test(name), 'would be every account; name the shared ones, such as "supply*"'),
    )
    .min(1, 'name at least one account, such as "supply*"')
    .max(200),
  ask: z.array(visitorQuestion).max(3),
});
export type SharedAccountsRule = z.infer<typeof sharedAccountsRule>;

/**
 * What machines do because of the policy, each with the clause that says so. A rule that is absent is not enforced.
 * Published and signed together with the document.
 */
export const policyRules = z.strictObject({
  idleLock: idleLockRule.optional(),
  presentation: z
    .strictObject({
      clause: documentId,
      /** One presentation ends by itself after so long, however it began. */
      maximumMinutes: z.int().min(1).max(480),
      /** Absent: only when the person asks for it. */
      recognise: z.array(presentationSignal).max(3).optional(),
    })
    .optional(),
  /** One computer at a time. */
  concurrentSignIn: z
    .strictObject({
      clause: documentId,
      /** Sign-in names that several people use by intention. */
      ignoreAccounts: z.array(z.string().trim().min(1).max(200)).max(200).optional(),
    })
    .optional(),
  passwordAge: z
    .strictObject({
      clause: documentId,
      maximumDays: z.int().min(1).max(3_660),
      /** Remind so many days before. */
      remindDays: z.int().min(0).max(365),
    })
    .optional(),
  endOfDay: z
    .strictObject({
      clause: documentId,
      /** By the machine's own clock and time zone. */
      remindAt: timeOfDay,
      /** 1 Monday … 7 Sunday (ISO 8601). */
      weekdays: z.array(z.int().min(1).max(7)).min(1).max(7),
    })
    .optional(),
  posture: z.strictObject({ clause: documentId, require: z.array(postureCheckName).min(1).max(5) }).optional(),
  usb: usbRules.optional(),
  sharedAccounts: sharedAccountsRule.optional(),
  retention: z
    .strictObject({
      clause: documentId,
      /** Applies where neither school nor trust has decided otherwise; what is under investigation is kept on. */
      months: z.int().min(shortestMonths).max(longestMonths),
      categories: z.array(retentionCategory).min(1).max(retentionCategory.options.length),
    })
    .optional(),
});
export type PolicyRules = z.infer<typeof policyRules>;

/** Every clause the rules name, with the rule's own path. */
export function* clausesNamed(rules: PolicyRules): Generator<{ path: string[]; clause: string }> {
  for (const [name, rule] of Object.entries(rules)) {
    if (rule === undefined) continue;
    yield { path: [name, 'clause'], clause: rule.clause };
  }
  const shared = rules.idleLock?.sharedMachines;
  if (shared !== undefined) yield { path: ['idleLock', 'sharedMachines', 'clause'], clause: shared.clause };
  for (const [place, { clause }] of (rules.usb?.rules ?? []).entries()) {
    if (clause !== undefined) yield { path: ['usb', 'rules', String(place), 'clause'], clause };
  }
}
