import type { DeviceKind } from '../../contract/usb.ts';
import type { UsbDescriptors, UsbInterface } from './descriptors.ts';

const classes = {
  audio: 0x01,
  communication: 0x02,
  input: 0x03,
  stillImage: 0x06,
  printer: 0x07,
  storage: 0x08,
  hub: 0x09,
  communicationData: 0x0a,
  smartCard: 0x0b,
  video: 0x0e,
  audioVideo: 0x10,
  wireless: 0xe0,
  vendor: 0xff,
} as const;

/** MMC-5 (ATAPI) and SFF-8020i: CD and DVD drives (USB Mass Storage Class Specification Overview, 3.1). */
const opticalSubClass = 0x02;

/**
 * What a device is, from its descriptors and never from its name. What cannot be read, and storage that can also type or
 * point, are kinds of their own beside what else is found.
 */
export function deviceKinds({ deviceClass, interfaces, faults }: UsbDescriptors): DeviceKind[] {
  const kinds = new Set(interfaces.flatMap(kindsOf));
  if (deviceClass === classes.hub) kinds.add('hub');
  const stores = kinds.has('storage') || kinds.has('optical');
  if (stores && (kinds.has('keyboard') || kinds.has('mouse') || kinds.has('input'))) kinds.add('disguised');
  if (faults.length > 0) kinds.add('unreadable');
  if (kinds.size === 0) kinds.add('other');
  return [...kinds];
}

function kindsOf(one: UsbInterface): DeviceKind[] {
  const { classCode, subClass, protocol } = one;
  switch (classCode) {
    case classes.storage:
      return subClass === opticalSubClass ? ['optical'] : ['storage'];
    case classes.input:
      // Boot interface subclass (HID 1.11, 4.2). Others do not say what they are, and may type.
      return subClass === 1 && protocol === 1 ? ['keyboard'] : subClass === 1 && protocol === 2 ? ['mouse'] : ['input'];
    case classes.stillImage:
      return ['phone'];
    case classes.communication:
      // Serial adapters (ACM, 0x02) are no network.
      return subClass === 0x02 ? ['other'] : ['network'];
    case classes.communicationData:
      return [];
    case classes.audio:
      return ['audio'];
    case classes.video:
    case classes.audioVideo:
      return ['video'];
    case classes.printer:
      return ['printer'];
    case classes.hub:
      return ['hub'];
    case classes.smartCard:
      return ['smartCard'];
    case classes.wireless:
      // RNDIS over a wireless controller is how phones share their connection.
      return subClass === 0x01 && protocol === 0x03 ? ['network'] : ['wireless'];
    case classes.vendor:
      return isPhone(one) ? ['phone'] : ['other'];
    default:
      return ['other'];
  }
}

/**
 * Phones under a vendor's own class: Android's debugging and boot loader (0x42/1, 0x42/3), Apple's multiplexer (0xfe/2),
 * or MTP by its three endpoints: bulk in, bulk out and an interrupt in (PIMA 15740, annex D).
 */
function isPhone({ subClass, protocol, endpoints }: UsbInterface): boolean {
  if (subClass === 0x42 && (protocol === 0x01 || protocol === 0x03)) return true;
  if (subClass === 0xfe && protocol === 0x02) return true;
  const shape = endpoints.map(({ direction, transfer }) => `${transfer} ${direction}`).sort();
  return subClass === 0xff && protocol === 0 && shape.join() === 'bulk in,bulk out,interrupt in';
}
