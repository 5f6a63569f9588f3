import koffi from 'koffi';

/** linux/netlink.h, sys/poll.h, sys/eventfd.h */
const AF_NETLINK = 16;
const SOCK_RAW_CLOEXEC = 3 | 0o2_000_000;
const NETLINK_KOBJECT_UEVENT = 15;
const POLLIN = 1;
const EFD_CLOEXEC = 0o2_000_000;
/** What udev sends on once its rules have run; only root may send to it. */
const udevGroup = 2;
const headerMark = Buffer.from('libudev\0', 'latin1');
const longestMessage = 16_384;

export interface Uevent {
  action: string;
  properties: ReadonlyMap<string, string>;
}

/** Properties of a message of udev's (sd-device/device-monitor.c); null for anything else. */
export function readUevent(message: Uint8Array): Uevent | null {
  const bytes = Buffer.from(message);
  if (bytes.length < 40 || !bytes.subarray(0, headerMark.length).equals(headerMark)) return null;
  const from = bytes.readUInt32LE(16);
  if (from < 40 || from > bytes.length) return null;
  const properties = new Map<string, string>();
  for (const line of bytes.toString('utf8', from).split('\0')) {
    const place = line.indexOf('=');
    if (place > 0) properties.set(line.slice(0, place), line.slice(place + 1));
  }
  const action = properties.get('ACTION');
  return action === undefined ? null : { action, properties };
}

/**
 * Listens to udev's events, each as it is sent: also of devices that were gone before libusb could read them, which it
 * says nothing about. Waits in a thread of libuv's pool.
 * @returns null where no such socket can be had; then there is libusb alone.
 */
export function listenToUevents(onEvent: (event: Uevent) => void): { close(): void } | null {
  let stop = (): void => undefined;
  try {
    const libc = koffi.load('libc.so.6');
    const socket = libc.func('int socket(int domain, int type, int protocol)');
    const bind = libc.func('int bind(int socket, const uint8_t *address, uint32_t length)');
    const recv = libc.func('int64_t recv(int socket, _Out_ uint8_t *bytes, size_t length, int flags)');
    const poll = libc.func('int poll(_Inout_ uint8_t *descriptors, uint64_t count, int timeout)');
    const eventfd = libc.func('int eventfd(uint32_t value, int flags)');
    const write = libc.func('int64_t write(int descriptor, const uint8_t *bytes, size_t length)');
    const close = libc.func('int close(int descriptor)');
    const link = Number(socket(AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_KOBJECT_UEVENT));
    if (link < 0) return null;
    const address = Buffer.alloc(12);
    address.writeUInt16LE(AF_NETLINK, 0);
    address.writeUInt32LE(udevGroup, 8);
    const wake = Number(bind(link, address, address.length)) < 0 ? -1 : Number(eventfd(0, EFD_CLOEXEC));
    if (wake < 0) {
      close(link);
      return null;
    }
    const descriptors = Buffer.alloc(16);
    [link, wake].forEach((descriptor, place) => {
      descriptors.writeInt32LE(descriptor, place * 8);
      descriptors.writeInt16LE(POLLIN, place * 8 + 4);
    });
    const message = Buffer.alloc(longestMessage);
    let open = true;
    const wait = (): void => {
      poll.async(descriptors, 2, -1, () => {
        if (!open) {
          close(link);
          close(wake);
          return;
        }
        const length = Number(recv(link, message, message.length, 0x40));
        const event = length > 0 ? readUevent(message.subarray(0, length)) : null;
        if (event !== null) onEvent(event);
        wait();
      });
    };
    wait();
    stop = () => {
      if (!open) return;
      open = false;
      write(wake, Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]), 8);
    };
  } catch {
    return null;
  }
  return { close: () => stop() };
}
