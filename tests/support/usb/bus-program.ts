// The inside of the fake bus: `unshare -m -n node bus-program.ts`. It needs root, and nothing it does is seen outside.
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import { busCommand, type BusAnswer, type BusCommand, type WireDevice } from './bus-protocol.ts';
import { raiseLoopback, udevSender } from './netlink.ts';

const mount = (...parameters: string[]): void => void execFileSync('mount', parameters);

/** An overlay on each part of /sys that a device shows up in, and empty folders for its nodes. */
function layOverSystem(): void {
  const folder = mkdtempSync(path.join(tmpdir(), 'usher-bus-'));
  mount('-t', 'tmpfs', 'usher-bus', folder);
  for (const part of ['bus', 'class', 'block', 'dev', 'devices']) {
    mkdirSync(path.join(folder, `${part}.upper`));
    mkdirSync(path.join(folder, `${part}.work`));
    if (!existsSync(`/sys/${part}`)) continue;
    const layers = `lowerdir=/sys/${part},upperdir=${folder}/${part}.upper,workdir=${folder}/${part}.work`;
    mount('-t', 'overlay', 'usher-bus', '-o', layers, `/sys/${part}`);
  }
  mkdirSync('/dev/bus', { recursive: true });
  mount('-t', 'tmpfs', 'usher-bus', '/dev/bus');
  mkdirSync('/run/udev', { recursive: true });
  mount('-t', 'tmpfs', 'usher-bus', '/run/udev');
  // libusb takes its presence for udev's.
  writeFileSync('/run/udev/control', '');
}

layOverSystem();
raiseLoopback();
const send = udevSender();
const controller = 'pci0000:00/0000:00:14.0/usb1';
const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6;
const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
let sequence = 1_000_000;

/** A folder of sysfs with its files, its `uevent` and the links that lead to it. */
interface Node {
  /** Below /sys/devices. */
  at: string;
  subsystem: string;
  properties: Record<string, string>;
  files: Record<string, string | Uint8Array>;
}

interface Plugged {
  device: WireDevice;
  number: number;
  nodes: Node[];
  disk: Node[];
  diskUp: boolean;
}
const plugged = new Map<string, Plugged>();
let nextNumber = 2;
let nextDisk = 0;

const folderOf = ({ at }: Node): string => `/sys/devices/${at}`;
const baseOf = ({ at }: Node): string => path.basename(at);

function linksOf(node: Node): string[] {
  const links =
    node.subsystem === 'block'
      ? [`/sys/class/block/${baseOf(node)}`, `/sys/block/${baseOf(node)}`]
      : [`/sys/bus/${node.subsystem}/devices/${baseOf(node)}`];
  const { dev } = node.files;
  if (typeof dev === 'string') links.push(`/sys/dev/${node.subsystem === 'block' ? 'block' : 'char'}/${dev}`);
  return links;
}

function link(target: string, at: string): void {
  mkdirSync(path.dirname(at), { recursive: true });
  if (lstatSync(at, { throwIfNoEntry: false }) === undefined) symlinkSync(path.relative(path.dirname(at), target), at);
}

function create(node: Node): void {
  const folder = folderOf(node);
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(node.files)) {
    writeFileSync(path.join(folder, name), typeof content === 'string' ? `${content}\n` : content);
  }
  const lines = Object.entries(node.properties).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(path.join(folder, 'uevent'), lines.join(''));
  const home = node.subsystem === 'block' ? '/sys/class/block' : `/sys/bus/${node.subsystem}`;
  mkdirSync(home, { recursive: true });
  link(home, path.join(folder, 'subsystem'));
  for (const at of linksOf(node)) link(folder, at);
}

function destroy(node: Node): void {
  for (const at of linksOf(node)) if (lstatSync(at, { throwIfNoEntry: false }) !== undefined) unlinkSync(at);
}

function tell(node: Node, action: 'add' | 'remove'): void {
  sequence += 1;
  send(node.subsystem, {
    ACTION: action,
    DEVPATH: `/devices/${node.at}`,
    SUBSYSTEM: node.subsystem,
    SEQNUM: String(sequence),
    USEC_INITIALIZED: String(Math.round(monotonicMs() * 1_000)),
    ...node.properties,
  });
}

/** `1-3.1` lies below `1-3`, which lies below the controller. */
function placeOf(port: string): string {
  const [bus = '1', ports = ''] = port.split('-');
  const steps = ports.split('.');
  return [controller, ...steps.map((_, depth) => `${bus}-${steps.slice(0, depth + 1).join('.')}`)].join('/');
}

const authorizedOf = (port: string): string => `/sys/devices/${placeOf(port)}/authorized`;

function nodesOf(port: string, device: WireDevice, number: number): Node[] {
  const at = placeOf(port);
  const node = `bus/usb/001/${String(number).padStart(3, '0')}`;
  const name = `${hex(device.vendorId, 4)}/${hex(device.productId, 4)}/100`;
  const text = (key: string, value: string | null) => (value === null ? {} : { [key]: value });
  const trusted = readFileSync(`/sys/devices/${controller}/authorized_default`, 'utf8').trim();
  return [
    {
      at,
      subsystem: 'usb',
      properties: {
        DEVTYPE: 'usb_device',
        DEVNAME: `/dev/${node}`,
        DRIVER: 'usb',
        BUSNUM: '001',
        DEVNUM: String(number).padStart(3, '0'),
        PRODUCT: name,
        TYPE: '0/0/0',
        MAJOR: '189',
        MINOR: String(number - 1),
      },
      files: {
        busnum: '1',
        devnum: String(number),
        devpath: port.split('-')[1] ?? '',
        speed: '480',
        bConfigurationValue: '1',
        idVendor: hex(device.vendorId, 4),
        idProduct: hex(device.productId, 4),
        bcdDevice: '0100',
        version: ' 2.00',
        bDeviceClass: hex(device.deviceClass, 2),
        bDeviceSubClass: '00',
        bDeviceProtocol: '00',
        bNumInterfaces: String(device.interfaces.length).padStart(2),
        removable: 'removable',
        authorized: trusted === '0' ? '0' : '1',
        dev: `189:${number - 1}`,
        descriptors: Buffer.from(device.descriptors, 'base64'),
        ...text('manufacturer', device.vendor),
        ...text('product', device.product),
        ...text('serial', device.serial),
      },
    },
    ...device.interfaces.map((codes, index): Node => ({
      at: `${at}/${port}:1.${index}`,
      subsystem: 'usb',
      properties: { DEVTYPE: 'usb_interface', INTERFACE: codes.join('/'), PRODUCT: name },
      files: {
        bInterfaceNumber: hex(index, 2),
        bAlternateSetting: ' 0',
        bInterfaceClass: hex(codes[0], 2),
        bInterfaceSubClass: hex(codes[1], 2),
        bInterfaceProtocol: hex(codes[2], 2),
      },
    })),
  ];
}

/** What the kernel makes of a storage interface once the device is let in. */
function diskOf(port: string, device: WireDevice, number: number): Node[] {
  const index = device.interfaces.findIndex(([code]) => code === 8);
  if (device.disk === null || index === -1) return [];
  const name = `sd${String.fromCharCode(98 + (nextDisk % 20))}`;
  nextDisk += 1;
  const minor = (nextDisk % 20) * 16;
  const unit = `${placeOf(port)}/${port}:1.${index}/host${number}/target${number}:0:0/${number}:0:0:0`;
  return [
    {
      at: unit,
      subsystem: 'scsi',
      properties: { DEVTYPE: 'scsi_device', DRIVER: 'sd' },
      files: { type: '0', vendor: device.vendor ?? '', model: device.product ?? '', rev: '1.00' },
    },
    {
      at: `${unit}/block/${name}`,
      subsystem: 'block',
      properties: { DEVTYPE: 'disk', DEVNAME: `bus/usb/disks/${name}`, MAJOR: '8', MINOR: String(minor) },
      files: { removable: '1', size: String(device.disk.sectors), ro: '0', dev: `8:${minor}` },
    },
  ];
}

function nodeFile(one: Plugged): string {
  return `/dev/bus/usb/001/${String(one.number).padStart(3, '0')}`;
}

function add(port: string, device: WireDevice, jammed: boolean): number {
  const number = nextNumber;
  nextNumber = nextNumber >= 127 ? 2 : nextNumber + 1;
  const one: Plugged = {
    device,
    number,
    nodes: nodesOf(port, device, number),
    disk: diskOf(port, device, number),
    diskUp: false,
  };
  plugged.set(port, one);
  for (const node of one.nodes) create(node);
  if (jammed) {
    // Nothing can be written to a folder.
    rmSync(authorizedOf(port));
    mkdirSync(authorizedOf(port));
  }
  mkdirSync('/dev/bus/usb/001', { recursive: true });
  writeFileSync(nodeFile(one), Buffer.from(device.descriptors, 'base64'));
  const told = monotonicMs();
  for (const node of one.nodes) tell(node, 'add');
  followAuthorization(port, one);
  return told;
}

function remove(port: string): number {
  for (const other of [...plugged.keys()]) if (other.startsWith(`${port}.`)) remove(other);
  const one = plugged.get(port);
  if (one === undefined) throw new Error(`Nothing is plugged in at ${port}`);
  plugged.delete(port);
  const all = [...one.nodes, ...(one.diskUp ? one.disk : [])];
  for (const node of all) destroy(node);
  rmSync(`/sys/devices/${placeOf(port)}`, { recursive: true, force: true });
  rmSync(nodeFile(one), { force: true });
  const told = monotonicMs();
  for (const node of all.reverse()) tell(node, 'remove');
  return told;
}

/** The kernel's part of `authorized`: the disk comes up with 1 and goes away with 0. */
function followAuthorization(port: string, one: Plugged): void {
  const value = (() => {
    try {
      return readFileSync(authorizedOf(port), 'utf8').trim();
    } catch {
      return '0';
    }
  })();
  if ((value === '1') === one.diskUp) return;
  one.diskUp = value === '1';
  const head = Buffer.from(one.device.disk?.head ?? '', 'base64');
  for (const node of one.disk) {
    const file = path.join('/dev', node.properties['DEVNAME'] ?? 'none');
    if (one.diskUp) {
      create(node);
      if (node.subsystem === 'block') {
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, head);
      }
      tell(node, 'add');
    } else {
      tell(node, 'remove');
      destroy(node);
    }
  }
  const [first] = one.disk;
  if (!one.diskUp && first !== undefined) {
    rmSync(path.dirname(path.dirname(folderOf(first))), { recursive: true, force: true });
  }
}

create({
  at: controller,
  subsystem: 'usb',
  properties: { DEVTYPE: 'usb_device', BUSNUM: '001', DEVNUM: '001', DEVNAME: '/dev/bus/usb/001/001' },
  files: {
    busnum: '1',
    devnum: '1',
    devpath: '0',
    speed: '480',
    bConfigurationValue: '1',
    idVendor: '1d6b',
    idProduct: '0002',
    bcdDevice: '0600',
    version: ' 2.00',
    bDeviceClass: '09',
    bDeviceSubClass: '00',
    bDeviceProtocol: '00',
    dev: '189:0',
    authorized: '1',
    authorized_default: '1',
    descriptors: Buffer.from(
      '12010002090001406b1d020006060302010109021900010100e0000904000001090000000705810304000c',
      'hex',
    ),
  },
});
mkdirSync('/sys/bus/usb/devices', { recursive: true });
setInterval(() => {
  for (const [port, one] of plugged) followAuthorization(port, one);
}, 10).unref();

function carryOut(command: BusCommand): BusAnswer {
  switch (command.op) {
    case 'add':
      return { ok: true, told: add(command.port, command.device, command.jammed) };
    case 'remove':
      return { ok: true, told: remove(command.port) };
    case 'mend':
      rmSync(authorizedOf(command.port), { recursive: true });
      writeFileSync(authorizedOf(command.port), '1\n');
      return { ok: true };
    case 'read':
      return { ok: true, text: readFileSync(`/sys/bus/usb/devices/${command.port}/${command.name}`, 'utf8').trim() };
    case 'forward': {
      const { port, through } = command;
      createServer((socket) => {
        const outside = connect(through);
        socket.pipe(outside).pipe(socket);
        for (const end of [socket, outside]) {
          end.on('error', () => {
            socket.destroy();
            outside.destroy();
          });
        }
      })
        .listen(port, '127.0.0.1')
        .unref();
      return { ok: true };
    }
  }
}

const say = (answer: BusAnswer): void => console.log(JSON.stringify(answer));
const input = createInterface({ input: process.stdin });
input.on('line', (line) => {
  try {
    say(carryOut(busCommand.parse(JSON.parse(line))));
  } catch (error) {
    say({ ok: false, text: error instanceof Error ? error.message : String(error) });
  }
});
input.on('close', () => process.exit(0));
say({ ok: true, text: 'laid' });
