import type { Device, usb as usbPackage } from 'usb';
import type { DescribedInterface, DeviceEvent, SeenDevice } from '../machine.ts';

type Usb = typeof usbPackage;

/** Where a device is, by what libusb says of it: bus and ports; empty ports are the bus itself. */
export function placeOf(device: Device): { at: string; port: string; isBus: boolean } {
  const ports = device.portNumbers ?? [];
  const port = ports.length === 0 ? `usb${device.busNumber}` : `${device.busNumber}-${ports.join('.')}`;
  return { at: `${port}@${device.deviceAddress}`, port, isBus: ports.length === 0 };
}

/** Takes news of devices; what is told twice counts once. */
export interface BusNews {
  arrived(at: string, toldMs: number, describe: () => SeenDevice | Promise<SeenDevice>): void;
  left(at: string): void;
  /** News may have been lost: this is all there is now. */
  all(there: readonly { at: string; describe: () => SeenDevice | Promise<SeenDevice> }[], toldMs: number): void;
}

export interface BusWatchOptions {
  uptimeMs: () => number;
  /** Reads what there is to know of a device. */
  describe(device: Device): SeenDevice | Promise<SeenDevice>;
  /** Is it there still? libusb may tell late of what is gone. */
  isThere?: (device: Device) => boolean;
  /** Another controller came in, such as a dock's. */
  onBus?: (port: string) => void;
  /** Another source of the same news. */
  also?: (news: BusNews) => { close(): void } | null;
  load?: () => Promise<Usb>;
}

const loadUsb = async (): Promise<Usb> => (await import('usb')).usb;

/** Tells of devices through the `usb` package (libusb's hotplug events), after the list of what is there. */
export function watchBus(
  { uptimeMs, describe, isThere = () => true, onBus, also, load = loadUsb }: BusWatchOptions,
  onEvent: (event: DeviceEvent) => void,
): { close(): Promise<void> } {
  let open = true;
  const stops: (() => void)[] = [];
  const known = new Set<string>();
  let early: (() => void)[] | null = [];
  /** Nothing is told before the list of what was there. */
  const inTurn = (take: () => void): void => void (early === null ? take() : early.push(take));
  const news: BusNews = {
    arrived: (at, toldMs, describeIt) =>
      inTurn(() => {
        if (known.has(at)) return;
        known.add(at);
        const tell = (device: SeenDevice): void => {
          if (open && known.has(at)) onEvent({ kind: 'arrived', device, toldMs });
        };
        const seen = describeIt();
        if (seen instanceof Promise) void seen.then(tell);
        else tell(seen);
      }),
    left: (at) =>
      inTurn(() => {
        if (known.delete(at)) onEvent({ kind: 'left', at });
      }),
    all: (there, toldMs) =>
      inTurn(() => {
        const now = new Set(there.map(({ at }) => at));
        for (const at of [...known].filter((one) => !now.has(one))) news.left(at);
        for (const { at, describe: describeIt } of there) news.arrived(at, toldMs, describeIt);
      }),
  };
  const begin = async (): Promise<void> => {
    const usb = await load();
    if (!open) return;
    if (usb.INIT_ERROR !== 0 && usb.INIT_ERROR !== undefined) throw new Error('libusb cannot be used on this machine');
    const attached = (device: Device): void => {
      const { at, port, isBus } = placeOf(device);
      if (isBus) onBus?.(port);
      else if (isThere(device)) news.arrived(at, uptimeMs(), () => describe(device));
    };
    const detached = (device: Device): void => news.left(placeOf(device).at);
    usb.on('attach', attached);
    usb.on('detach', detached);
    stops.push(() => {
      usb.off('attach', attached);
      usb.off('detach', detached);
    });
    const other = also?.(news) ?? null;
    if (other !== null) stops.push(() => other.close());
    const devices = usb.getDeviceList().filter((device) => !placeOf(device).isBus);
    for (const device of devices) known.add(placeOf(device).at);
    const present = await Promise.all(devices.map(describe));
    if (!open) return;
    onEvent({ kind: 'present', devices: present });
    const waiting = early ?? [];
    early = null;
    for (const take of waiting) take();
  };
  begin().catch((error: unknown) => {
    if (open) onEvent({ kind: 'unavailable', why: error instanceof Error ? error.message : String(error) });
  });
  return {
    close() {
      open = false;
      for (const stop of stops) stop();
      return Promise.resolve();
    },
  };
}

const transfers = ['control', 'isochronous', 'bulk', 'interrupt'] as const;

/** What libusb read out of the descriptors, where the system does not keep their bytes. Null when it could not. */
export function describedBy(device: Device): SeenDevice['descriptors'] {
  try {
    const interfaces: DescribedInterface[] = device.allConfigDescriptors.flatMap((configuration) =>
      configuration.interfaces.flat().map((setting) => ({
        classCode: setting.bInterfaceClass,
        subClass: setting.bInterfaceSubClass,
        protocol: setting.bInterfaceProtocol,
        endpoints: setting.endpoints.map(({ bEndpointAddress, bmAttributes }) => ({
          direction: (bEndpointAddress & 0x80) === 0 ? ('out' as const) : ('in' as const),
          transfer: transfers[bmAttributes & 3] ?? 'control',
        })),
      })),
    );
    return { deviceClass: device.deviceDescriptor.bDeviceClass, interfaces };
  } catch {
    return null;
  }
}
