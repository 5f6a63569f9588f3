import { spawn, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { busAnswer, type BusAnswer, type BusCommand } from './bus-protocol.ts';
import { descriptorsOf, type PretendDevice } from './usb-devices.ts';

const overlayProbe =
  'set -e; d=$(mktemp -d); mount -t tmpfs probe $d; mkdir $d/u $d/w; mount -t overlay probe -o lowerdir=/sys/bus,upperdir=$d/u,workdir=$d/w /sys/bus; umount -l /sys/bus; umount -l $d; rmdir $d';

function whatIsMissing(): string[] {
  if (process.platform !== 'linux') return ['Linux'];
  if (process.getuid?.() !== 0) return ['root'];
  const missing = ['unshare', 'nsenter', 'mount'].filter((name) => spawnSync('which', [name]).status !== 0);
  if (missing.length > 0) return missing;
  const laid = spawnSync('unshare', ['-m', '-n', 'sh', '-c', overlayProbe], { timeout: 10_000 });
  return laid.status === 0 ? [] : ['mount namespaces with overlays'];
}
const missing = whatIsMissing();

/** Can a USB bus be laid here that programs believe in? */
export const hasFakeBus = missing.length === 0;
/** For a test's name, where it cannot. */
export const needsFakeBus = hasFakeBus ? '' : ` (skipped: needs ${missing.join(', ')})`;

export interface FakeBus {
  /** What to put before a command so that it sees the bus. */
  readonly inside: readonly string[];
  /** Environment for programs on the bus. */
  readonly environment: Record<string, string>;
  /**
   * @param how `jammed`: the kernel takes no word about letting it in or out.
   * @returns milliseconds by CLOCK_MONOTONIC right before the event went out.
   */
  add(port: string, device: PretendDevice, how?: 'jammed'): Promise<number>;
  remove(port: string): Promise<number>;
  /** The kernel takes a word about a jammed device again. */
  mend(port: string): Promise<void>;
  /** A file of the device's folder in sysfs; null when there is none. */
  read(port: string, name: string): Promise<string | null>;
  /** Lets programs on the bus reach this port of the real loopback under the same address. */
  reach(port: number): Promise<void>;
  close(): void;
}

/**
 * Lays a USB bus over this machine's in a mount and a network namespace of its own: the unmodified `usb` package, sysfs
 * readers and udev's clients inside believe in it, and nothing outside sees it.
 */
export async function layBus(): Promise<FakeBus> {
  const child = spawn('unshare', ['-m', '-n', process.execPath, path.join(import.meta.dirname, 'bus-program.ts')], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (part: Buffer) => (errors += part.toString()));
  const waiting: { resolve(answer: BusAnswer): void; reject(error: Error): void }[] = [];
  createInterface({ input: child.stdout }).on('line', (line) =>
    waiting.shift()?.resolve(busAnswer.parse(JSON.parse(line))),
  );
  child.on('close', () => {
    for (const one of waiting.splice(0)) one.reject(new Error(`The bus ended. ${errors}`));
  });
  const answered = (): Promise<BusAnswer> => new Promise((resolve, reject) => waiting.push({ resolve, reject }));
  const tell = async (command: BusCommand): Promise<BusAnswer> => {
    const answer = answered();
    child.stdin.write(`${JSON.stringify(command)}\n`);
    const given = await answer;
    if (!given.ok && command.op !== 'read') throw new Error(`The bus refused ${command.op}: ${given.text ?? ''}`);
    return given;
  };
  const reached = new Set<number>();
  const servers: { server: Server; file: string }[] = [];
  const close = (): void => {
    child.stdin.end();
    child.kill('SIGTERM');
    for (const { server, file } of servers) {
      server.close();
      rmSync(file, { force: true });
    }
  };
  process.once('exit', close);
  await answered();
  return {
    inside: ['nsenter', '-t', String(child.pid), '-m', '-n'],
    environment: { SYSTEMD_DEVICE_VERIFY_SYSFS: '0' },
    async add(port, device, how) {
      const { told = 0 } = await tell({
        op: 'add',
        port,
        jammed: how === 'jammed',
        device: {
          vendorId: device.vendorId,
          productId: device.productId,
          vendor: device.vendor,
          product: device.product,
          serial: device.serial,
          deviceClass: device.deviceClass ?? 0,
          interfaces: device.interfaces.map(({ codes }) => [...codes]),
          descriptors: Buffer.from(descriptorsOf(device)).toString('base64'),
          disk:
            device.disk === undefined
              ? null
              : { sectors: device.disk.sectors, head: Buffer.from(device.disk.head).toString('base64') },
        },
      });
      return told;
    },
    remove: async (port) => (await tell({ op: 'remove', port })).told ?? 0,
    mend: async (port) => void (await tell({ op: 'mend', port })),
    async read(port, name) {
      const { ok, text = '' } = await tell({ op: 'read', port, name });
      return ok ? text : null;
    },
    async reach(port) {
      if (reached.has(port)) return;
      reached.add(port);
      const file = path.join(tmpdir(), `usher-bus-${process.pid}-${port}.sock`);
      const server = createServer((socket) => {
        const real = connect(port, '127.0.0.1');
        socket.pipe(real).pipe(socket);
        for (const end of [socket, real]) {
          end.on('error', () => {
            socket.destroy();
            real.destroy();
          });
        }
      });
      await new Promise<void>((resolve) => server.listen(file, resolve));
      server.unref();
      servers.push({ server, file });
      await tell({ op: 'forward', port, through: file });
    },
    close,
  };
}
