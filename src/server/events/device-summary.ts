import type { EventBody } from '../../contract/event.ts';
import type { UsbAction, UsbDevice, UsbOccasion } from '../../contract/usb.ts';
import { deviceName, deviceWord } from '../../words/device-words.ts';

type DeviceBody = Extract<EventBody, { type: `usb.${string}`; data: { device: UsbDevice } }>;

const occasions: Record<UsbOccasion, string> = {
  inserted: 'was plugged in',
  atStart: 'was there when Usher started',
  grantArrived: 'was looked at again after an answer from IT',
  grantEnded: 'was looked at again because a permission ended',
  codeEntered: 'was looked at again because a code was entered',
  policyChanged: 'was looked at again because the policy changed',
  personChanged: 'was looked at again because somebody else is at the machine',
  conditionsKnown: 'was looked at again because more is known',
  unlocked: 'was looked at again because the screen was unlocked',
};

const decided: Record<UsbAction, string> = {
  allow: 'it may be used',
  warn: 'it may be used, with a warning',
  ask: 'it waits for permission from IT',
  block: 'it is not allowed',
};

const codeOutcomes = { accepted: 'right', wrong: 'wrong', expired: 'too old', tooMany: 'one too many' } as const;

const upper = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

/** One sentence about an event that concerns a device. */
export function deviceSummary(body: DeviceBody, who: string): string {
  const { device } = body.data;
  const name = `${deviceWord(device)} ${deviceName(device)}`;
  switch (body.type) {
    case 'usb.decided': {
      const { decision, occasion } = body.data;
      const does = decision.by.kind === 'locked' ? 'it waits until the screen is unlocked' : decided[decision.action];
      const only = decision.reportOnly ? ' (reported only, nothing was stopped)' : '';
      const odd = device.fault === null ? '' : ` Its descriptors are not to be believed: ${device.fault}.`;
      return `${upper(name)} ${occasions[occasion]}: ${does}${only}.${odd}`;
    }
    case 'usb.blocked':
      return body.data.beforeUse
        ? `${upper(name)} was blocked before it could be used.`
        : `${upper(name)} was blocked after ${body.data.afterMs} ms; until then it could be used.`;
    case 'usb.blockFailed':
      return `${upper(name)} could not be blocked and can be used: ${body.data.why}.`;
    case 'usb.released':
      return `${upper(name)} was let in.`;
    case 'usb.releaseFailed':
      return `${upper(name)} may be used and could not be let in: ${body.data.why}.`;
    case 'usb.removed':
      return body.data.how === 'unplugged'
        ? `${upper(name)} was unplugged.`
        : `${upper(name)} was gone when Usher started again.`;
    case 'usb.asked':
      return `${who} asked to use the ${name}: ${body.data.reason}`;
    case 'usb.codeEntered':
      return `${who} entered a code for the ${name}; it was ${codeOutcomes[body.data.outcome]}.`;
  }
}
