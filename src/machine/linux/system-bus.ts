import { EventEmitter } from 'node:events';
import type { Message, MessageBus } from '@jellybrick/dbus-next';
import { guardAgainstNonsense } from './bus-guard.ts';

/** Any call ends within this time, even on a bus that hangs. */
const callTimeoutMs = 2_000;
const connectTimeoutMs = 3_000;
/** The library does not say that a bus went away; asking it for a sign of life does. */
const pingEveryMs = 15_000;
const retryMs = [1_000, 2_000, 5_000, 10_000, 30_000];

/** One D-Bus signal. */
export interface BusSignal {
  path: string;
  interface: string;
  member: string;
  body: readonly unknown[];
}

interface SystemBusEvents {
  signal: [BusSignal];
  /** Connected (again): whoever listens subscribes and asks anew. */
  up: [];
  down: [why: string];
}

/**
 * The system's message bus (https://dbus.freedesktop.org/doc/dbus-specification.html), found at
 * `DBUS_SYSTEM_BUS_ADDRESS` or its usual place. It is connected for as long as somebody watches, and tried again for ever.
 */
export class SystemBus extends EventEmitter<SystemBusEvents> {
  #bus: MessageBus | null = null;
  #makeMessage: ((parts: ConstructorParameters<typeof Message>[0]) => Message) | null = null;
  #closed = false;
  #attempt = 0;
  #retry: NodeJS.Timeout | null = null;
  #pinging: NodeJS.Timeout | null = null;

  get isUp(): boolean {
    return this.#bus !== null;
  }

  /** Connects; `up` or `down` follows. */
  open(): void {
    this.#closed = false;
    void this.#connect();
  }

  close(): void {
    this.#closed = true;
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#let(this.#bus);
  }

  /**
   * Calls a method. @returns the values it gave back.
   * @throws Error with a sentence when the bus is away, does not answer in time, or answers with an error.
   */
  async call(
    destination: string,
    path: string,
    face: string,
    member: string,
    signature = '',
    body: unknown[] = [],
  ): Promise<readonly unknown[]> {
    const bus = this.#bus;
    if (bus === null || this.#makeMessage === null) throw new Error("The system's message bus is not reachable");
    const message = this.#makeMessage({ destination, path, interface: face, member, signature, body });
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => late.reject(new Error(`${destination} did not answer ${member} within ${callTimeoutMs / 1_000} seconds`)),
      callTimeoutMs,
    );
    try {
      const answer = await Promise.race([bus.call(message), late.promise]);
      return Array.isArray(answer?.body) ? answer.body : [];
    } finally {
      clearTimeout(timer);
    }
  }

  /** Asks for the signals that fit a match rule. */
  async subscribe(rule: string): Promise<void> {
    await this.call('org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus', 'AddMatch', 's', [rule]);
  }

  async #connect(): Promise<void> {
    const { Message, MessageType, systemBus } = await import('@jellybrick/dbus-next');
    if (this.#closed) return;
    this.#makeMessage = (parts) => new Message(parts);
    let bus: MessageBus;
    const failed = (error: unknown): void => {
      clearTimeout(impatience);
      this.#lost(bus, error);
    };
    try {
      bus = systemBus();
      guardAgainstNonsense(bus, () => failed(new Error('The message bus answered something that is no message')));
    } catch (error) {
      return this.#lost(null, error);
    }
    const impatience = setTimeout(() => failed(new Error('The message bus did not answer')), connectTimeoutMs);
    const anyEvent: EventEmitter = bus;
    anyEvent.on('error', failed);
    bus.on('connect', () => {
      clearTimeout(impatience);
      if (this.#closed) return this.#let(bus);
      this.#bus = bus;
      this.#attempt = 0;
      this.#pinging = setInterval(() => void this.#ping(bus), pingEveryMs);
      this.emit('up');
    });
    bus.on('message', (message: Message) => {
      const { type, path, member, body } = message;
      if (type !== MessageType.SIGNAL || path === undefined || member === undefined) return;
      this.emit('signal', { path, interface: message.interface ?? '', member, body: Array.isArray(body) ? body : [] });
    });
  }

  async #ping(bus: MessageBus): Promise<void> {
    try {
      await this.call('org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus.Peer', 'Ping');
    } catch (error) {
      if (bus === this.#bus) this.#lost(bus, error);
    }
  }

  #lost(bus: MessageBus | null, error: unknown): void {
    if (bus !== null && this.#bus !== null && bus !== this.#bus) return;
    this.#let(bus);
    if (this.#closed || this.#retry !== null) return;
    const delayMs = retryMs[Math.min(this.#attempt, retryMs.length - 1)] ?? 30_000;
    this.#attempt += 1;
    this.emit('down', error instanceof Error ? error.message : String(error));
    this.#retry = setTimeout(() => {
      this.#retry = null;
      void this.#connect();
    }, delayMs);
  }

  #let(bus: MessageBus | null): void {
    if (bus === this.#bus) {
      this.#bus = null;
      if (this.#pinging !== null) clearInterval(this.#pinging);
      this.#pinging = null;
    }
    try {
      bus?.disconnect();
    } catch {
      // It was never connected.
    }
  }
}
