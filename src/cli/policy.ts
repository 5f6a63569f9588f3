import { Command, InvalidArgumentError } from 'commander';
import type { ImportAnswers, ImportedPolicy } from '../contract/imported-policy.ts';
import { audience, type Audience, type Policy } from '../contract/policy.ts';
import { accepted, refused, type Outcome } from '../contract/problem.ts';
import { importPolicyFile, keepAnswers, readAnswers, toPolicy, type PolicyMade } from '../policy-import/index.ts';
import { importSummary } from './import-summary.ts';
import { policyFromFile, sincePrevious, withRules } from './policy-file.ts';
import { compareCommand, historyCommand, putForward, rollBackCommand } from './policy-versions.ts';
import { publishTo } from './publish.ts';

/** `usher policy …`: from a school's own file to a policy in force. */
export function policyCommand(): Command {
  return new Command('policy')
    .description("Read a school's policy file, and publish a policy.")
    .addCommand(importCommand())
    .addCommand(publishCommand())
    .addCommand(historyCommand())
    .addCommand(compareCommand())
    .addCommand(rollBackCommand());
}

interface ImportOptions {
  json?: true;
  previous?: string;
  answer: Record<string, string>;
}

function importCommand(): Command {
  return new Command('import')
    .description('Show what Usher reads out of a policy file. Nothing is published.')
    .argument('<file>', 'a .docx, .pdf, .md or .txt file')
    .option('--json', 'print everything that was read as JSON')
    .option(
      '--previous <file>',
      'an earlier version, as "import --json" printed it or as a policy: clauses keep the ids they had',
    )
    .option(
      '--answer <question=answer>',
      'answer a question of the import, and keep the answer beside the file; may be repeated',
      filledIn,
      {},
    )
    .action(async (file: string, options: ImportOptions) => {
      const imported = valueOf(await importAnswered(file, options));
      console.log(options.json === true ? JSON.stringify(imported, null, 2) : importSummary(imported, file));
    });
}

/** Answers are kept only when the file can be read with them. */
async function importAnswered(file: string, options: ImportOptions): Promise<Outcome<ImportedPolicy>> {
  const given = Object.keys(options.answer);
  if (given.length === 0) return importSince(file, options.previous);
  const kept = await readAnswers(file);
  if (!kept.ok) return kept;
  const answers = { ...kept.value, answers: { ...kept.value.answers, ...options.answer } };
  const imported = await importSince(file, options.previous, answers);
  if (!imported.ok) return imported;
  const asked = new Set(imported.value.questions.map(({ id }) => id));
  const unknown = given.find((id) => !asked.has(id));
  if (unknown !== undefined)
    return refused(
      'import.noSuchQuestion',
      `The import asks no question "${unknown}". ${asked.size === 0 ? 'It asks none.' : `It asks ${[...asked].join(', ')}.`} Nothing was kept.`,
      `answers.${unknown}`,
    );
  return (await keepAnswers(file, answers)) ?? imported;
}

async function importSince(
  file: string,
  previous: string | undefined,
  answers?: ImportAnswers,
): Promise<Outcome<ImportedPolicy>> {
  const imported = await importPolicyFile(file, answers);
  return imported.ok && previous !== undefined ? sincePrevious(imported.value, previous) : imported;
}

function valueOf<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.problem.detail);
  return outcome.value;
}

interface PublishOptions {
  server?: string;
  state?: string;
  title?: string;
  school?: string;
  for?: Audience[];
  rules?: string;
  insteadOf?: string;
  asDraft?: true;
  note?: string;
  previous?: string;
  set: Record<string, string>;
}

function publishCommand(): Command {
  return new Command('publish')
    .description(
      'Publish a policy: staff are asked for it from their next sign-in on, beside others that are in force.',
    )
    .argument('<file>', 'a .docx, .pdf, .md or .txt file, what "usher policy import --json" printed, or a pack')
    .option('--server <origin>', "the central endpoint; the one of this computer's state folder without it")
    .option('--state <folder>', 'the state folder of the central endpoint (USHER_STATE)')
    .option('--title <title>', 'its title, where the file has none')
    .option('--school <name>', "the school's name, as staff see it")
    .option(
      '--for <people>',
      `who it is for, such as staff,supply; one or more of ${audience.options.join(', ')}`,
      peopleOf,
    )
    .option('--rules <file>', 'what machines enforce, each rule with its clause (JSON; see docs/locking.md)')
    .option(
      '--instead-of <id>',
      'take the policy with this id out of force in the same step; "all" for every other one',
    )
    .option('--as-draft', 'only put it forward; it is approved and published in the console')
    .option('--note <words>', 'with --as-draft: what it is about, for who approves it')
    .option('--previous <file>', 'an earlier version whose clause ids are kept, as for "import"')
    .option('--set <name=value>', 'fill in one of the blanks of the document; may be repeated', filledIn, {})
    .action(async (file: string, options: PublishOptions) => {
      const read = valueOf(await policyFromFile(file, options.previous));
      const made =
        read.kind === 'policy'
          ? withChoices(read.policy, options)
          : toPolicy(read.imported, {
              values: options.set,
              ...(options.title === undefined ? {} : { title: options.title }),
              ...(options.school === undefined ? {} : { schoolName: options.school }),
              ...(options.for === undefined ? {} : { audiences: options.for }),
            });
      if (!made.ok) throw new Error(made.problem.detail);
      const ruled =
        options.rules === undefined ? accepted(made.value.policy) : await withRules(made.value.policy, options.rules);
      if (!ruled.ok) throw new Error(ruled.problem.detail);
      if (options.asDraft === true) {
        const { title, hash } = await putForward(ruled.value, options);
        console.log(
          `"${title}" (${hash.slice(0, 12)}) waits to be approved, in the console under Policies. Nobody is asked for it yet.`,
        );
        for (const note of made.value.notes) console.log(`Note: ${note}`);
        return;
      }
      const { published, alreadyCurrent } = await publishTo(ruled.value, options);
      const what = `"${published.policy.title}", version ${published.version} (${published.hash.slice(0, 12)})`;
      console.log(alreadyCurrent ? `${what} is in force already; nothing was changed.` : `Published ${what}.`);
      for (const note of made.value.notes) console.log(`Note: ${note}`);
    });
}

/** A pack with the school's own name, people and blanks. A blank the pack does not have is a mistake worth telling. */
function withChoices(policy: Policy, options: PublishOptions): Outcome<PolicyMade> {
  const unknown = Object.keys(options.set).find((name) => !policy.variables.some((variable) => variable.name === name));
  if (unknown !== undefined)
    return refused(
      'policy.noSuchBlank',
      `The policy has no blank "${unknown}". It has ${policy.variables.map(({ name }) => name).join(', ') || 'none'}.`,
      'set',
    );
  const variables = policy.variables.map((variable) => {
    const value = options.set[variable.name] ?? variable.value;
    return value === undefined ? variable : { ...variable, value };
  });
  const chosen: Policy = {
    ...policy,
    variables,
    ...(options.title === undefined ? {} : { title: options.title }),
    ...(options.school === undefined ? {} : { schoolName: options.school }),
    ...(options.for === undefined ? {} : { audiences: options.for }),
  };
  const open = [...new Set(variables.filter(({ value }) => value === undefined).map(({ name }) => name))];
  return accepted({
    policy: chosen,
    notes: open.length === 0 ? [] : [`Still to fill in: ${open.join(', ')}. Give each with --set name=value.`],
  });
}

function peopleOf(text: string): Audience[] {
  return text.split(',').map((one) => {
    const known = audience.safeParse(one.trim());
    if (!known.success) throw new InvalidArgumentError(`"${one}" is none of ${audience.options.join(', ')}.`);
    return known.data;
  });
}

function filledIn(text: string, before: Record<string, string>): Record<string, string> {
  const [, name, value] = /^([^=]+)=(.+)$/su.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('It must look like name=value.');
  return { ...before, [name.trim()]: value.trim() };
}
