import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { pino } from 'pino';
import type { z } from 'zod';
import type { serverReady } from '../contract/launcher.ts';
import { settingsFromEnvironment } from '../contract/settings.ts';
import { keyFingerprint } from '../proof/index.ts';
import { logFile } from './operation/log-file.ts';
import { serverFolder, serverOptionsFrom, startServer, type RunningServer } from './index.ts';
import { transferCommands } from './transfer/commands.ts';

/** The console's build: beside this program's own build, or in `dist/` when run from its source. */
function consoleFolder(): string {
  const beside = fileURLToPath(new URL('../console', import.meta.url));
  return existsSync(beside) ? beside : fileURLToPath(new URL('../../dist/console', import.meta.url));
}

async function readyMessage(server: RunningServer): Promise<z.infer<typeof serverReady>> {
  return {
    kind: 'serverReady',
    origin: server.origin,
    signInLink: await server.signInLink(),
    enrolmentToken: await server.enrolmentToken(),
    serverKeyFingerprint: keyFingerprint(server.serverPublicKey),
    currentPolicyHash: (await server.currentPolicy())?.hash ?? null,
  };
}

/** Ends the program once, letting what is under way finish. */
function stopOnSignals(server: RunningServer): void {
  let stopping: Promise<void> | null = null;
  const stop = () => {
    stopping ??= server.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(`The server did not stop cleanly: ${sentence(error)}`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('disconnect', stop);
}

const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function run(): Promise<void> {
  const settings = settingsFromEnvironment(process.env);
  const file = logFile(join(settings.stateFolder, 'logs', 'server.log'));
  const log = pino({ level: settings.logLevel, base: null }, file);
  const server = await startServer(serverOptionsFrom(settings, { consoleFolder: consoleFolder(), log }));
  stopOnSignals(server);
  process.on('SIGHUP', () => {
    server.reloadCertificate();
    file.reopen();
  });
  writeFileSync(join(serverFolder(settings.stateFolder), 'origin'), `${server.origin}\n`, { mode: 0o600 });
  const ready = await readyMessage(server);
  if (process.send === undefined) {
    console.log(`Usher's central endpoint is running at ${ready.origin}`);
    console.log(`Sign in to the console once with ${ready.signInLink}`);
  } else {
    process.send(ready);
  }
}

const command = new Command('server')
  .description("Runs Usher's central endpoint, with the settings of the environment.")
  .action(async () => {
    try {
      await run();
    } catch (error) {
      throw new Error(`Usher's central endpoint could not start. ${sentence(error)}`, { cause: error });
    }
  });
for (const other of transferCommands()) command.addCommand(other);
command.parseAsync().catch((error: unknown) => {
  console.error(sentence(error));
  process.exit(1);
});
