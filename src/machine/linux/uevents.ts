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
/** asm-generic/socket.h: past the system's usual limit, for root; and within it. */
const SOL_SOCKET = 1;
const SO_RCVBUFFORCE = 33;
const SO_RCVBUF = 8;
/** Room for some thousand messages: a burst while the machine is busy must not be dropped by the kernel. */
const receiveBufferBytes = 8 * 1024 * 1024;
const MSG_DONTWAIT = 0x40;
const EAGAIN = 11;
const EINTR = 4;
const ENOBUFS = 105;

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
 * says nothing about. Waits in a thread of libuv's pool, and then reads all that is there.
 * @param onLost the kernel dropped messages because nobody read them in time (netlink(7), ENOBUFS).
 * @returns null where no such socket can be had; then there is libusb alone.
 */
export function listenToUevents(onEvent: (event: Uevent) => void, onLost: () => void): { close(): void } | null {
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
    const setsockopt = libc.func(
      'int setsockopt(int socket, int level, int name, const uint8_t *value, uint32_t length)',
    );
    const link = Number(socket(AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_KOBJECT_UEVENT));
    if (link < 0) return null;
    const address = Buffer.alloc(12);
    address.writeUInt16LE(AF_NETLINK, 0);
    address.writeUInt32LE(udevGroup, 8);
    const room = Buffer.alloc(4);
    room.writeInt32LE(receiveBufferBytes);
    if (Number(setsockopt(link, SOL_SOCKET, SO_RCVBUFFORCE, room, room.length)) < 0) {
      setsockopt(link, SOL_SOCKET, SO_RCVBUF, room, room.length);
    }
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
    /** @returns whether there may be more one day. */
    const takeAll = (): boolean => {
      for (;;) {
        const length = Number(recv(link, message, message.length, MSG_DONTWAIT));
        if (length > 0) {
          const event = readUevent(message.subarray(0, length));
          if (event !== null) onEvent(event);
          continue;
        }
        const error = koffi.errno();
        if (length < 0 && error === ENOBUFS) {
          onLost();
          continue;
        }
        if (length < 0 && error === EINTR) continue;
        return length === 0 || error === EAGAIN;
      }
    };
    const wait = (): void => {
      poll.async(descriptors, 2, -1, () => {
        if (!open) {
          close(link);
          close(wake);
          return;
        }
        if (takeAll()) wait();
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
