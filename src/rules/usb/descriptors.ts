/** One setting of one interface. Codes are those of https://www.usb.org/defined-class-codes. */
export interface UsbInterface {
  classCode: number;
  subClass: number;
  protocol: number;
  endpoints: readonly { direction: 'in' | 'out'; transfer: 'control' | 'isochronous' | 'bulk' | 'interrupt' }[];
}

export interface UsbDescriptors {
  vendorId: number;
  productId: number;
  deviceClass: number;
  interfaces: UsbInterface[];
  /** What contradicts itself, in the order it was found; a device with any of these is not believed. */
  faults: string[];
}

/** USB 2.0 specification, table 9-5. */
const typeDevice = 1;
const typeConfiguration = 2;
const typeInterface = 4;
const typeEndpoint = 5;
const deviceLength = 18;
const configurationLength = 9;
const interfaceLength = 9;
const endpointLength = 7;

/** No honest device comes near these. */
const mostBytes = 65_536;
const mostInterfaces = 256;

const transfers = ['control', 'isochronous', 'bulk', 'interrupt'] as const;

/**
 * Reads a device's descriptors as Linux keeps them in sysfs: the device descriptor, then each configuration's (USB 2.0
 * specification, 9.6). Total: any bytes give a result, with what is wrong about them.
 */
export function readDescriptors(bytes: Uint8Array): UsbDescriptors {
  const read: UsbDescriptors = { vendorId: 0, productId: 0, deviceClass: 0, interfaces: [], faults: [] };
  const fault = (sentence: string): void => void (read.faults.length < 10 && read.faults.push(sentence));
  if (bytes.length < deviceLength || at(bytes, 0) < deviceLength || at(bytes, 1) !== typeDevice) {
    fault(`the device descriptor is ${bytes.length} bytes or not one at all`);
    return read;
  }
  if (bytes.length > mostBytes) {
    fault(`the descriptors are ${bytes.length} bytes`);
    return read;
  }
  read.deviceClass = at(bytes, 4);
  read.vendorId = word(bytes, 8);
  read.productId = word(bytes, 10);
  const promised = at(bytes, 17);
  let offset = at(bytes, 0);
  let configurations = 0;
  while (offset < bytes.length) {
    const total = readConfiguration(bytes, offset, read.interfaces, fault);
    if (total === 0) break;
    configurations += 1;
    offset += total;
  }
  if (configurations !== promised) fault(`${promised} configurations are announced and ${configurations} are there`);
  if (read.interfaces.length === 0) fault('there is no interface');
  return read;
}

/** @returns how many bytes it took; 0 where nothing more can be read. */
function readConfiguration(
  bytes: Uint8Array,
  start: number,
  interfaces: UsbInterface[],
  fault: (sentence: string) => void,
): number {
  const left = bytes.length - start;
  if (
    left < configurationLength ||
    at(bytes, start) < configurationLength ||
    at(bytes, start + 1) !== typeConfiguration
  ) {
    fault('something that is no configuration stands where one should');
    return 0;
  }
  const total = word(bytes, start + 2);
  const promised = at(bytes, start + 4);
  if (total < configurationLength || total > left) {
    fault(`a configuration says it is ${total} bytes, and ${left} are there`);
  }
  const end = start + Math.max(configurationLength, Math.min(total, left));
  const numbers = new Set<number>();
  let current: UsbInterface | null = null;
  let offset = start + at(bytes, start);
  while (offset < end) {
    const length = at(bytes, offset);
    const type = at(bytes, offset + 1);
    if (length < 2 || offset + length > end) {
      fault(`a descriptor says it is ${length} bytes, and ${end - offset} are left`);
      break;
    }
    if (type === typeInterface) {
      if (length < interfaceLength) fault(`an interface descriptor is ${length} bytes`);
      else if (interfaces.length >= mostInterfaces) {
        fault(`there are more than ${mostInterfaces} interfaces`);
        break;
      } else {
        numbers.add(at(bytes, offset + 2));
        const endpoints: UsbInterface['endpoints'][number][] = [];
        current = {
          classCode: at(bytes, offset + 5),
          subClass: at(bytes, offset + 6),
          protocol: at(bytes, offset + 7),
          endpoints,
        };
        interfaces.push(current);
      }
    } else if (type === typeEndpoint) {
      if (length < endpointLength || current === null) fault('an endpoint stands where none can');
      else {
        const direction = (at(bytes, offset + 2) & 0x80) === 0 ? 'out' : 'in';
        const transfer = transfers[at(bytes, offset + 3) & 3] ?? 'control';
        current.endpoints = [...current.endpoints, { direction, transfer } as const].slice(0, 32);
      }
    }
    offset += length;
  }
  if (numbers.size !== promised) fault(`${promised} interfaces are announced and ${numbers.size} are there`);
  return end - start;
}

const at = (bytes: Uint8Array, offset: number): number => bytes[offset] ?? 0;
const word = (bytes: Uint8Array, offset: number): number => at(bytes, offset) | (at(bytes, offset + 1) << 8);
