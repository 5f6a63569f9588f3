import type { Socket } from 'node:net';
import type { Account } from '../contract/event.ts';
import type { Inventory, Posture } from '../contract/machine-state.ts';
import type { PresentationSignal } from '../contract/policy-rules.ts';
import type { MachineFacts } from '../contract/sync.ts';

/** Who is at the other end of a local connection, as the operating system says; never as the caller claims. */
export interface Peer {
  /** `fullName` is the account's display name, or the sign-in name where it has none. */
  account: Account & { fullName: string };
  /** Changes with every sign-in where the system tells sign-ins apart, else with every boot. */
  session: string;
  processId: number;
}

/** Opens the place where shells connect and hands over every connection. */
export type PeerListener = (
  path: string,
  onConnection: (socket: Socket) => void,
) => Promise<{ close(): Promise<void> }>;

/** A signed-in person's session, as the operating system lists it. */
export interface OsSession {
  /** The same name as `Peer.session`. */
  session: string;
  account: Account;
  /** In front, on its seat. */
  active: boolean;
  /** Null where the system does not say. */
  locked: boolean | null;
  remote: boolean;
}

/** News of sessions and of the machine's power. Each `began` and `changed` carries the whole session. */
export type OsSessionEvent =
  | { kind: 'began' | 'changed'; session: OsSession }
  | { kind: 'ended'; session: string }
  | { kind: 'sleeping' | 'woke' | 'shuttingDown' }
  /** The system's own service for sessions went away, or answers again with everything it knows. */
  | { kind: 'unavailable'; why: string }
  | { kind: 'available'; sessions: OsSession[] };

/** How a lock was asked for. `inSession`: this system wants it asked from inside the session, so the shell has to. */
export type LockAsked = 'asked' | 'inSession';

/** Sessions, and what can be done to them. Every call ends within a few seconds, whatever the system does. */
export interface SessionControl {
  /** Begins watching; the first event is `available` or `unavailable`. Never rejects. */
  watch(onEvent: (event: OsSessionEvent) => void): { close(): Promise<void> };
  /**
   * Asks the system to lock. The confirmation is an event. `hasShell`: Usher's own program is connected from there.
   * @throws Error with a sentence when it cannot be asked.
   */
  lock(session: string, hasShell: boolean): Promise<LockAsked>;
  /** @throws Error with a sentence when it cannot be asked. */
  signOut(session: string): Promise<void>;
  /** Shuts the machine down in order. @throws Error with a sentence when it cannot be asked. */
  shutDown(): Promise<void>;
  /** Milliseconds since the last input by the system's own reckoning; null where it has none. Never rejects. */
  idleMs(session: string, peer: SessionProcess | null): Promise<number | null>;
  /** What says that somebody presents or watches, of what can be told. Never rejects. */
  presentationSignals(session: string, peer: SessionProcess | null): Promise<PresentationSignal[]>;
  /** Names of programs with windows open; empty where the system does not tell. Never rejects. */
  openPrograms(session: string, peer: SessionProcess | null): Promise<string[]>;
  /** Starts the shell's program again in a session it ended in. @throws Error with a sentence. */
  startShell(program: string, peer: SessionProcess): Promise<void>;
}

/** A program inside a session, through which the service can reach that session's display and bus. */
export interface SessionProcess {
  processId: number;
  /** User id (Linux, macOS) or SID (Windows). */
  accountId: string;
  /** What of its environment leads to the session's display and bus; empty where the system does not tell. */
  environment: Record<string, string>;
}

/** One setting of one interface; codes of https://www.usb.org/defined-class-codes. */
export interface DescribedInterface {
  classCode: number;
  subClass: number;
  protocol: number;
  endpoints: readonly { direction: 'in' | 'out'; transfer: 'control' | 'isochronous' | 'bulk' | 'interrupt' }[];
}

/** A USB device as the system shows it. What it says of itself is passed on unchecked. */
export interface SeenDevice {
  /** Names it until it goes away. */
  at: string;
  /** Where it is plugged in, such as `1-1.4`. */
  port: string;
  vendorId: number;
  productId: number;
  vendor: string | null;
  product: string | null;
  serial: string | null;
  /**
   * The descriptors' own bytes where the system keeps them, else what the library read out of them; null where it was
   * gone before they could be read.
   */
  descriptors: Uint8Array | { deviceClass: number; interfaces: readonly DescribedInterface[] } | null;
  /** Can programs reach it? */
  usable: boolean;
}

/** News of devices. `toldMs` is by `Machine.uptimeMs`. */
export type DeviceEvent =
  | { kind: 'present'; devices: SeenDevice[] }
  | { kind: 'arrived'; device: SeenDevice; toldMs: number }
  | { kind: 'left'; at: string }
  | { kind: 'unavailable'; why: string };

/** What the system knows of the drives behind a device in use. */
export interface DriveFacts {
  capacityBytes: number | null;
  /** There is a CD or DVD drive. */
  optical: boolean;
  /** Several slots, as card readers have. */
  severalSlots: boolean;
  /** By the first bytes of the disk and its parts; null where they cannot be read. */
  encrypted: boolean | null;
}

/** The device went away in the middle of something. */
export class DeviceGone extends Error {
  constructor() {
    super('The device is not there any more');
    this.name = 'DeviceGone';
  }
}

/** USB devices, and what can be done to them. */
export interface DeviceControl {
  /** Begins watching; the first event is `present` or `unavailable`. Never rejects. */
  watch(onEvent: (event: DeviceEvent) => void): { close(): Promise<void> };
  /**
   * Keeps what comes in from being used until it is released, where the system can; and lets it be used again.
   * @returns whether it can. @throws Error with a sentence when the system refuses.
   */
  holdNew(on: boolean): Promise<boolean>;
  /** Keeps a device from being used. @throws DeviceGone; Error with a sentence when it can still be used. */
  hold(at: string): Promise<void>;
  /** Lets it be used. @throws DeviceGone; Error with a sentence when it cannot be used after all. */
  release(at: string): Promise<void>;
  /** Waits until the system knows the drives of a device in use, for some seconds. Never rejects. */
  driveFacts(at: string): Promise<DriveFacts | null>;
}

/** Rarely asked questions about the machine. None rejects: what cannot be learnt is `unknown` or null. */
export interface MachineCondition {
  posture(who: SessionProcess | null): Promise<Posture>;
  inventory(): Promise<Inventory>;
  /** Whole days since the account's password was last changed; null where the system does not tell. */
  passwordAgeDays(account: Account): Promise<number | null>;
}

/** The operating system behind one interface. One folder per system implements it. */
export interface Machine {
  readonly hostname: string;
  /** Changes with every boot. */
  readonly bootId: string;
  /** Milliseconds since the machine booted, sleep included. Never goes back. */
  uptimeMs(): number;
  /** Milliseconds since boot without the time asleep; null where the system does not tell them apart. */
  awakeMs(): number | null;
  /** @throws Error with a sentence when the system does not say who is there. */
  peerOf(socket: Socket): Promise<Peer>;
  /** Present where Node's own server hides who connects (Windows). */
  readonly listen?: PeerListener;
  facts(agentVersion: string): Promise<MachineFacts>;
  /** What leads to the session a program runs in. Read when the shell says hello; never rejects. */
  sessionProcess(peer: Peer): Promise<SessionProcess>;
  readonly sessions: SessionControl;
  readonly condition: MachineCondition;
  readonly devices: DeviceControl;
}
