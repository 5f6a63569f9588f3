import type { UsbGrant, UsbRule, UsbRules } from '../../../src/contract/usb.ts';
import type { UsbCircumstances, UsbSurroundings } from '../../../src/rules/usb/decide-device.ts';

export const machineId = '0123456789abcdef0123456789abcdef';
export const startMs = Date.parse('2026-06-01T09:00:00.000Z');

export const nobody: UsbCircumstances = { encrypted: null, twin: false, codeUntilMs: null };

export const list = (...rules: Partial<UsbRule>[]): UsbRules => ({
  clause: 'usb.1',
  rules: rules.map((rule, place) => ({ id: `line-${place + 1}`, action: 'block', ...rule })),
});

/** A list of one or several lines, and a person at the machine. */
export function surroundings(
  rules: Partial<UsbRule> | UsbRules | null,
  more: Partial<UsbSurroundings> = {},
): UsbSurroundings {
  return {
    usb: rules === null ? null : 'rules' in rules ? rules : list(rules),
    policyVersion: 3,
    grants: [],
    accountName: 'r.ashdown',
    school: 'school-1',
    machineGroup: null,
    machine: machineId,
    atMs: startMs,
    antivirusCurrent: null,
    ...more,
  };
}

export const grant = (more: Partial<UsbGrant> = {}): UsbGrant => ({
  id: 'g1',
  device: { vendorId: '0781', productId: '5567', serial: '4C530001230112116281' },
  from: new Date(startMs - 60_000).toISOString(),
  until: new Date(startMs + 60 * 60_000).toISOString(),
  ...more,
});
