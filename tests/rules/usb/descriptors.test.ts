import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventData } from '../../../src/contract/event.ts';
import { usbDecision, usbDevice, type DeviceKind } from '../../../src/contract/usb.ts';
import { decideDevice } from '../../../src/rules/usb/decide-device.ts';
import { readDescriptors } from '../../../src/rules/usb/descriptors.ts';
import { deviceKinds } from '../../../src/rules/usb/device-kinds.ts';
import { deviceText, serialIdentifies } from '../../../src/rules/usb/device-text.ts';
import { describeDevice } from '../../../src/service/devices/describe-device.ts';
import { descriptorsOf, pretend, type PretendDevice } from '../../support/usb/usb-devices.ts';
import { nobody, surroundings } from './surroundings.ts';

const kindsOf = (device: PretendDevice): DeviceKind[] => deviceKinds(readDescriptors(descriptorsOf(device)));

describe('what a device is, by its descriptors', () => {
  test.each<[string, PretendDevice, DeviceKind[]]>([
    ['a stick', pretend.stick(), ['storage']],
    ['a phone', pretend.phone(), ['phone']],
    ['a phone under its maker’s own class', pretend.phoneUnderItsOwnClass(), ['phone']],
    ['a stick that types', pretend.badUsb(), ['storage', 'keyboard', 'disguised']],
    ['a keyboard', pretend.keyboard(), ['keyboard']],
    ['a mouse', pretend.mouse(), ['mouse']],
    ['a headset with buttons', pretend.headset(), ['audio', 'input']],
    ['a hub', pretend.hub(), ['hub']],
  ])('%s', (_name, device, kinds) => {
    expect(readDescriptors(descriptorsOf(device)).faults).toEqual([]);
    expect(kindsOf(device)).toEqual(kinds);
  });

  const single = (codes: [number, number, number]): PretendDevice => ({
    ...pretend.stick(),
    interfaces: [{ codes, endpoints: [] }],
  });
  test.each<[string, [number, number, number], DeviceKind]>([
    ['a CD drive', [8, 2, 0x50], 'optical'],
    ['a network adapter', [2, 6, 0], 'network'],
    ['a serial adapter', [2, 2, 1], 'other'],
    ['a phone that shares its connection', [0xe0, 1, 3], 'network'],
    ['a Bluetooth adapter', [0xe0, 1, 1], 'wireless'],
    ['a camera', [0x0e, 1, 0], 'video'],
    ['a printer', [7, 1, 2], 'printer'],
    ['a smart card reader', [0x0b, 0, 0], 'smartCard'],
    ['an Android phone in debugging', [0xff, 0x42, 1], 'phone'],
    ['something of its maker’s own', [0xff, 1, 2], 'other'],
    ['a class nobody knows', [0x66, 1, 2], 'other'],
  ])('%s', (_name, codes, kind) => {
    expect(kindsOf(single(codes))).toEqual([kind]);
  });
});

describe('descriptors that lie', () => {
  const good = descriptorsOf(pretend.stick());
  const changed = (change: (bytes: Uint8Array) => void): Uint8Array => {
    const bytes = Uint8Array.from(good);
    change(bytes);
    return bytes;
  };
  test.each<[string, Uint8Array, RegExp]>([
    ['nothing at all', new Uint8Array(), /0 bytes/],
    ['cut in the device descriptor', good.subarray(0, 10), /10 bytes/],
    ['cut in the configuration', good.subarray(0, 30), /says it is/],
    ['cut in an endpoint', good.subarray(0, good.length - 3), /says it is/],
    ['a length of zero', changed((bytes) => (bytes[27] = 0)), /says it is 0 bytes/],
    ['a length past the end', changed((bytes) => (bytes[27] = 200)), /says it is 200 bytes/],
    ['more in all than there is', changed((bytes) => (bytes[20] = 255)), /255 bytes/],
    ['more configurations than there are', changed((bytes) => (bytes[17] = 4)), /4 configurations/],
    ['more interfaces than there are', changed((bytes) => (bytes[22] = 3)), /3 interfaces/],
    ['a configuration hidden behind the first', Uint8Array.from([...good, ...good.subarray(18)]), /1 configurations/],
    ['64 KiB and more', Uint8Array.from([...good, ...new Uint8Array(66_000)]), /bytes/],
    ['no configuration', good.subarray(0, 18), /0 are there/],
  ])('%s: found, and it is not believed', (_name, bytes, fault) => {
    const read = readDescriptors(bytes);
    expect(read.faults.join('; ')).toMatch(fault);
    expect(deviceKinds(read)).toContain('unreadable');
  });
});

describe('what a device says of itself', () => {
  test.each([
    ['Cruzer Blade', 'Cruzer Blade'],
    ['  Cruzer\0\0  Blade\n', 'Cruzer Blade'],
    ['\u001b[31mred\u001b[0m', '[31mred [0m'],
    ['evil\u202Egnp.exe', 'evil gnp.exe'],
    ['a\u2066b\u2069c\u200Fd\u2028e', 'a b c d e'],
    ['', null],
    ['\0\u202E\uFEFF', null],
    ['x'.repeat(65_536), 'x'.repeat(100)],
    ['😀'.repeat(200), '😀'.repeat(100)],
  ])('%j is shown as %j', (said, shown) => {
    expect(deviceText(said)).toBe(shown);
  });

  test.each([null, '', '0', '000000000000', 'ffffffff', '0123456789ABCDEF', '123456789', '1'])(
    'the serial %j tells no device from another',
    (serial) => expect(serialIdentifies(serial)).toBe(false),
  );
  test('a real serial does', () => expect(serialIdentifies('4C530001230112116281')).toBe(true));
});

/** Real descriptors with bytes changed, dropped, doubled and appended, and bytes from nowhere. */
const anyBytes = fc.oneof(
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 120 }) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(
        fc.constantFrom(...Object.values(pretend).map((make) => descriptorsOf(make()))),
        fc.array(fc.tuple(fc.nat(90), fc.nat(255)), { maxLength: 6 }),
        fc.nat(90),
        fc.uint8Array({ maxLength: 20 }),
      )
      .map(([bytes, changes, cut, more]) => {
        const changed = Uint8Array.from(bytes);
        for (const [place, value] of changes) if (place < changed.length) changed[place] = value;
        return Uint8Array.from([...changed.subarray(0, Math.max(cut, 10)), ...more]);
      }),
  },
);
const anyText = fc.option(
  fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constant('\u202E'.repeat(50)),
    fc.constant('y'.repeat(65_536)),
  ),
);

const fuzzCases = 100_000;

test(
  `${fuzzCases.toLocaleString('en-GB')} devices that say anything: each ends in a decision that can be recorded`,
  { timeout: 180_000 },
  () => {
    let unreadable = 0;
    fc.assert(
      fc.property(anyBytes, anyText, anyText, fc.nat(9), (bytes, product, serial, honesty) => {
        const device = describeDevice({
          at: '1-1@5',
          port: '1-1',
          // Some come in as another device than they then say they are.
          vendorId: honesty === 0 ? 0x1234 : (bytes[8] ?? 0) | ((bytes[9] ?? 0) << 8),
          productId: (bytes[10] ?? 0) | ((bytes[11] ?? 0) << 8),
          vendor: null,
          product,
          serial,
          descriptors: bytes,
          usable: false,
        });
        usbDevice.parse(device);
        const verdict = decideDevice(device, surroundings({ kinds: ['storage'] }), nobody);
        const { action, lockScreen, reportOnly, by, kind } = verdict;
        const decision = usbDecision.parse({ action, lockScreen, reportOnly, by, kind });
        eventData['usb.decided'].parse({ plug: 'p', device, occasion: 'inserted', decision, afterMs: 0 });
        if (device.kinds.includes('unreadable')) {
          unreadable += 1;
          expect(action).toBe('block');
        }
        if (device.kinds.includes('storage')) expect(action).toBe('block');
      }),
      { numRuns: fuzzCases },
    );
    // The cases reach both sides.
    expect(unreadable).toBeGreaterThan(fuzzCases / 10);
    expect(unreadable).toBeLessThan(fuzzCases);
  },
);
