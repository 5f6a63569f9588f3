import { rmSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from '../../src/server/index.ts';
import type { Engine } from '../../src/server/store/engine.ts';
import type { RunningPostgres } from '../support/postgres/embedded.ts';
import { canMountDisks, mountSmallDisk } from '../support/mounted-disk.ts';
import type { Checked } from './check-store.ts';
import { delayingProxy } from './delaying-proxy.ts';
import type { Seeded } from './seeded.ts';
import type { ServerProcess } from './server-process.ts';
import { World } from './world.ts';

export interface Surroundings {
  random: Seeded;
  /** Null on SQLite. */
  postgres: RunningPostgres | null;
  /** An empty PostgreSQL database of the scenario's own; undefined on SQLite. */
  databaseUrl?: string;
  /** How often the fault happens. */
  times: number;
  machines: number;
  built: boolean;
  tell: (line: string) => void;
}

export interface Scenario {
  name: string;
  engines: readonly Engine[];
  /** Why it cannot happen on this computer; null where it can. */
  cannot?: () => string | null;
  /** @returns what the last check of the store looked at. @throws Error when something was lost, doubled or broken. */
  run(surroundings: Surroundings): Promise<Outcome>;
}

export interface Outcome extends Checked {
  faults: number;
  acknowledged: number;
  exchanges: number;
  cut: number;
  refused: number;
  unanswered: number;
}

const dayMs = 86_400_000;
const bothEngines = ['sqlite', 'postgres'] as const;
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

function outcomeOf(world: World, faults: number, checked: Checked): Outcome {
  const sum = (of: 'acknowledged' | 'exchanges' | 'cut' | 'refused' | 'unanswered') =>
    world.machines.reduce((total, machine) => total + machine.counted[of], 0);
  return {
    faults,
    acknowledged: sum('acknowledged'),
    exchanges: sum('exchanges'),
    cut: sum('cut'),
    refused: sum('refused'),
    unanswered: sum('unanswered'),
    ...checked,
  };
}

function worldOf(
  surroundings: Surroundings,
  more: { parent?: string; clocksAheadMs?: readonly number[]; environment?: Record<string, string> } = {},
): Promise<World> {
  const { random, databaseUrl, machines, built } = surroundings;
  return World.open({
    engine: databaseUrl === undefined ? 'sqlite' : 'postgres',
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    random,
    machines,
    built,
    ...more,
  });
}

/** Opens a world, does something with it, and closes it whatever happened. */
async function inWorld(world: World, act: (world: World) => Promise<Outcome>): Promise<Outcome> {
  try {
    return await act(world);
  } finally {
    await world.close();
  }
}

/** Once more: the server runs, everything the machines have is confirmed, and the store is held against them. */
async function settled(world: World, server: ServerProcess): Promise<Checked> {
  await world.settle(() => server.origin);
  return await world.check();
}

const killed: Scenario = {
  name: 'server killed with SIGKILL',
  engines: bothEngines,
  run: async (surroundings) =>
    inWorld(await worldOf(surroundings), async (world) => {
      for (let time = 1; time <= surroundings.times; time += 1) {
        const server = await world.start();
        await world.working(
          () => server.origin,
          async () => {
            await pause(world.random.between(5, 400));
            await server.kill();
            await pause(world.random.between(0, 30));
          },
        );
        await world.check();
        if (time % 10 === 0) surroundings.tell(`  ${time} of ${surroundings.times} kills`);
      }
      return outcomeOf(world, surroundings.times, await settled(world, await world.start()));
    }),
};

const stopped: Scenario = {
  name: 'server asked to stop (SIGTERM)',
  engines: bothEngines,
  run: async (surroundings) =>
    inWorld(await worldOf(surroundings), async (world) => {
      for (let time = 1; time <= surroundings.times; time += 1) {
        const server = await world.start();
        await world.working(
          () => server.origin,
          async () => {
            await pause(world.random.between(50, 400));
            server.signal('SIGTERM');
            const how = await server.ended;
            if (how !== 0) throw new Error(`The server ended with ${how}. ${server.errors()}`);
          },
        );
        await world.check();
      }
      return outcomeOf(world, surroundings.times, await settled(world, await world.start()));
    }),
};

const fullDisk: Scenario = {
  name: 'disk full',
  engines: ['sqlite'],
  cannot: () => (canMountDisks ? null : 'mounting a small disk needs root on Linux'),
  async run(surroundings) {
    const disk = mountSmallDisk(24);
    try {
      return await inWorld(await worldOf(surroundings, { parent: disk.folder }), async (world) => {
        let server = await world.start();
        for (let time = 1; time <= surroundings.times; time += 1) {
          await world.working(
            () => server.origin,
            async () => {
              await pause(world.random.between(50, 200));
              disk.fill();
              await pause(world.random.between(200, 500));
              if (world.random.chance(0.5)) await server.kill();
              disk.makeRoom();
            },
          );
          // A server that ended by itself would be a fault of its own, not one of the disk's.
          if (await isGone(server)) server = await world.start();
          await settled(world, server);
        }
        return outcomeOf(world, surroundings.times, await world.check());
      });
    } finally {
      disk.unmount();
    }
  },
};

async function isGone(server: ServerProcess): Promise<boolean> {
  const how = await Promise.race([server.ended, pause(0).then(() => null)]);
  if (how !== null && how !== 'SIGKILL') throw new Error(`The server ended by itself (${how}). ${server.errors()}`);
  return how !== null;
}

const slowDatabase: Scenario = {
  name: 'slow database (delaying proxy)',
  engines: ['postgres'],
  async run(surroundings) {
    const { databaseUrl = '' } = surroundings;
    const address = new URL(databaseUrl);
    const proxy = await delayingProxy(
      { host: address.hostname, port: Number(address.port) },
      surroundings.random.fork('proxy'),
      { least: 1, most: 20 },
    );
    address.port = String(proxy.port);
    try {
      const environment = { USHER_DATABASE_URL: address.href };
      return await inWorld(await worldOf(surroundings, { environment }), async (world) => {
        for (let time = 1; time <= surroundings.times; time += 1) {
          const server = await world.start();
          await world.working(
            () => server.origin,
            async () => {
              await pause(world.random.between(200, 1_200));
              await server.kill();
            },
          );
          await world.check();
        }
        return outcomeOf(world, surroundings.times, await settled(world, await world.start()));
      });
    } finally {
      await proxy.close();
    }
  },
};

const databaseKilled: Scenario = {
  name: 'PostgreSQL killed and restarted',
  engines: ['postgres'],
  run: async (surroundings) =>
    inWorld(await worldOf(surroundings), async (world) => {
      const { postgres } = surroundings;
      if (postgres === null) throw new Error('This scenario needs a PostgreSQL of its own');
      const server = await world.start();
      for (let time = 1; time <= surroundings.times; time += 1) {
        await world.working(
          () => server.origin,
          async () => {
            await pause(world.random.between(50, 400));
            postgres.kill();
            await pause(world.random.between(100, 600));
            await postgres.start();
            await pause(100);
          },
        );
        if (await isGone(server)) throw new Error('The server ended with its database');
        await settled(world, server);
      }
      return outcomeOf(world, surroundings.times, await world.check());
    }),
};

const wrongClocks: Scenario = {
  name: 'clocks wrong by a day',
  engines: bothEngines,
  run: async (surroundings) =>
    inWorld(await worldOf(surroundings, { clocksAheadMs: [dayMs, -dayMs, 0, dayMs, -dayMs, 0] }), async (world) => {
      for (let time = 1; time <= surroundings.times; time += 1) {
        const ahead = world.random.one([dayMs, -dayMs, 0]);
        const server = await startServer({ ...world.serverOptions(), now: () => new Date(Date.now() + ahead) });
        try {
          await world.working(
            () => server.origin,
            () => pause(world.random.between(100, 400)),
          );
          await world.settle(() => server.origin);
        } finally {
          await server.close();
        }
        await world.check();
      }
      return outcomeOf(world, surroundings.times, await world.check());
    }),
};

const oneOfTwoLost: Scenario = {
  name: 'two servers, one lost',
  engines: ['postgres'],
  run: async (surroundings) =>
    inWorld(await worldOf(surroundings), async (world) => {
      const folder = mkdtempSync(join(tmpdir(), 'usher-faults-second-'));
      try {
        let staying = await world.start();
        let spareFolder = folder;
        for (let time = 1; time <= surroundings.times; time += 1) {
          const lost = await world.start(spareFolder);
          const addresses = [staying, lost];
          await world.working(
            // Machines go from one to the other, as a load balancer sends them.
            (machine) => (addresses[(machine + world.random.between(0, 1)) % addresses.length] ?? staying).origin,
            async () => {
              await pause(world.random.between(100, 500));
              await lost.kill();
              await pause(world.random.between(50, 200));
              addresses.pop();
              await pause(100);
            },
          );
          await settled(world, staying);
          // Next time it is the other one that is lost, so that either folder's server leads and goes.
          const next = await world.start(spareFolder);
          await staying.kill();
          staying = next;
          spareFolder = spareFolder === folder ? world.stateFolder : folder;
          await settled(world, staying);
        }
        return outcomeOf(world, surroundings.times * 2, await world.check());
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }),
};

/** Connections are cut in the middle of one body in ten in every one of them. */
export const scenarios: readonly Scenario[] = [
  killed,
  stopped,
  fullDisk,
  slowDatabase,
  databaseKilled,
  wrongClocks,
  oneOfTwoLost,
];
