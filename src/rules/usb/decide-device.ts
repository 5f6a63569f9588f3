import type {
  DeviceKind,
  DeviceMatch,
  UsbAction,
  UsbCondition,
  UsbDecision,
  UsbDevice,
  UsbGrant,
  UsbRule,
  UsbRules,
} from '../../contract/usb.ts';
import { serialIdentifies } from './device-text.ts';

/** Everything about a machine and the person at it that a decision depends on. */
export interface UsbSurroundings {
  /** The policy's list; null where it has none: then everything is allowed. */
  usb: UsbRules | null;
  policyVersion: number | null;
  grants: readonly UsbGrant[];
  /** Sign-in name of whoever is at the machine; null where nobody is. */
  accountName: string | null;
  school: string | null;
  machineGroup: string | null;
  machine: string;
  /** By the wall clock. */
  atMs: number;
  antivirusCurrent: boolean | null;
}

/** What is known of one insertion beside the device itself. */
export interface UsbCircumstances {
  encrypted: boolean | null;
  /** Another device with the same serial is plugged in: then the serial proves nothing. */
  twin: boolean;
  /** A code that IT read out allows it until then (wall clock). */
  codeUntilMs: number | null;
}

export interface UsbVerdict extends UsbDecision {
  /** What allows it: a clause of the policy version in force. */
  rule: { policyVersion: number | null; clause: string };
  instead: string | null;
  /** A grant or a code could change it. */
  mayBeExcepted: boolean;
  /** When it ends by itself (wall clock). */
  untilMs: number | null;
  /** Conditions that were not known and would have counted. */
  unknown: UsbCondition[];
}

const strictness: Record<UsbAction, number> = { allow: 0, warn: 1, ask: 2, block: 3 };

/** Kinds that no line about what else the device is can let in: only one that names them, or the very device. */
const hostile: readonly DeviceKind[] = ['disguised', 'unreadable'];

/**
 * Decides about a device: each of its kinds by the first line of the list that fits it, and of those the strictest. What
 * the list says nothing about is allowed, save what is hostile. A grant or a code is heard where the line allows that.
 */
export function decideDevice(device: UsbDevice, around: UsbSurroundings, here: UsbCircumstances): UsbVerdict {
  const { usb } = around;
  const kinds = device.kinds;
  const unknown: UsbCondition[] = [];
  if (usb === null) return verdictOf(null, kinds[0] ?? 'other', 'allow', around, unknown);
  const verdicts = kinds.map((kind) => {
    const line = usb.rules.find((rule) => fits(rule, kind, device, around, here, unknown)) ?? null;
    const action = line?.action ?? (hostile.includes(kind) ? 'block' : 'allow');
    return verdictOf(line, kind, action, around, unknown);
  });
  const strictest = verdicts.reduce(
    (one, other) => (strictness[other.action] > strictness[one.action] ? other : one),
    verdictOf(null, kinds[0] ?? 'other', 'allow', around, unknown),
  );
  const verdict: UsbVerdict = {
    ...(verdicts.find((one) => one.action === strictest.action) ?? strictest),
    lockScreen: verdicts.some(({ lockScreen }) => lockScreen),
    // One line without exceptions is enough, whichever of the device's kinds it is about.
    mayBeExcepted: verdicts.every((one) => one.mayBeExcepted || strictness[one.action] <= strictness.warn),
  };
  return verdict.mayBeExcepted && strictness[verdict.action] > strictness.warn
    ? excepted(verdict, device, around, here)
    : verdict;
}

/** The same verdict, or the grant or code that lifts it. */
function excepted(
  verdict: UsbVerdict,
  device: UsbDevice,
  around: UsbSurroundings,
  { twin, codeUntilMs }: UsbCircumstances,
): UsbVerdict {
  const lifted = { ...verdict, action: 'allow', lockScreen: false } as const;
  const grant = around.grants
    .filter((one) => grantFits(one, device, around, twin))
    .sort((one, other) => Date.parse(other.until) - Date.parse(one.until))[0];
  if (grant !== undefined) {
    return { ...lifted, by: { kind: 'grant', id: grant.id }, untilMs: Date.parse(grant.until) };
  }
  if (codeUntilMs !== null && codeUntilMs > around.atMs) {
    return { ...lifted, by: { kind: 'code' }, untilMs: codeUntilMs };
  }
  return verdict;
}

function verdictOf(
  line: UsbRule | null,
  kind: DeviceKind,
  action: UsbAction,
  { usb, policyVersion }: UsbSurroundings,
  unknown: UsbCondition[],
): UsbVerdict {
  return {
    action,
    lockScreen: line?.lockScreen ?? false,
    reportOnly: usb?.reportOnly ?? false,
    by: line === null ? { kind: 'default' } : { kind: 'rule', id: line.id },
    kind,
    rule: {
      policyVersion: usb === null ? null : policyVersion,
      clause: line === null || usb === null ? 'default' : (line.clause ?? usb.clause),
    },
    instead: line?.instead ?? usb?.instead ?? null,
    mayBeExcepted: line?.noExceptions !== true,
    untilMs: line?.until === undefined ? null : Date.parse(line.until),
    unknown,
  };
}

function fits(
  rule: UsbRule,
  kind: DeviceKind,
  device: UsbDevice,
  around: UsbSurroundings,
  here: UsbCircumstances,
  unknown: UsbCondition[],
): boolean {
  if (rule.kinds !== undefined && !rule.kinds.includes(kind)) return false;
  if (rule.devices !== undefined && !rule.devices.some((one) => deviceFits(one, device, here.twin))) return false;
  if (rule.accounts !== undefined && !includesName(rule.accounts, around.accountName)) return false;
  if (rule.schools !== undefined && !includesName(rule.schools, around.school)) return false;
  if (rule.machineGroups !== undefined && !includesName(rule.machineGroups, around.machineGroup)) return false;
  if (rule.until !== undefined && Date.parse(rule.until) <= around.atMs) return false;
  const known: Record<UsbCondition, boolean | null> = {
    antivirus: around.antivirusCurrent,
    encrypted: here.encrypted,
  };
  for (const condition of rule.require ?? []) {
    if (known[condition] === null && !unknown.includes(condition)) unknown.push(condition);
    if (known[condition] !== true) return false;
  }
  return true;
}

export function deviceFits(match: DeviceMatch, device: UsbDevice, twin: boolean): boolean {
  if (match.vendorId !== device.vendorId) return false;
  if (match.productId !== undefined && match.productId !== device.productId) return false;
  return match.serial === undefined || (match.serial === device.serial && serialIdentifies(device.serial) && !twin);
}

export function grantFits(grant: UsbGrant, device: UsbDevice, around: UsbSurroundings, twin: boolean): boolean {
  if (!deviceFits(grant.device, device, twin)) return false;
  if (Date.parse(grant.from) > around.atMs || Date.parse(grant.until) <= around.atMs) return false;
  if (grant.accountName !== undefined && !includesName([grant.accountName], around.accountName)) return false;
  if (grant.machineGroup !== undefined && !includesName([grant.machineGroup], around.machineGroup)) return false;
  return grant.machine === undefined || grant.machine === around.machine;
}

const includesName = (names: readonly string[], name: string | null): boolean =>
  name !== null && names.some((one) => one.toLowerCase() === name.toLowerCase());
