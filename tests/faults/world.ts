import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer, type ServerOptions } from '../../src/server/index.ts';
import type { Engine } from '../../src/server/store/engine.ts';
import { TestDevice, testPolicy } from '../support/test-device.ts';
import { checkStore, type Checked } from './check-store.ts';
import { FaultyMachine } from './faulty-machine.ts';
import { startServerProcess, type ServerProcess } from './server-process.ts';
import type { Seeded } from './seeded.ts';

export interface WorldOptions {
  engine: Engine;
  /** Address of an empty PostgreSQL database of this world's own. */
  databaseUrl?: string;
  random: Seeded;
  machines: number;
  /** Run the server's build in `dist/` instead of its source. */
  built?: boolean;
  /** Where the state folder is made. Default: the system's temporary folder. */
  parent?: string;
  /** Clocks of machines, one after the other. */
  clocksAheadMs?: readonly number[];
  /** More settings of the server, such as another way to the database. */
  environment?: Record<string, string>;
}

/** A server with its machines, both of which are this world's own. */
export class World {
  readonly stateFolder: string;
  readonly machines: FaultyMachine[] = [];
  readonly random: Seeded;
  readonly #options: WorldOptions;
  #serverKey = '';
  #running: ServerProcess[] = [];

  private constructor(options: WorldOptions) {
    this.#options = options;
    this.random = options.random;
    this.stateFolder = mkdtempSync(join(options.parent ?? tmpdir(), 'usher-faults-'));
  }

  /** Makes the database, publishes a policy and enrols the machines; no server runs afterwards. */
  static async open(options: WorldOptions): Promise<World> {
    const world = new World(options);
    try {
      await world.#prepare();
      return world;
    } catch (error) {
      await world.close();
      throw error;
    }
  }

  async #prepare(): Promise<void> {
    const server = await startServer(this.serverOptions());
    try {
      const { published } = await server.publish(testPolicy());
      const token = await server.enrolmentToken('school');
      this.#serverKey = server.serverPublicKey;
      for (let number = 1; number <= this.#options.machines; number += 1) {
        const device = new TestDevice(`room-${number}`);
        await device.enrol(server.origin, token);
        this.machines.push(
          new FaultyMachine({
            device,
            random: this.random.fork(`machine ${number}`),
            serverPublicKey: server.serverPublicKey,
            policy: published,
            clockAheadMs: this.#options.clocksAheadMs?.[number - 1] ?? 0,
          }),
        );
      }
    } finally {
      await server.close();
    }
  }

  /** For a server within this process, on the same folder and database. */
  serverOptions(): ServerOptions {
    const { databaseUrl } = this.#options;
    return { stateFolder: this.stateFolder, consoleFolder: this.stateFolder, databaseUrl, rateLimits: 'none' };
  }

  /** Starts a server process. With `folder`, on that state folder, which gets the keys of the first. */
  async start(folder = this.stateFolder, environment: Record<string, string> = {}): Promise<ServerProcess> {
    if (folder !== this.stateFolder) this.#copyKeys(folder);
    const { databaseUrl, built = false } = this.#options;
    const server = await startServerProcess(
      {
        USHER_STATE: folder,
        ...(databaseUrl === undefined ? {} : { USHER_DATABASE_URL: databaseUrl }),
        ...this.#options.environment,
        ...environment,
      },
      { built },
    );
    this.#running.push(server);
    void server.ended.then(() => (this.#running = this.#running.filter((one) => one !== server)));
    return server;
  }

  #copyKeys(folder: string): void {
    mkdirSync(join(folder, 'server'), { recursive: true, mode: 0o700 });
    for (const name of ['server-key.pem', 'session-secret', 'operator-token'])
      copyFileSync(join(this.stateFolder, 'server', name), join(folder, 'server', name));
  }

  /**
   * Lets every machine work while `during` does its harm, until that is over.
   * @param origin where machine number so and so finds the server right now.
   * @throws Error what `during` throws. @throws BrokenPromise when a machine found one.
   */
  async working(origin: (machine: number) => string, during: () => Promise<void>): Promise<void> {
    const work = this.machines.map((machine, index) => machine.work(() => origin(index)));
    const broken = Promise.all(work);
    try {
      await Promise.race([during(), broken.then(() => undefined)]);
    } finally {
      for (const machine of this.machines) machine.stop();
    }
    await broken;
  }

  /** Lets every machine send until all it has is confirmed. */
  async settle(origin: (machine: number) => string): Promise<void> {
    await Promise.all(this.machines.map((machine, index) => machine.settle(() => origin(index))));
  }

  /** Holds the whole store against the machines. */
  async check(): Promise<Checked> {
    const place = this.#options.databaseUrl ?? join(this.stateFolder, 'server', 'usher.db');
    return await checkStore(place, this.#serverKey, this.machines);
  }

  async close(): Promise<void> {
    for (const server of this.#running) await server.kill();
    rmSync(this.stateFolder, { recursive: true, force: true });
  }
}
