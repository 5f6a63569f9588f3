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
}
