import { parse } from 'node:path';
import type { Inventory } from '../../contract/machine-state.ts';
import { knownText } from '../known-text.ts';

const gib = 1_024 ** 3;
const tenth = (value: number): number => Math.round(value * 10) / 10;
/** In steps of 5, so that a day's work does not make it a new machine. */
const share = (value: number): number => Math.min(100, Math.max(0, Math.round(value / 5) * 5));
const count = (value: unknown): number => (typeof value === 'number' && value > 0 ? Math.floor(value) : 0);
const words = (...parts: (string | undefined)[]): string => parts.filter(Boolean).join(' ').trim().slice(0, 300);

/** What the machine is made of, by systeminformation; loaded only when asked for, since the package is large. */
export async function inventoryOf(): Promise<Inventory> {
  const information = await import('systeminformation');
  const [system, operating, processor, memory, disks, volumes, battery, graphics] = await Promise.all([
    information.system(),
    information.osInfo(),
    information.cpu(),
    information.mem(),
    information.diskLayout(),
    information.fsSize(),
    information.battery(),
    information.graphics(),
  ]);
  const root = parse(process.execPath).root.replace(/\\$/, '') || '/';
  const volume = volumes.find(({ mount }) => mount === root || mount === '/');
  return {
    manufacturer: knownText(system.manufacturer, 300),
    model: knownText(system.model, 300),
    serial: knownText(system.serial, 300),
    operatingSystem: words(operating.distro, operating.release, `(${operating.arch})`),
    kernel: words(operating.kernel),
    processor: words(processor.manufacturer, processor.brand),
    processorCores: count(processor.cores),
    memoryMiB: count(memory.total / 1_024 ** 2),
    disks: disks.slice(0, 50).map(({ name, device, type, size }) => ({
      name: words(name || device),
      kind: words(type),
      sizeGiB: tenth(count(size) / gib),
    })),
    systemVolume:
      volume === undefined || !(volume.size > 0)
        ? null
        : { sizeGiB: tenth(volume.size / gib), freePercent: share(100 - volume.use) },
    battery: battery.hasBattery
      ? {
          healthPercent:
            battery.designedCapacity > 0
              ? Math.min(200, Math.round((100 * battery.maxCapacity) / battery.designedCapacity))
              : null,
          cycles: count(battery.cycleCount),
        }
      : null,
    displays: graphics.displays.length,
  };
}
