import type { DeviceKind, UsbAction, UsbDevice } from '../contract/usb.ts';

/** What a kind of device is called within a sentence. */
export const kindWords: Record<DeviceKind, string> = {
  storage: 'USB stick',
  phone: 'phone',
  cardReader: 'card reader',
  optical: 'CD or DVD drive',
  keyboard: 'keyboard',
  mouse: 'mouse',
  input: 'input device',
  network: 'network adapter',
  audio: 'sound device',
  video: 'camera',
  printer: 'printer',
  smartCard: 'smart card reader',
  wireless: 'wireless adapter',
  hub: 'USB hub',
  other: 'USB device',
  disguised: 'device that stores and types',
  unreadable: 'device that cannot be read',
};

/** What most people would call it: the kind that matters most about a device that is several. */
const order: readonly DeviceKind[] = [
  'disguised',
  'phone',
  'cardReader',
  'optical',
  'storage',
  'network',
  'printer',
  'video',
  'audio',
  'keyboard',
  'mouse',
  'input',
  'smartCard',
  'wireless',
  'hub',
  'unreadable',
  'other',
];

export function deviceWord({ kinds }: Pick<UsbDevice, 'kinds'>): string {
  return kindWords[order.find((kind) => kinds.includes(kind)) ?? 'other'];
}

/** `SanDisk Cruzer Blade`, or the numbers where it says nothing of itself. */
export function deviceName({ vendor, product, vendorId, productId }: UsbDevice): string {
  const said = product !== null && vendor !== null && product.startsWith(vendor) ? product : [vendor, product];
  const name = [said]
    .flat()
    .filter((part) => part !== null)
    .join(' ');
  return name === '' ? `${vendorId}:${productId}` : name;
}

/** What was decided, as a word in a table. */
export const actionWords: Record<UsbAction, string> = {
  allow: 'Allowed',
  warn: 'Allowed with a warning',
  ask: 'Held until IT agrees',
  block: 'Blocked',
};

/** `16000000000` as `16 GB`: in the decimal units that are printed on sticks. */
export function capacityWords(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const place = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1_000 ** place;
  return `${value >= 10 || place === 0 ? Math.round(value) : Math.round(value * 10) / 10} ${units[place] ?? 'bytes'}`;
}
