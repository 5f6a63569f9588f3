import { Command } from 'commander';
import { usherVersion } from '../contract/version.ts';
import { configCommand } from './config.ts';
import { exportCommand } from './export.ts';
import { machineCommand } from './machine.ts';
import { policyCommand } from './policy.ts';
import { serverCommand } from './server.ts';
import { schoolCommand } from './school.ts';
import { statusCommand } from './status.ts';
import { verifyCommand } from './verify.ts';

/** The `usher` command. */
const command = new Command('usher')
  .description("The school's acceptable use policy, who accepted it, and the proof.")
  .version(usherVersion)
  .addCommand(policyCommand())
  .addCommand(schoolCommand())
  .addCommand(machineCommand())
  .addCommand(exportCommand())
  .addCommand(verifyCommand())
  .addCommand(serverCommand())
  .addCommand(statusCommand())
  .addCommand(configCommand());

try {
  await command.parseAsync();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
