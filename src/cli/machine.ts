import { Command, InvalidArgumentError } from 'commander';
import { createToken, machinePaths, madeToken } from '../contract/console-machines.ts';
import { problemFromZod } from '../contract/problem.ts';
import { askServer } from './operator-request.ts';

interface TokenOptions {
  server?: string;
  state?: string;
  school?: string;
  hours: number;
  machines?: number;
  network: string[];
  approval: boolean;
}

/** `usher machine …`: what the operator of the central endpoint does about machines. */
export function machineCommand(): Command {
  return new Command('machine').description('Let machines in.').addCommand(tokenCommand());
}

function tokenCommand(): Command {
  return new Command('token')
    .description('Make an enrolment token. It is printed once and cannot be shown again.')
    .argument('<name>', 'what it is for, such as "IT suite"')
    .option('--school <id>', "the school its machines belong to; the server's own without it")
    .option('--hours <number>', 'until it expires', wholeNumber, 720)
    .option('--machines <number>', 'for how many; any number without it', wholeNumber)
    .option('--network <network>', 'only from this network, such as 10.20.0.0/16; may be repeated', oneMore, [])
    .option('--no-approval', 'trust its machines at once instead of letting them wait for approval')
    .option('--server <origin>', "the central endpoint; the one of this computer's state folder without it")
    .option('--state <folder>', 'the state folder of the central endpoint (USHER_STATE)')
    .action(async (name: string, options: TokenOptions) => {
      const wanted = createToken.safeParse({
        name,
        ...(options.school === undefined ? {} : { schoolId: options.school }),
        hours: options.hours,
        machines: options.machines ?? null,
        networks: options.network,
        needsApproval: options.approval,
      });
      if (!wanted.success) throw new Error(problemFromZod(wanted.error, 'machine.invalid').detail);
      const made = await askServer(
        {
          method: 'POST',
          path: machinePaths.tokens,
          body: wanted.data,
          answer: madeToken,
          otherwise: 'No token was made.',
        },
        options,
      );
      console.log(made.token);
    });
}

function wholeNumber(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number.');
}

const oneMore = (network: string, before: string[]): string[] => [...before, network];
