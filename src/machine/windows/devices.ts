import type { Device } from 'usb';
import { describedBy, placeOf, watchBus, type BusWatchOptions } from '../devices/bus-watch.ts';
import { DeviceGone, type DeviceControl, type SeenDevice } from '../machine.ts';
import { runSystem } from '../run-system.ts';

type Run = typeof runSystem;

const enumeratedKey = String.raw`HKLM\SYSTEM\CurrentControlSet\Enum\USB`;
const commandTimeoutMs = 10_000;

/**
 * USB devices by their device nodes: `pnputil /disable-device` and `/enable-device`
 * (https://learn.microsoft.com/windows-hardware/drivers/devtest/pnputil-command-syntax). Windows gives a new device to its
 * driver before any service hears of it, so a device is put out some hundred milliseconds after it came in; the event
 * says how many. Written from Microsoft's documentation; it has not been run on Windows yet.
 */
export function windowsDevices({
  uptimeMs,
  load,
  run = runSystem,
}: Pick<BusWatchOptions, 'uptimeMs' | 'load'> & { run?: Run }): DeviceControl {
  const nodes = new Map<string, string>();
  const nodeOf = (at: string): string => {
    const node = nodes.get(at);
    if (node === undefined) throw new DeviceGone();
    return node;
  };
  const set = async (at: string, wanted: 'disabled' | 'enabled'): Promise<void> => {
    const node = nodeOf(at);
    const command = wanted === 'disabled' ? '/disable-device' : '/enable-device';
    await run('pnputil.exe', [command, node], commandTimeoutMs);
    const printed = await run('pnputil.exe', ['/enum-devices', '/instanceid', node], commandTimeoutMs);
    if (printed === null) throw new Error('Windows could not be asked about the device; pnputil did not answer');
    const state = nodeState(printed);
    if (state === 'gone') throw new DeviceGone();
    if (state !== wanted) throw new Error(`Windows was asked to have the device ${wanted} and says it is ${state}`);
  };
  const describe = async (device: Device): Promise<SeenDevice> => {
    const { at, port } = placeOf(device);
    const { idVendor: vendorId, idProduct: productId } = device.deviceDescriptor;
    const listed = await run('reg.exe', ['query', `${enumeratedKey}\\${hardwareId(vendorId, productId)}`]);
    const node = newestInstance(listed ?? '', vendorId, productId);
    if (node !== null) nodes.set(at, node);
    return {
      at,
      port,
      vendorId,
      productId,
      vendor: null,
      product: null,
      serial: node === null ? null : serialOfInstance(node),
      descriptors: describedBy(device),
      usable: true,
    };
  };
  return {
    watch: (onEvent) => watchBus(load === undefined ? { uptimeMs, describe } : { uptimeMs, describe, load }, onEvent),
    holdNew: () => Promise.resolve(false),
    hold: (at) => set(at, 'disabled'),
    release: (at) => set(at, 'enabled'),
    driveFacts: () => Promise.resolve(null),
  };
}

const hex = (value: number): string => value.toString(16).toUpperCase().padStart(4, '0');
const hardwareId = (vendorId: number, productId: number): string => `VID_${hex(vendorId)}&PID_${hex(productId)}`;

/** The last instance `reg query` lists below a hardware id, as `USB\VID_0781&PID_5567\4C53…`; null where there is none. */
export function newestInstance(printed: string, vendorId: number, productId: number): string | null {
  const instances = printed
    .split(/\r?\n/)
    .map((line) => /\\Enum\\(USB\\VID_[0-9A-F]{4}&PID_[0-9A-F]{4}\\[^\\]+)$/i.exec(line.trim())?.[1])
    .filter((found) => found?.toUpperCase().startsWith(`USB\\${hardwareId(vendorId, productId)}\\`) === true);
  return instances.at(-1) ?? null;
}

/** The serial is the instance's last part, unless Windows made it up: then its second character is an ampersand. */
export function serialOfInstance(node: string): string | null {
  const last = node.slice(node.lastIndexOf('\\') + 1);
  return last === '' || last[1] === '&' ? null : last;
}

/** What `pnputil /enum-devices /instanceid` says of the device's state. The words after the colon are not translated. */
export function nodeState(printed: string): 'disabled' | 'enabled' | 'gone' {
  if (/:\s*Disabled\s*$/im.test(printed)) return 'disabled';
  if (/:\s*(Started|Running)\s*$/im.test(printed)) return 'enabled';
  return 'gone';
}
