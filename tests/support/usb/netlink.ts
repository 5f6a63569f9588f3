import koffi from 'koffi';

/** linux/netlink.h */
const AF_NETLINK = 16;
const SOCK_RAW = 3;
const NETLINK_KOBJECT_UEVENT = 15;
/** The group udevd sends to, once its rules have run. */
const udevGroup = 2;
/** linux/if.h, linux/sockios.h */
const AF_INET = 2;
const SOCK_DGRAM = 2;
const SIOCSIFFLAGS = 0x8914;
const IFF_UP_RUNNING = 0x41;

function system() {
  const libc = koffi.load('libc.so.6');
  return {
    socket: libc.func('int socket(int domain, int type, int protocol)'),
    bind: libc.func('int bind(int socket, const uint8_t *address, uint32_t length)'),
    sendto: libc.func(
      'int64_t sendto(int socket, const uint8_t *bytes, size_t length, int flags, const uint8_t *to, uint32_t toLength)',
    ),
    ioctl: libc.func('int ioctl(int socket, unsigned long request, const uint8_t *value)'),
  };
}

function addressOf(group: number): Buffer {
  const address = Buffer.alloc(12);
  address.writeUInt16LE(AF_NETLINK, 0);
  address.writeUInt32LE(group, 8);
  return address;
}

const number = (value: unknown): number => Number(value);

/** Sends events as udevd does to whoever listens in this network namespace. */
export function udevSender(): (subsystem: string, properties: Readonly<Record<string, string>>) => void {
  const { socket, bind, sendto } = system();
  const link = number(socket(AF_NETLINK, SOCK_RAW, NETLINK_KOBJECT_UEVENT));
  if (link < 0 || number(bind(link, addressOf(0), 12)) < 0) throw new Error('No netlink socket can be opened');
  return (subsystem, properties) => {
    const body = Buffer.from(
      Object.entries(properties)
        .map(([name, value]) => `${name}=${value}\0`)
        .join(''),
      'utf8',
    );
    const message = Buffer.concat([headOf(subsystem, properties['DEVTYPE'], body.length), body]);
    // Nobody listening is no fault.
    sendto(link, message, message.length, 0, addressOf(udevGroup), 12);
  };
}

/** `struct udev_monitor_netlink_header` of systemd's sd-device/device-monitor.c. */
function headOf(subsystem: string, deviceType: string | undefined, length: number): Buffer {
  const head = Buffer.alloc(40);
  head.write('libudev\0', 0, 'latin1');
  head.writeUInt32BE(0xfeed_cafe, 8);
  head.writeUInt32LE(40, 12);
  head.writeUInt32LE(40, 16);
  head.writeUInt32LE(length, 20);
  head.writeUInt32BE(murmurHash2(subsystem), 24);
  head.writeUInt32BE(deviceType === undefined ? 0 : murmurHash2(deviceType), 28);
  return head;
}

/** What the filter in the kernel compares (systemd's MurmurHash2.c, seed 0). */
function murmurHash2(text: string): number {
  const factor = 0x5bd1_e995;
  const bytes = Buffer.from(text, 'utf8');
  let hash = bytes.length;
  let place = 0;
  for (; bytes.length - place >= 4; place += 4) {
    let part = Math.imul(bytes.readUInt32LE(place), factor);
    part ^= part >>> 24;
    hash = Math.imul(hash, factor) ^ Math.imul(part, factor);
  }
  const left = bytes.subarray(place);
  for (let index = left.length - 1; index >= 0; index -= 1) hash ^= (left[index] ?? 0) << (8 * index);
  if (left.length > 0) hash = Math.imul(hash, factor);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, factor);
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** Brings up this network namespace's own loopback. */
export function raiseLoopback(): void {
  const { socket, ioctl } = system();
  const any = number(socket(AF_INET, SOCK_DGRAM, 0));
  const request = Buffer.alloc(40);
  request.write('lo', 0, 'latin1');
  request.writeUInt16LE(IFF_UP_RUNNING, 16);
  if (number(ioctl(any, SIOCSIFFLAGS, request)) < 0) throw new Error('The loopback could not be brought up');
}
