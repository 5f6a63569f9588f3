import type { Device, usb as usbPackage } from 'usb';
import type { DescribedInterface, DeviceEvent, SeenDevice } from '../machine.ts';

type Usb = typeof usbPackage;

/** Where a device is, by what libusb says of it: bus and ports; empty ports are the bus itself. */
export function placeOf(device: Device): { at: string; port: string; isBus: boolean } {
  const ports = device.portNumbers ?? [];
  const port = ports.length === 0 ? `usb${device.busNumber}` : `${device.busNumber}-${ports.join('.')}`;
  return { at: `${port}@${device.deviceAddress}`, port, isBus: ports.length === 0 };
}

export interface BusWatchOptions {
  uptimeMs: () => number;
  /** Reads what there is to know; a device that is gone already still gives what libusb had of it. */
  describe(device: Device): SeenDevice | Promise<SeenDevice>;
  /** Another controller came in, such as a dock's. */
  onBus?: (port: string) => void;
  load?: () => Promise<Usb>;
}

const loadUsb = async (): Promise<Usb> => (await import('usb')).usb;

/** Tells of devices through the `usb` package (libusb's hotplug events), after the list of what is there. */
export function watchBus(
  { uptimeMs, describe, onBus, load = loadUsb }: BusWatchOptions,
  onEvent: (event: DeviceEvent) => void,
): { close(): Promise<void> } {
  let open = true;
  let stop = (): void => undefined;
  const known = new Set<string>();
  const begin = async (): Promise<void> => {
    const usb = await load();
    if (!open) return;
    if (usb.INIT_ERROR !== 0 && usb.INIT_ERROR !== undefined) throw new Error('libusb cannot be used on this machine');
    let listed = false;
    const early: (() => void)[] = [];
    const attached = (device: Device): void => {
      const toldMs = uptimeMs();
      const take = (): void => {
        const { at, port, isBus } = placeOf(device);
        if (isBus) return onBus?.(port);
        if (known.has(at)) return;
        known.add(at);
        const seen = describe(device);
        const tell = (one: SeenDevice): void => {
          if (open && known.has(at)) onEvent({ kind: 'arrived', device: one, toldMs });
        };
        if (seen instanceof Promise) void seen.then(tell);
        else tell(seen);
      };
      if (listed) take();
      else early.push(take);
    };
    const detached = (device: Device): void => {
      const take = (): void => {
        const { at } = placeOf(device);
        if (known.delete(at)) onEvent({ kind: 'left', at });
      };
      if (listed) take();
      else early.push(take);
    };
    usb.on('attach', attached);
    usb.on('detach', detached);
    stop = () => {
      usb.off('attach', attached);
      usb.off('detach', detached);
    };
    const devices = usb.getDeviceList().filter((device) => !placeOf(device).isBus);
    for (const device of devices) known.add(placeOf(device).at);
    const present = await Promise.all(devices.map(describe));
    if (!open) return;
    onEvent({ kind: 'present', devices: present });
    listed = true;
    for (const take of early.splice(0)) take();
  };
  begin().catch((error: unknown) => {
    if (open) onEvent({ kind: 'unavailable', why: error instanceof Error ? error.message : String(error) });
  });
  return {
    close() {
      open = false;
      stop();
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
