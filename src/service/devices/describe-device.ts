import type { UsbDevice } from '../../contract/usb.ts';
import type { SeenDevice } from '../../machine/index.ts';
import { readDescriptors, type UsbDescriptors } from '../../rules/usb/descriptors.ts';
import { deviceKinds } from '../../rules/usb/device-kinds.ts';
import { deviceText } from '../../rules/usb/device-text.ts';

const hex = (value: number): string => (value & 0xffff).toString(16).padStart(4, '0');

/** A device as it is decided on and recorded, whatever it says of itself. */
export function describeDevice(seen: SeenDevice): UsbDevice {
  const read = descriptorsOf(seen);
  const disagrees =
    seen.descriptors instanceof Uint8Array &&
    read.faults.length === 0 &&
    (read.vendorId !== seen.vendorId || read.productId !== seen.productId);
  const faults = disagrees ? ['its descriptors name another device than it came in as'] : read.faults;
  return {
    vendorId: hex(seen.vendorId),
    productId: hex(seen.productId),
    vendor: deviceText(seen.vendor),
    product: deviceText(seen.product),
    serial: deviceText(seen.serial),
    kinds: deviceKinds({ ...read, faults }),
    port: deviceText(seen.port)?.slice(0, 60) ?? 'unknown',
    capacityBytes: null,
    fault: faults.length === 0 ? null : faults.join('; ').slice(0, 200),
  };
}

function descriptorsOf({ descriptors, vendorId, productId }: SeenDevice): UsbDescriptors {
  if (descriptors instanceof Uint8Array) return readDescriptors(descriptors);
  const nothing = { vendorId, productId, deviceClass: 0, interfaces: [] };
  if (descriptors === null) return { ...nothing, faults: ['it was gone before it could be read'] };
  return {
    ...nothing,
    deviceClass: descriptors.deviceClass,
    interfaces: descriptors.interfaces.map((one) => ({ ...one })),
    faults: descriptors.interfaces.length === 0 && descriptors.deviceClass === 0 ? ['there is no interface'] : [],
  };
}
