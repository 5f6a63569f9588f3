import { closeSync, existsSync, openSync, readdirSync, readSync, realpathSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Device } from 'usb';
import { placeOf, watchBus, type BusNews, type BusWatchOptions } from '../devices/bus-watch.ts';
import { encryptedBy, encryptionHeadBytes } from '../devices/disk-head.ts';
import { listenToUevents, type Uevent } from './uevents.ts';
import { DeviceGone, type DeviceControl, type DriveFacts, type SeenDevice } from '../machine.ts';

export interface LinuxDevicesOptions extends Pick<BusWatchOptions, 'uptimeMs' | 'load'> {
  /** Where sysfs and the device nodes are; `/sys` and `/dev` when absent. */
  sysFolder?: string;
  devFolder?: string;
}

/** The kernel makes a disk out of a stick within this time, or it is none. */
const drivesWithinMs = 3_000;
const lookEveryMs = 50;
/** A string descriptor has at most 126 characters (USB 2.0, 9.6.7); sysfs holds them as UTF-8. */
const longestTextBytes = 1_024;

/**
 * USB devices by sysfs (https://docs.kernel.org/usb/authorization.html): `authorized_default` 0 on every bus keeps the
 * kernel from giving a new device to any driver, and `authorized` of each device lets it in or out.
 */
export function linuxDevices({
  uptimeMs,
  load,
  sysFolder = '/sys',
  devFolder = '/dev',
}: LinuxDevicesOptions): DeviceControl {
  const bus = join(sysFolder, 'bus/usb/devices');
  const formerDefaults = new Map<string, string>();
  let holdsNew = false;

  /** The device's folder, as long as the same device is there. */
  const folderOf = (at: string): string => {
    const [port = '', address] = at.split('@');
    const folder = join(bus, port);
    if (textOf(folder, 'devnum') !== address) throw new DeviceGone();
    return folder;
  };
  const write = (folder: string, name: string, value: '0' | '1'): void => {
    const file = join(folder, name);
    try {
      writeFileSync(file, value);
    } catch (error) {
      if (!existsSync(folder)) throw new DeviceGone();
      throw new Error(`The kernel refused ${value} in ${file}: ${codeOf(error)}`);
    }
    const now = textOf(folder, name);
    if (now === value) return;
    if (now === null) throw new DeviceGone();
    throw new Error(`The kernel took ${value} in ${file} and says ${now}`);
  };
  const setDefault = (busName: string): void => {
    const folder = join(bus, busName);
    const former = textOf(folder, 'authorized_default');
    if (former === null) return;
    if (!formerDefaults.has(busName)) formerDefaults.set(busName, former);
    // What a service that was killed left behind must not outlive this one.
    const before = formerDefaults.get(busName) === '0' ? '1' : (formerDefaults.get(busName) ?? '1');
    try {
      writeFileSync(join(folder, 'authorized_default'), holdsNew ? '0' : before);
    } catch (error) {
      throw new Error(`The kernel refused to hold what comes in at ${busName}: ${codeOf(error)}`);
    }
  };

  return {
    watch(onEvent) {
      if (!existsSync(bus)) {
        onEvent({ kind: 'present', devices: [] });
        return { close: () => Promise.resolve() };
      }
      const onBus = (busName: string): void => {
        try {
          setDefault(busName);
        } catch {
          // Said when the devices behind it are held one by one.
        }
      };
      return watchBus(
        {
          uptimeMs,
          onBus,
          describe: (device) => describe(bus, identityOf(device)),
          isThere: (device) => textOf(join(bus, placeOf(device).port), 'devnum') === String(device.deviceAddress),
          also: (news) =>
            listenToUevents(
              (event) => takeUevent(event, uptimeMs(), news, bus),
              () => news.all(allThere(bus), uptimeMs()),
            ),
          ...(load === undefined ? {} : { load }),
        },
        onEvent,
      );
    },
    holdNew(on) {
      holdsNew = on;
      const buses = existsSync(bus) ? readdirSync(bus).filter((name) => /^usb\d+$/.test(name)) : [];
      for (const busName of buses) setDefault(busName);
      return Promise.resolve(buses.length > 0);
    },
    // In the same turn as the news of the device, so that nothing comes between.
    hold: async (at) => write(folderOf(at), 'authorized', '0'),
    release: async (at) => write(folderOf(at), 'authorized', '1'),
    async driveFacts(at) {
      const until = uptimeMs() + drivesWithinMs;
      for (;;) {
        try {
          const facts = drivesBehind(realpathSync(folderOf(at)), devFolder);
          if (facts !== null) return facts;
        } catch {
          return null;
        }
        if (uptimeMs() >= until) return null;
        await wait(lookEveryMs);
      }
    },
  };
}

/** Which device at which port, as far as that is known without reading it. */
type Identity = Pick<SeenDevice, 'at' | 'port' | 'vendorId' | 'productId'>;

function identityOf(device: Device): Identity {
  const { at, port } = placeOf(device);
  const { idVendor: vendorId, idProduct: productId } = device.deviceDescriptor;
  return { at, port, vendorId, productId };
}

/** `ACTION=add`, `DEVTYPE=usb_device`, `DEVPATH=…/1-3`, `DEVNUM=005`, `PRODUCT=781/5567/100`. Ports have a hyphen; buses have none. */
function takeUevent({ action, properties }: Uevent, toldMs: number, news: BusNews, bus: string): void {
  const port = properties.get('DEVPATH')?.split('/').at(-1) ?? '';
  const address = Number(properties.get('DEVNUM') ?? 'NaN');
  if (properties.get('DEVTYPE') !== 'usb_device' || !/^\d+-[\d.]+$/.test(port) || !Number.isInteger(address)) return;
  const at = `${port}@${address}`;
  if (action === 'remove') return news.left(at);
  if (action !== 'add') return;
  const [vendorId = 0, productId = 0] = (properties.get('PRODUCT') ?? '')
    .split('/')
    .map((part) => Number.parseInt(part, 16) || 0);
  news.arrived(at, toldMs, () => describe(bus, { at, port, vendorId, productId }));
}

/** Every device that sysfs has now. */
function allThere(bus: string): { at: string; describe: () => SeenDevice }[] {
  return below(bus, /^\d+-[\d.]+$/).map((folder) => {
    const port = basename(folder);
    const at = `${port}@${textOf(folder, 'devnum') ?? ''}`;
    const id = (name: string): number => Number.parseInt(textOf(folder, name) ?? '', 16) || 0;
    return { at, describe: () => describe(bus, { at, port, vendorId: id('idVendor'), productId: id('idProduct') }) };
  });
}

function describe(bus: string, known: Identity): SeenDevice {
  const folder = join(bus, known.port);
  // Somebody else may be at this port by now.
  if (`${known.port}@${textOf(folder, 'devnum') ?? ''}` !== known.at) {
    return { ...known, vendor: null, product: null, serial: null, descriptors: null, usable: false };
  }
  return {
    ...known,
    vendor: textOf(folder, 'manufacturer'),
    product: textOf(folder, 'product'),
    serial: textOf(folder, 'serial'),
    descriptors: bytesOf(join(folder, 'descriptors'), 70_000),
    usable: textOf(folder, 'authorized') !== '0',
  };
}

/** The disks the kernel made of a device's interfaces: `…:1.0/host6/target6:0:0/6:0:0:0/block/sdb`. */
function drivesBehind(folder: string, devFolder: string): DriveFacts | null {
  const units = below(folder, /^\d+-[\d.]+:\d+\.\d+$/)
    .flatMap((one) => below(one, /^host\d+$/))
    .flatMap((one) => below(one, /^target[\d:]+$/))
    .flatMap((one) => below(one, /^[\d:]+$/));
  if (units.length === 0) return null;
  // SCSI peripheral device type 5 is a CD or DVD drive (SPC-4, table 49).
  const optical = units.some((unit) => textOf(unit, 'type') === '5');
  const disks = units.flatMap((unit) => below(join(unit, 'block'), /^[a-z]+\d*$/));
  if (disks.length === 0 && !optical) return null;
  const sectors = disks.map((disk) => Number(textOf(disk, 'size') ?? '0')).reduce((sum, size) => sum + size, 0);
  const heads = disks.flatMap((disk) => headsOf(disk, devFolder));
  return {
    // Sectors of 512 bytes, whatever the disk's own are (https://docs.kernel.org/block/stat.html).
    capacityBytes: disks.length === 0 ? null : sectors * 512,
    optical,
    severalSlots: units.length > 1,
    encrypted: heads.some((head) => head === null) ? null : encryptedBy(heads.filter((head) => head !== null)),
  };
}

/** First bytes of a disk and of each of its parts; null for what cannot be read. */
function headsOf(disk: string, devFolder: string): (Uint8Array | null)[] {
  const name = disk.slice(disk.lastIndexOf('/') + 1);
  const parts = below(disk, new RegExp(`^${name}p?\\d+$`));
  return [disk, ...parts].map((one) => {
    const node = /^DEVNAME=(.+)$/m.exec(textOf(one, 'uevent') ?? '')?.[1] ?? one.slice(one.lastIndexOf('/') + 1);
    return bytesOf(join(devFolder, node.replace(/^\/dev\//, '')), encryptionHeadBytes);
  });
}

function below(folder: string, pattern: RegExp): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => pattern.test(name))
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** A small file of sysfs without its last line break; null when it is not there. */
function textOf(folder: string, name: string): string | null {
  const bytes = bytesOf(join(folder, name), longestTextBytes);
  return bytes === null ? null : Buffer.from(bytes).toString('utf8').trim();
}

/** At most so many bytes of a file; null when it cannot be read. */
function bytesOf(path: string, most: number): Uint8Array | null {
  let file: number | null = null;
  try {
    file = openSync(path, 'r');
    const bytes = Buffer.alloc(most);
    let read = 0;
    for (;;) {
      const got = readSync(file, bytes, read, most - read, null);
      read += got;
      if (got === 0 || read === most) return bytes.subarray(0, read);
    }
  } catch {
    return null;
  } finally {
    if (file !== null) closeSync(file);
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error
    ? String(error.code)
    : error instanceof Error
      ? error.message
      : String(error);
