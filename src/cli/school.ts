import { Command } from 'commander';
import { z } from 'zod';
import { accessPaths, done, schools } from '../contract/console-access.ts';
import { askServer } from './operator-request.ts';

interface Options {
  server?: string;
  state?: string;
}

/** `usher school …`: the schools of the trust. */
export function schoolCommand(): Command {
  return new Command('school')
    .description('List, add and rename the schools of a trust.')
    .addCommand(listCommand())
    .addCommand(addCommand())
    .addCommand(renameCommand());
}

const reached = (command: Command): Command =>
  command
    .option('--server <address>', 'the central endpoint; default: the one that ran last on this state folder')
    .option('--state <folder>', 'its state folder; default: USHER_STATE');

function listCommand(): Command {
  return reached(new Command('list').description('Show every school with its id.')).action(async (options: Options) => {
    const { items } = await askServer(
      { method: 'GET', path: accessPaths.schools, answer: schools, otherwise: 'Nothing was changed.' },
      options,
    );
    for (const { id, name, machines, people } of items) {
      console.log(`${id.padEnd(24)} ${name} (${machines} machines, ${people} people)`);
    }
  });
}

function addCommand(): Command {
  return reached(new Command('add').description('Add a school.'))
    .argument('<name>', 'what people call it')
    .option('--id <id>', 'lower-case letters, digits and hyphens; never changes; default: made from the name')
    .action(async (name: string, options: Options & { id?: string }) => {
      const { id } = await askServer(
        {
          method: 'POST',
          path: accessPaths.schools,
          body: { name, ...(options.id === undefined ? {} : { id: options.id }) },
          answer: z.object({ id: z.string() }),
          otherwise: 'No school was added.',
        },
        options,
      );
      console.log(`Added ${name} with the id ${id}.`);
    });
}

function renameCommand(): Command {
  return reached(new Command('rename').description('Give a school another name; its id stays.'))
    .argument('<id>', 'as "usher school list" shows it')
    .argument('<name>', 'the new name')
    .action(async (id: string, name: string, options: Options) => {
      await askServer(
        {
          method: 'PUT',
          path: accessPaths.school.replace(':id', encodeURIComponent(id)),
          body: { name },
          answer: done,
          otherwise: 'Nothing was renamed.',
        },
        options,
      );
      console.log(`${id} is called ${name} now.`);
    });
}
