import { z } from 'zod';
import { deviceId, instant } from './primitives.ts';
import { schoolId } from './roles.ts';
import { codeMinute, deviceMatch, longestGrantDays, usbAction, usbDevice, usbRules, requestId } from './usb.ts';

/** Where the console's answers about devices are found; `:name` stands for one part of the path, URL-encoded. */
export const devicePaths = {
  plugged: '/v1/console/devices/plugged',
  devices: '/v1/console/devices',
  device: '/v1/console/devices/:id',
  requests: '/v1/console/device-requests',
  answer: '/v1/console/device-requests/:id/answer',
  grants: '/v1/console/device-grants',
  revoke: '/v1/console/device-grants/:id/revoke',
  codes: '/v1/console/device-codes',
  tryRule: '/v1/console/device-rules/try',
} as const;

/** How a plugged-in device stands: `waiting` for the machine's word after a decision to hold it. */
export const plugState = z.enum(['allowed', 'blocked', 'waiting', 'blockFailed', 'reportOnly']);
export type PlugState = z.infer<typeof plugState>;

/** One insertion, from coming in to going away. */
export const plugRow = z.object({
  plug: z.string(),
  /** Names the device across machines. */
  deviceKeyId: z.string(),
  device: usbDevice,
  machineId: deviceId,
  machine: z.string(),
  accountName: z.string().nullable(),
  insertedAt: instant,
  removedAt: instant.nullable(),
  action: usbAction,
  state: plugState,
  /** The line, grant or `default` that decided last. */
  decidedBy: z.string(),
  /** Of a block: milliseconds it could be used before; 0 when it never could. Null where nothing was blocked. */
  usableForMs: z.int().min(0).nullable(),
});
export type PlugRow = z.infer<typeof plugRow>;
export const plugs = z.object({ items: z.array(plugRow) });

/** A device by maker, product and serial, wherever it was. */
export const deviceRow = z.object({
  id: z.string(),
  device: usbDevice,
  firstSeenAt: instant,
  lastSeenAt: instant,
  lastMachine: z.string(),
  lastAccountName: z.string().nullable(),
  machines: z.int().min(0),
  insertions: z.int().min(0),
  /** It is in a machine now. */
  pluggedIn: z.boolean(),
});
export type DeviceRow = z.infer<typeof deviceRow>;
export const devicesQuery = z.object({ search: z.string().trim().max(200).optional() });
export const deviceList = z.object({
  items: z.array(deviceRow),
  /** There are more than are listed; a search narrows it. */
  more: z.boolean(),
});

export const grantRow = z.object({
  id: z.string(),
  device: deviceMatch,
  deviceName: z.string(),
  deviceKeyId: z.string().nullable(),
  accountName: z.string().nullable(),
  machineGroup: z.string().nullable(),
  machine: z.string().nullable(),
  createdAt: instant,
  createdBy: z.string(),
  reason: z.string(),
  until: instant,
  revokedAt: instant.nullable(),
  revokedBy: z.string().nullable(),
  requestId: z.string().nullable(),
  /** It counts now. */
  active: z.boolean(),
});
export type GrantRow = z.infer<typeof grantRow>;
export const grants = z.object({ items: z.array(grantRow) });

export const deviceDetail = deviceRow.extend({ plugs: z.array(plugRow), grants: z.array(grantRow) });
export type DeviceDetail = z.infer<typeof deviceDetail>;

export const requestState = z.enum(['open', 'approved', 'refused']);
export const requestRow = z.object({
  id: requestId,
  state: requestState,
  device: usbDevice,
  deviceKeyId: z.string(),
  machineId: deviceId,
  machine: z.string(),
  accountName: z.string(),
  reason: z.string(),
  askedAt: instant,
  answeredAt: instant.nullable(),
  answeredBy: z.string().nullable(),
  note: z.string(),
  until: instant.nullable(),
});
export type RequestRow = z.infer<typeof requestRow>;
export const requests = z.object({ items: z.array(requestRow) });

const until = instant.meta({ description: `When it ends; at most ${longestGrantDays} days from now.` });
const note = z.string().trim().max(500);

/** `POST …/answer`. An approval says for whom and until when. */
export const answerRequest = z.discriminatedUnion('answer', [
  z.strictObject({
    answer: z.literal('approved'),
    until,
    /** Whose use of it, and where. */
    forWhom: z.enum(['person', 'everyone']),
    where: z.enum(['machine', 'everywhere']),
    note,
  }),
  z.strictObject({ answer: z.literal('refused'), note: note.min(1, 'say why, for the person who asked') }),
]);
export type AnswerRequest = z.infer<typeof answerRequest>;

/** `POST /v1/console/device-grants`. */
export const createGrant = z.strictObject({
  device: deviceMatch.required({ productId: true }),
  accountName: z.string().trim().toLowerCase().min(1).max(200).optional(),
  machineGroup: z.string().trim().min(1).max(200).optional(),
  machineId: deviceId.optional(),
  /** The school it counts in; asked for where you answer for several and no machine is named. */
  schoolId: schoolId.optional(),
  until,
  reason: z.string().trim().min(1, 'say why, for whoever looks at it later').max(500),
});
export type CreateGrant = z.infer<typeof createGrant>;

/** `POST /v1/console/device-codes`: a code to read out to somebody at a machine that cannot reach the server. */
export const createCode = z.strictObject({
  machineId: deviceId,
  deviceCode: z.string().trim().min(1).max(40),
  minutes: codeMinute,
  reason: z.string().trim().min(1, 'say who rang and what it is for').max(500),
});
export type CreateCode = z.infer<typeof createCode>;
export const codeAnswer = z.object({
  code: z.string(),
  /** It can be entered until about then. */
  enterBefore: instant,
});

/** `POST /v1/console/device-rules/try`: what a list would have done. */
export const tryRules = z.strictObject({ usb: usbRules, days: z.int().min(1).max(366) });
export type TryRules = z.infer<typeof tryRules>;
const counts = z.record(usbAction, z.int().min(0));
export const triedRules = z.object({
  from: instant,
  insertions: z.int().min(0),
  people: z.int().min(0),
  machines: z.int().min(0),
  /** What was decided at the time, and what the list would have decided. */
  then: counts,
  would: counts,
  /** Devices that would have been decided otherwise, most often first. */
  changed: z.array(
    z.object({
      deviceKeyId: z.string(),
      device: usbDevice,
      then: usbAction,
      would: usbAction,
      insertions: z.int().min(0),
      people: z.int().min(0),
    }),
  ),
  /** Insertions whose outcome hangs on something nobody recorded, such as whether a stick was encrypted. */
  unsure: z.int().min(0),
});
export type TriedRules = z.infer<typeof triedRules>;
