import type { Socket } from 'node:net';
import type { Account } from '../contract/event.ts';
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

/** The operating system behind one interface. One folder per system implements it. */
export interface Machine {
  readonly hostname: string;
  /** Changes with every boot. */
  readonly bootId: string;
  /** Milliseconds since the machine booted, sleep included. Never goes back. */
  uptimeMs(): number;
  /** @throws Error with a sentence when the system does not say who is there. */
  peerOf(socket: Socket): Promise<Peer>;
  /** Present where Node's own server hides who connects (Windows). */
  readonly listen?: PeerListener;
  facts(agentVersion: string): Promise<MachineFacts>;
}
