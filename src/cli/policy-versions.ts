import { Command } from 'commander';
import { policyDraft, policyDrafts, policyPaths, type PolicyDraft } from '../contract/console-policies.ts';
import { consolePaths, policies, publishAnswer, type PolicySummary } from '../contract/console.ts';
import { signedPolicy, type Policy } from '../contract/policy.ts';
import { toPolicy } from '../policy-import/index.ts';
import { comparePolicies } from '../rules/compare-policies/compare-policies.ts';
import { daysOverdue } from '../rules/policy-review.ts';
import { sayComparison } from '../words/change-items.ts';
import { longDateWords } from '../words/policy-words.ts';
import { comparisonLines } from './comparison-lines.ts';
import { askServer } from './operator-request.ts';
import { policyFromFile } from './policy-file.ts';
import { versionNamed } from './version-named.ts';

interface Reach {
  server?: string;
  state?: string;
}

const reached = (command: Command): Command =>
  command
    .option('--server <origin>', "the central endpoint; the one of this computer's state folder without it")
    .option('--state <folder>', 'the state folder of the central endpoint (USHER_STATE)');

const namingVersions =
  'a version (2), one of several policies (staff-aup@2), the first letters of its hash, or a file on this computer';

export function historyCommand(): Command {
  return reached(new Command('history').description('Every version that was published, who approved it, and reviews.'))
    .option('--json', 'print it as JSON')
    .action(async (options: Reach & { json?: true }) => {
      const items = await publishedVersions(options);
      const drafts = await waitingDrafts(options);
      if (options.json === true) return console.log(JSON.stringify({ versions: items, drafts }, null, 2));
      for (const line of historyLines(items, drafts, new Date())) console.log(line);
    });
}

export function compareCommand(): Command {
  return reached(new Command('compare').description('Say what differs between two versions, clause by clause.'))
    .argument('<older>', namingVersions)
    .argument('<newer>', 'the same')
    .option('--json', 'print the whole comparison as JSON')
    .action(async (one: string, other: string, options: Reach & { json?: true }) => {
      const older = await policyNamed(one, options);
      const newer = await policyNamed(other, options);
      const comparison = comparePolicies(older.policy, newer.policy);
      if (options.json === true) return console.log(JSON.stringify(comparison, null, 2));
      console.log(`${older.name} → ${newer.name}`);
      const said = sayComparison(comparison, older.policy, newer.policy);
      for (const line of comparisonLines(said, process.stdout.isTTY)) console.log(line);
    });
}

export function rollBackCommand(): Command {
  return reached(
    new Command('rollback').description(
      'Publish what an earlier version says once more, as another version: everybody is asked again.',
    ),
  )
    .argument('<version>', 'a version (2), one of several policies (staff-aup@2), or the first letters of its hash')
    .requiredOption('--reason <words>', 'why; kept in the audit trail and in the policy’s change history')
    .action(async (version: string, options: Reach & { reason: string }) => {
      const wanted = versionNamed(version, await publishedVersions(options));
      const { published } = await askServer(
        {
          method: 'POST',
          path: policyPaths.rollBack.replace(':hash', wanted.hash),
          body: { reason: options.reason },
          answer: publishAnswer,
          otherwise: 'Nothing was published.',
        },
        options,
      );
      console.log(
        `Version ${String(wanted.version)} of "${published.policy.title}" is back as version ${String(published.version)} (${published.hash.slice(0, 12)}). Everybody is asked again.`,
      );
    });
}

/**
 * Puts a policy forward: it is approved and published in the console.
 * @throws Error in one sentence when the server refuses or cannot be asked.
 */
export async function putForward(policy: Policy, options: Reach & { note?: string }): Promise<PolicyDraft> {
  return await askServer(
    {
      method: 'POST',
      path: `${policyPaths.drafts}?${new URLSearchParams({ note: options.note ?? '' }).toString()}`,
      body: policy,
      answer: policyDraft,
      otherwise: 'No draft was made.',
    },
    options,
  );
}

async function publishedVersions(options: Reach): Promise<PolicySummary[]> {
  const otherwise = 'Nothing was changed.';
  return (await askServer({ method: 'GET', path: consolePaths.policies, answer: policies, otherwise }, options)).items;
}

async function waitingDrafts(options: Reach): Promise<PolicyDraft[]> {
  const otherwise = 'Nothing was changed.';
  const { items } = await askServer(
    { method: 'GET', path: policyPaths.drafts, answer: policyDrafts, otherwise },
    options,
  );
  return items.filter(({ state }) => state === 'draft' || state === 'approved');
}

async function policyNamed(name: string, options: Reach): Promise<{ name: string; policy: Policy }> {
  if (/[./\\]/.test(name) && !/^[^/\\]+@\d+$/.test(name)) return await policyInFile(name);
  const { hash, version, title } = versionNamed(name, await publishedVersions(options));
  const signed = await askServer(
    {
      method: 'GET',
      path: consolePaths.policy.replace(':hash', hash),
      answer: signedPolicy,
      otherwise: 'Nothing was compared.',
    },
    options,
  );
  return { name: `${title}, version ${String(version)}`, policy: signed.policy };
}

async function policyInFile(file: string): Promise<{ name: string; policy: Policy }> {
  const read = await policyFromFile(file);
  if (!read.ok) throw new Error(read.problem.detail);
  if (read.value.kind === 'policy') return { name: file, policy: read.value.policy };
  const made = toPolicy(read.value.imported, { values: {} });
  if (!made.ok) throw new Error(made.problem.detail);
  return { name: file, policy: made.value.policy };
}

function* historyLines(items: readonly PolicySummary[], drafts: readonly PolicyDraft[], now: Date): Generator<string> {
  if (items.length === 0) yield 'Nothing is published yet.';
  const day = (instant: string): string => longDateWords(instant.slice(0, 10));
  for (const { id, title, version, hash, publishedAt, current, acceptances, life } of items) {
    const accepted = acceptances === 1 ? '1 acceptance' : `${String(acceptances)} acceptances`;
    yield `${id}@${String(version)}  ${title}  ${current ? 'IN FORCE' : 'no longer in force'}  ${hash.slice(0, 12)}`;
    const by = life.publishedBy === null ? '' : ` by ${life.publishedBy}`;
    const approved =
      life.approvedBy === null || life.approvedAt === null
        ? ', without approval in the console'
        : `, approved on ${day(life.approvedAt)} by ${life.approvedBy}`;
    yield `    Published on ${day(publishedAt)}${by}${approved}; ${accepted}.`;
    if (life.restores !== null) yield `    Brings version ${String(life.restores)} back: ${life.reason ?? ''}`;
    else if (life.reason !== null) yield `    ${life.reason}`;
    if (current && life.reviewDueOn !== null) {
      const days = daysOverdue(life.reviewDueOn, now.toISOString().slice(0, 10));
      const whose = life.owner === null ? '' : ` Owner: ${life.owner}.`;
      yield days > 0
        ? `    REVIEW OVERDUE: it was due on ${longDateWords(life.reviewDueOn)}, ${String(days)} ${days === 1 ? 'day' : 'days'} ago.${whose}`
        : `    Review due on ${longDateWords(life.reviewDueOn)}.${whose}`;
    }
  }
  for (const { title, state, createdAt, createdBy, note } of drafts) {
    const waits = state === 'draft' ? 'waits to be approved' : 'is approved and waits to be published';
    yield `Draft of ${title}, put forward on ${day(createdAt)} by ${createdBy}, ${waits}.${note === '' ? '' : ` ${note}`}`;
  }
}
