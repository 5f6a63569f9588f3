import type { DeviceTable } from '../store/tables.ts';

type Named = Pick<DeviceTable, 'hostname' | 'display_name' | 'serial' | 'model'>;

export const nameOf = (device: Pick<DeviceTable, 'hostname' | 'display_name'>): string =>
  device.display_name ?? device.hostname;

/** What a machine's row is sorted by and searched in. */
export const listedAs = (device: Named): Pick<DeviceTable, 'sort_name' | 'search_text'> => ({
  sort_name: nameOf(device).toLowerCase(),
  search_text: [device.display_name, device.hostname, device.serial, device.model]
    .filter((part) => part !== null)
    .join('\n')
    .toLowerCase(),
});
