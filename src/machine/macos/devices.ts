import type { Device } from 'usb';
import { describedBy, placeOf, watchBus, type BusWatchOptions } from '../devices/bus-watch.ts';
import { type DeviceControl, type SeenDevice } from '../machine.ts';
import { runSystem } from '../run-system.ts';

type Run = typeof runSystem;

const commandTimeoutMs = 15_000;

/**
 * macOS lets no program keep a USB device from the system. What stores is unmounted and ejected once it has come up; what
 * types, points or networks cannot be held, and the event says so. Written from Apple's manual pages (diskutil(8),
 * system_profiler(8)); it has not been run on a Mac yet.
 */
export function macDevices({
  uptimeMs,
  load,
  run = runSystem,
}: Pick<BusWatchOptions, 'uptimeMs' | 'load'> & { run?: Run }): DeviceControl {
  const identities = new Map<string, { vendorId: number; productId: number }>();
  const describe = (device: Device): SeenDevice => {
    const { at, port } = placeOf(device);
    const { idVendor: vendorId, idProduct: productId } = device.deviceDescriptor;
    identities.set(at, { vendorId, productId });
    return {
      at,
      port,
      vendorId,
      productId,
      vendor: null,
      product: null,
      serial: null,
      descriptors: describedBy(device),
      usable: true,
    };
  };
  const disksOf = async (at: string): Promise<string[]> => {
    const identity = identities.get(at);
    if (identity === undefined) return [];
    const printed = await run('/usr/sbin/system_profiler', ['SPUSBDataType', '-json'], commandTimeoutMs);
    return usbDisks(printed ?? '', identity.vendorId, identity.productId);
  };
  return {
    watch: (onEvent) => watchBus(load === undefined ? { uptimeMs, describe } : { uptimeMs, describe, load }, onEvent),
    holdNew: () => Promise.resolve(false),
    async hold(at) {
      const disks = await disksOf(at);
      if (disks.length === 0) throw new Error('macOS lets no program hold this device; only disks can be ejected');
      for (const disk of disks) {
        await run('/usr/sbin/diskutil', ['unmountDisk', 'force', disk], commandTimeoutMs);
        const ejected = await run('/usr/sbin/diskutil', ['eject', disk], commandTimeoutMs);
        if (ejected === null) throw new Error(`macOS could not eject ${disk}`);
      }
    },
    async release(at) {
      const disks = await disksOf(at);
      if (disks.length === 0) throw new Error('An ejected disk comes back only when it is plugged in again');
      for (const disk of disks) {
        const mounted = await run('/usr/sbin/diskutil', ['mountDisk', disk], commandTimeoutMs);
        if (mounted === null) throw new Error(`macOS could not mount ${disk}`);
      }
    },
    driveFacts: () => Promise.resolve(null),
  };
}

/** Names of the disks behind a device, out of `system_profiler SPUSBDataType -json`. */
export function usbDisks(printed: string, vendorId: number, productId: number): string[] {
  let report: unknown;
  try {
    report = JSON.parse(printed);
  } catch {
    return [];
  }
  const found: string[] = [];
  const look = (value: unknown, inside: boolean): void => {
    if (Array.isArray(value)) return value.forEach((one) => look(one, inside));
    if (typeof value !== 'object' || value === null) return;
    const fields = new Map(Object.entries(value));
    const here = hexIn(fields.get('vendor_id')) === vendorId && hexIn(fields.get('product_id')) === productId;
    const disk = fields.get('bsd_name');
    // Parts of a disk are listed too: disk4s1 belongs to disk4.
    if (inside && typeof disk === 'string' && /^disk\d+$/.test(disk)) found.push(disk);
    for (const [name, one] of fields) look(one, here || (inside && name !== '_items'));
  };
  look(report, false);
  return [...new Set(found)];
}

/** `0x0781  (SanDisk Corporation)` as a number. */
const hexIn = (value: unknown): number | null => {
  const digits = typeof value === 'string' ? /^0x([0-9a-f]{1,4})\b/i.exec(value)?.[1] : undefined;
  return digits === undefined ? null : Number.parseInt(digits, 16);
};
