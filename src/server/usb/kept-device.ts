import { usbDevice, type UsbDevice } from '../../contract/usb.ts';
import { canonicalJson, sha256 } from '../../proof/index.ts';
import { deviceKey } from '../../rules/usb/device-text.ts';

/** Names a device within a trust, in addresses: its maker, product and serial as 24 hexadecimal digits. */
export function deviceKeyId(
  trustId: string,
  device: { vendorId: string; productId: string; serial: string | null },
): string {
  return sha256(canonicalJson([trustId, deviceKey(device)]))
    .toString('hex')
    .slice(0, 24);
}

/** A device as the store keeps it: JSON. */
export const deviceFrom = (text: string): UsbDevice => usbDevice.parse(JSON.parse(text));
