import { z } from 'zod';
import { base64url, deviceId, documentId, ed25519Signature, instant } from './primitives.ts';

/**
 * What a device is, by its descriptors (https://www.usb.org/defined-class-codes). A device may be several at once.
 * `disguised`: storage that can also type or point. `unreadable`: its descriptors contradict themselves.
 */
export const deviceKind = z.enum([
  'storage',
  'phone',
  'cardReader',
  'optical',
  'keyboard',
  'mouse',
  'input',
  'network',
  'audio',
  'video',
  'printer',
  'smartCard',
  'wireless',
  'hub',
  'other',
  'disguised',
  'unreadable',
]);
export type DeviceKind = z.infer<typeof deviceKind>;

/** Four lower-case hexadecimal digits, as in `lsusb`. */
export const usbId = z.string().regex(/^[0-9a-f]{4}$/, 'must be four lower-case hexadecimal digits, such as 0781');
const shown = z.string().min(1).max(100);

/** A device as it is recorded. Never a name of a file on it. */
export const usbDevice = z.strictObject({
  vendorId: usbId,
  productId: usbId,
  /** What the device says of itself, cleaned of everything that is not printed. Null where it says nothing. */
  vendor: shown.nullable(),
  product: shown.nullable(),
  serial: shown.nullable(),
  kinds: z.array(deviceKind).min(1).max(17),
  /** Where it is plugged in, as the system names it: `1-1.4` is bus 1, port 1 of the root, port 4 of the hub there. */
  port: z.string().min(1).max(60),
  /** Null where the system does not tell, or not yet. */
  capacityBytes: z.int().min(0).nullable(),
  /** What is wrong with its descriptors; null where nothing is. */
  fault: z.string().max(200).nullable(),
});
export type UsbDevice = z.infer<typeof usbDevice>;

export const usbAction = z.enum(['allow', 'warn', 'ask', 'block']);
export type UsbAction = z.infer<typeof usbAction>;

/** A device or a family of devices by what it says of itself. */
export const deviceMatch = z.strictObject({
  vendorId: usbId,
  productId: usbId.optional(),
  /** Exactly as the device says it. */
  serial: z.string().trim().min(1).max(100).optional(),
});
export type DeviceMatch = z.infer<typeof deviceMatch>;

/** `antivirus`: the machine's antivirus is on and current. `encrypted`: the stick is encrypted (LUKS, BitLocker). */
export const usbCondition = z.enum(['antivirus', 'encrypted']);
export type UsbCondition = z.infer<typeof usbCondition>;

const instead = z.string().trim().min(1).max(300);
const names = z.array(z.string().trim().min(1).max(200)).min(1).max(500);

/** One line of the policy's list. Everything that is given must fit; the first line that fits a kind decides it. */
export const usbRule = z
  .strictObject({
    /** Named in every event this line decides. */
    id: documentId,
    /** Absent: the clause of the whole list. */
    clause: documentId.optional(),
    kinds: z.array(deviceKind).min(1).max(17).optional(),
    devices: z.array(deviceMatch).min(1).max(500).optional(),
    /** Sign-in names. */
    accounts: names.optional(),
    schools: names.optional(),
    machineGroups: names.optional(),
    /** The line counts until then. */
    until: instant.optional(),
    /** The line counts only where all of these are known to be so. */
    require: z.array(usbCondition).min(1).max(2).optional(),
    action: usbAction,
    lockScreen: z.boolean().optional(),
    /** True: no grant and no code changes what this line says. */
    noExceptions: z.boolean().optional(),
    /** What to do instead, in a sentence for the person. */
    instead: instead.optional(),
  })
  .refine((rule) => rule.kinds !== undefined || rule.devices !== undefined, {
    path: ['kinds'],
    message: 'names nothing: give kinds, devices, or both',
  });
export type UsbRule = z.infer<typeof usbRule>;

export const usbRules = z
  .strictObject({
    clause: documentId,
    /** True: decide and record, and stop nothing. */
    reportOnly: z.boolean().optional(),
    instead: instead.optional(),
    rules: z.array(usbRule).min(1, 'needs at least one line').max(200),
  })
  .superRefine(({ rules }, context) => {
    const seen = new Set<string>();
    rules.forEach(({ id }, place) => {
      if (seen.has(id))
        context.addIssue({ code: 'custom', path: ['rules', place, 'id'], message: `"${id}" is used twice` });
      seen.add(id);
    });
  });
export type UsbRules = z.infer<typeof usbRules>;

/** The longest a grant may last. */
export const longestGrantDays = 366;

/** IT's word that a device may be used. What is absent does not narrow it. */
export const usbGrant = z.strictObject({
  id: z.string().min(1).max(60),
  device: deviceMatch.required({ productId: true }),
  /** Sign-in name, lower case. */
  accountName: z.string().min(1).max(200).optional(),
  machineGroup: z.string().min(1).max(200).optional(),
  /** On this machine only. */
  machine: deviceId.optional(),
  from: instant,
  until: instant,
});
export type UsbGrant = z.infer<typeof usbGrant>;

export const requestId = z.string().regex(/^[A-Za-z0-9_-]{16,40}$/, 'must be 16 to 40 letters, digits, - or _');

/** What became of a person's request. */
export const usbAnswer = z.strictObject({
  requestId,
  answer: z.enum(['approved', 'refused']),
  /** IT's words to the person; empty where there are none. */
  note: z.string().max(500),
  /** Until when, where it was approved. */
  until: instant.nullable(),
});
export type UsbAnswer = z.infer<typeof usbAnswer>;

/** Everything the server allows on one machine, signed as a whole, so that no grant can be kept, copied or added. */
export const usbPermits = z.strictObject({
  deviceId,
  /** A machine takes none that is older than what it has. */
  issuedAt: instant,
  grants: z.array(usbGrant).max(2_000),
  /** To requests made on this machine, newest first. */
  answers: z.array(usbAnswer).max(50),
  /** Shared with the server only: what codes that are read out are checked with. 32 bytes. */
  codeKey: base64url.length(43),
  /** Ed25519 by the server's key over `{context:'usher/usb-permits/1', …}`. */
  signature: ed25519Signature,
});
export type UsbPermits = z.infer<typeof usbPermits>;

/** Minutes an offline code can allow; a code says which by its place here. */
export const codeMinutes = [15, 30, 60, 120, 240, 480, 1_440, 10_080] as const;
export const codeMinute = z.literal(codeMinutes);
export type CodeMinutes = (typeof codeMinutes)[number];

/** Why a device was looked at again. */
export const usbOccasion = z.enum([
  'inserted',
  'atStart',
  'grantArrived',
  'grantEnded',
  'codeEntered',
  'policyChanged',
  'personChanged',
  'conditionsKnown',
  'unlocked',
]);
export type UsbOccasion = z.infer<typeof usbOccasion>;

/** Names one insertion, from coming in to going away. */
export const plugId = z.string().min(1).max(40);

/** What a decision was and what made it. */
export const usbDecision = z.strictObject({
  action: usbAction,
  lockScreen: z.boolean(),
  /** Decided and recorded only. */
  reportOnly: z.boolean(),
  /** The line of the policy's list, the grant, or `default`. */
  by: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('rule'), id: documentId }),
    z.strictObject({ kind: z.literal('grant'), id: z.string().min(1).max(60) }),
    z.strictObject({ kind: z.literal('code') }),
    /** The screen is locked: everything new waits. */
    z.strictObject({ kind: z.literal('locked') }),
    z.strictObject({ kind: z.literal('default') }),
  ]),
  /** The kind of the device that was decided by. */
  kind: deviceKind,
});
export type UsbDecision = z.infer<typeof usbDecision>;

/** What the notice about a device says and offers. */
export const deviceNotice = z.strictObject({
  plug: plugId,
  state: z.enum(['blocked', 'blockFailed', 'warned', 'asked', 'refused', 'allowed', 'waiting']),
  /** A reason may be given and IT asked. */
  mayAsk: z.boolean(),
  /** What IT needs for a code that is read out; null where a code would change nothing. */
  deviceCode: z.string().max(20).nullable(),
  /** Until when, where it is allowed for a time. */
  until: instant.nullable(),
});
export type DeviceNotice = z.infer<typeof deviceNotice>;
