/** One interface as it goes into descriptors: class, subclass, protocol, and its endpoints' addresses and attributes. */
export interface PretendInterface {
  codes: readonly [number, number, number];
  endpoints: readonly (readonly [address: number, attributes: number])[];
}

/** A device that can be plugged into the fake bus. */
export interface PretendDevice {
  vendorId: number;
  productId: number;
  vendor: string | null;
  product: string | null;
  serial: string | null;
  deviceClass?: number;
  interfaces: readonly PretendInterface[];
  /** First bytes of its disk; present where the kernel would make a disk of it. */
  disk?: { sectors: number; head: Uint8Array };
  /** Instead of the right bytes. */
  descriptors?: Uint8Array;
}

const bulk = [
  [0x81, 2],
  [0x02, 2],
] as const;
const storage: PretendInterface = { codes: [8, 6, 0x50], endpoints: bulk };
const keyboardInterface: PretendInterface = { codes: [3, 1, 1], endpoints: [[0x81, 3]] };
const plainDisk = { sectors: 30_031_250, head: new Uint8Array(512) };

/** Believable devices, each with numbers a maker of such a thing has. */
export const pretend = {
  stick: (serial: string | null = '4C530001230112116281'): PretendDevice => ({
    vendorId: 0x0781,
    productId: 0x5567,
    vendor: 'SanDisk',
    product: 'Cruzer Blade',
    serial,
    interfaces: [storage],
    disk: plainDisk,
  }),
  encryptedStick: (): PretendDevice => ({
    ...pretend.stick('AA010612190145873362'),
    disk: {
      sectors: 60_062_500,
      head: Buffer.concat([Buffer.from('LUKS\xba\xbe\0\x02', 'latin1'), Buffer.alloc(504)]),
    },
  }),
  phone: (): PretendDevice => ({
    vendorId: 0x18d1,
    productId: 0x4ee1,
    vendor: 'Google',
    product: 'Pixel 7',
    serial: '28161FDH200ABC',
    interfaces: [{ codes: [6, 1, 1], endpoints: [...bulk, [0x83, 3]] }],
  }),
  phoneUnderItsOwnClass: (): PretendDevice => ({
    vendorId: 0x04e8,
    productId: 0x6860,
    vendor: 'SAMSUNG',
    product: 'SAMSUNG_Android',
    serial: 'R58M123ABCD',
    interfaces: [{ codes: [0xff, 0xff, 0], endpoints: [...bulk, [0x83, 3]] }],
  }),
  badUsb: (): PretendDevice => ({
    vendorId: 0x03eb,
    productId: 0x2401,
    vendor: 'ATMEL',
    product: 'Flash + KB',
    serial: 'BAD0001',
    interfaces: [storage, keyboardInterface],
    disk: plainDisk,
  }),
  keyboard: (): PretendDevice => ({
    vendorId: 0x046d,
    productId: 0xc31c,
    vendor: 'Logitech',
    product: 'USB Keyboard',
    serial: null,
    interfaces: [keyboardInterface],
  }),
  mouse: (): PretendDevice => ({
    vendorId: 0x046d,
    productId: 0xc077,
    vendor: 'Logitech',
    product: 'USB Optical Mouse',
    serial: null,
    interfaces: [{ codes: [3, 1, 2], endpoints: [[0x81, 3]] }],
  }),
  headset: (): PretendDevice => ({
    vendorId: 0x0b0e,
    productId: 0x0305,
    vendor: 'Jabra',
    product: 'EVOLVE 20',
    serial: null,
    interfaces: [
      { codes: [1, 1, 0], endpoints: [] },
      { codes: [3, 0, 0], endpoints: [[0x84, 3]] },
    ],
  }),
  hub: (): PretendDevice => ({
    vendorId: 0x05e3,
    productId: 0x0608,
    vendor: null,
    product: 'USB2.0 Hub',
    serial: null,
    deviceClass: 9,
    interfaces: [{ codes: [9, 0, 0], endpoints: [[0x81, 3]] }],
  }),
};

/** The bytes the kernel would have read: device, configuration, interfaces with their endpoints (USB 2.0, 9.6). */
export function descriptorsOf(device: PretendDevice): Uint8Array {
  if (device.descriptors !== undefined) return device.descriptors;
  const { vendorId, productId, deviceClass = 0, interfaces } = device;
  const text = (said: string | null, place: number): number => (said === null ? 0 : place);
  const head = [
    ...[18, 1, 0x00, 0x02, deviceClass, 0, 0, 64],
    ...word(vendorId),
    ...word(productId),
    ...[0x00, 0x01, text(device.vendor, 1), text(device.product, 2), text(device.serial, 3), 1],
  ];
  const body = interfaces.flatMap(({ codes, endpoints }, number) => [
    ...[9, 4, number, 0, endpoints.length, ...codes, 0],
    ...(codes[0] === 3 ? [9, 0x21, 0x11, 0x01, 0, 1, 0x22, 52, 0] : []),
    ...endpoints.flatMap(([address, attributes]) => [7, 5, address, attributes, 0x40, 0x00, 10]),
  ]);
  const configuration = [9, 2, ...word(9 + body.length), interfaces.length, 1, 0, 0x80, 50];
  return Uint8Array.from([...head, ...configuration, ...body]);
}

const word = (value: number): [number, number] => [value & 0xff, value >> 8];
