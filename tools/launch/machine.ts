import { existsSync } from 'node:fs';
import path from 'node:path';
import { serverNodeFlags, serverReady, serviceReady } from '../../src/contract/launcher.ts';
import { settingVariables, type SettingName } from '../../src/contract/settings.ts';
import { projectRoot, startProgram, type Program } from './program.ts';
import { usherCommand } from './usher-command.ts';

export const starterPack = path.join(projectRoot, 'packs/primary-staff-aup.json');

export interface MachineOptions {
  stateFolder: string;
  /** 0 for any free port. */
  port: number;
  /** A school's own policy to publish; without it the starter pack is published once. */
  policyFile?: string | undefined;
  /** Further settings for both programs. */
  settings?: Partial<Record<SettingName, string>>;
  /** Further environment variables for both programs, and for any other program of ours on this state. */
  environment?: Record<string, string> | undefined;
  /** Where the service runs, if not straight on this computer: what goes before its command, and how it reaches the server. */
  within?: { inside: readonly string[]; reach(port: number): Promise<void> } | undefined;
  tell: (line: string) => void;
}

export interface RunningMachine {
  server: Program;
  service: Program;
  origin: string;
  signInLink: string;
  socketPath: string;
  deviceId: string;
  /** Environment that makes any other program of ours use this state. */
  environment: Record<string, string>;
  /** What publishing printed, if something was published. */
  published: string | null;
  stop(): Promise<void>;
}

/** The environment variables that carry these settings. */
export function environmentOf(values: Partial<Record<SettingName, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settingVariables).flatMap(([name, variable]) => {
      const value = values[name as SettingName];
      return value === undefined ? [] : [[variable, value]];
    }),
  );
}

/**
 * Starts the central endpoint and the machine's service on one state folder, enrols the machine the first time and
 * makes sure a policy is published.
 */
export async function startMachine(options: MachineOptions): Promise<RunningMachine> {
  const { stateFolder, tell } = options;
  const logFolder = path.join(stateFolder, 'logs');
  const environment = {
    ...options.environment,
    ...environmentOf({ ...options.settings, stateFolder, serverPort: String(options.port) }),
  };
  const [command = '', ...before] = [...(options.within?.inside ?? []), process.execPath];
  const startService = (enrolmentToken: string) =>
    startProgram(
      {
        name: 'service',
        command,
        arguments: [...before, path.join(projectRoot, 'dist/service/main.js')],
        environment: { ...environment, ...environmentOf({ enrolmentToken }) },
        logFolder,
      },
      serviceReady,
    );

  tell('Starting the central endpoint …');
  const server = await startProgram(
    {
      name: 'server',
      command: process.execPath,
      arguments: [...serverNodeFlags, path.join(projectRoot, 'dist/server/main.js')],
      environment: { ...environment, USHER_BOOTSTRAP: '1' },
      logFolder,
    },
    serverReady,
  );
  try {
    const published = await publishIfNeeded(options, server.ready.origin, server.ready.currentPolicyHash, environment);
    tell("Starting this computer's service …");
    await options.within?.reach(Number(new URL(server.ready.origin).port));
    const service = await startService(server.ready.enrolmentToken);
    return {
      server: server.program,
      service: service.program,
      origin: server.ready.origin,
      signInLink: server.ready.signInLink,
      socketPath: service.ready.socketPath,
      deviceId: service.ready.deviceId,
      environment,
      published,
      async stop() {
        await service.program.stop();
        await server.program.stop();
      },
    };
  } catch (error) {
    await server.program.stop();
    throw error;
  }
}

async function publishIfNeeded(
  options: MachineOptions,
  origin: string,
  currentPolicyHash: string | null,
  environment: Record<string, string>,
): Promise<string | null> {
  const file = options.policyFile ?? (currentPolicyHash === null ? starterPack : null);
  if (file === null) return null;
  if (!existsSync(file))
    throw new Error(`There is no file ${file}. Give --policy the path of a policy (.docx, .md, .txt or a pack).`);
  options.tell(`Publishing ${path.basename(file)} …`);
  // Whoever names a file wants that one, not that one beside the starter pack.
  const result = await usherCommand(
    ['policy', 'publish', file, '--server', origin, '--instead-of', 'all'],
    environment,
  );
  if (result.code !== 0) throw new Error(`The policy was not published. ${result.errors.trim()}`);
  return result.output.trim();
}
