import type { EventCore, EventType } from '../../src/contract/event.ts';
import type { UsbDecision, UsbDevice } from '../../src/contract/usb.ts';

/** Digits of a text that stands where a policy's hash would. */
export const measuredPolicyHash = 'b'.repeat(64);

const stick: UsbDevice = {
  vendorId: '0781',
  productId: '5581',
  vendor: 'SanDisk',
  product: 'Ultra',
  serial: '4C530001230521115240',
  kinds: ['storage'],
  port: '1-1.4',
  capacityBytes: 30_752_636_928,
  fault: null,
};
const waits: UsbDecision = {
  action: 'ask',
  kind: 'storage',
  by: { kind: 'rule', id: 'sticks' },
  lockScreen: false,
  reportOnly: false,
};

/** An acceptance as the starter pack's form makes it. */
const acceptance: Extract<EventCore, { type: 'policy.accepted' }> = {
  type: 'policy.accepted',
  data: {
    policyId: 'staff-aup',
    policyTitle: 'Acceptable use of computers',
    policyVersion: 3,
    policyHash: measuredPolicyHash,
    audience: 'staff',
    teaching: true,
    statements: [{ id: 'agree', text: 'I have read this policy, I understand it and I will follow it.' }],
    fields: [
      { id: 'name', label: 'Name', value: { kind: 'text', value: 'Alex Example' } },
      {
        id: 'signature',
        label: 'Signature',
        value: { kind: 'signature', value: { kind: 'typed', text: 'A. Example' } },
      },
    ],
    reading: { readSeconds: 95, depthPercent: 100, sectionsRead: ['passwords', 'email', 'devices'] },
    openSeconds: 120,
  },
};

/**
 * Thirty events of a school day on one machine, in an order that could be: mostly locks and unlocks, two sign-ins, one
 * acceptance, one stick. Of 100 events about 40 are of locking, 13 of sessions, 10 of sticks, 3 are acceptances.
 */
export const dayOfEvents: readonly EventCore[] = [
  { type: 'service.started', data: { version: '0.1.0', bootId: '0f0d6f0e-9a1e', previousStop: 'clean' } },
  { type: 'session.signedIn', data: { seenBy: 'system', remote: false } },
  { type: 'gate.shown', data: { policyHash: measuredPolicyHash, policyVersion: 3, why: 'changed' } },
  acceptance,
  ...lockAndUnlock(600),
  ...lockAndUnlock(45),
  { type: 'presentation.started', data: { reason: 'fullScreen', maximumMinutes: 60 } },
  { type: 'presentation.ended', data: { reason: 'fullScreen', why: 'signalGone', lastedSeconds: 1_820 } },
  { type: 'usb.decided', data: { plug: '1-1.4#7', device: stick, occasion: 'inserted', decision: waits, afterMs: 12 } },
  { type: 'usb.blocked', data: { plug: '1-1.4#7', device: stick, beforeUse: true, afterMs: 12 } },
  { type: 'usb.removed', data: { plug: '1-1.4#7', device: stick, how: 'unplugged', pluggedSeconds: 41 } },
  ...lockAndUnlock(1_204),
  { type: 'session.signedOut', data: { how: 'ended' } },
  { type: 'session.signedIn', data: { seenBy: 'system', remote: false } },
  { type: 'clock.moved', data: { bySeconds: 2 } },
  { type: 'machine.sleeping', data: {} },
  { type: 'machine.woke', data: { sleptSeconds: 1_800 } },
  { type: 'session.signedOut', data: { how: 'ended' } },
  { type: 'machine.shuttingDown', data: {} },
];

function lockAndUnlock(lockedSeconds: number): EventCore[] {
  return [
    { type: 'lock.requested', data: { action: 'lock', reason: 'idle', idleSeconds: 300 } },
    { type: 'session.locked', data: { by: 'usher' } },
    { type: 'lock.confirmed', data: { action: 'lock', tookMs: 180, wasCovered: false } },
    { type: 'session.unlocked', data: { lockedSeconds } },
  ];
}

/** The five events of a morning's sign-in, after the machine has started. */
export const morning: readonly EventCore[] = [
  { type: 'service.started', data: { version: '0.1.0', bootId: '0f0d6f0e-9a1e', previousStop: 'clean' } },
  { type: 'session.signedIn', data: { seenBy: 'system', remote: false } },
  { type: 'gate.shown', data: { policyHash: measuredPolicyHash, policyVersion: 3, why: 'changed' } },
  acceptance,
  { type: 'session.unlocked', data: { lockedSeconds: 30 } },
];

/** What happens on a machine in an hour of use without a network: twelve events. */
export const anHour: readonly EventCore[] = [...lockAndUnlock(600), ...lockAndUnlock(45), ...lockAndUnlock(90)];

const nobodys = new Set<EventType>([
  'service.started',
  'clock.moved',
  'machine.sleeping',
  'machine.woke',
  'machine.shuttingDown',
]);
/** Is the event about somebody who is signed in? */
export const isSomebodys = (type: EventType): boolean => !nobodys.has(type);
