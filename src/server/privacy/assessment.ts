import { sql } from 'kysely';
import { retentionCategory } from '../../contract/retention.ts';
import type { SchoolScope } from '../../contract/roles.ts';
import { role, type Role } from '../../contract/roles.ts';
import { actionWords, kindWords } from '../../words/device-words.ts';
import { categoryWords, neverRecorded } from '../../words/recorded-data.ts';
import { keepWords } from '../../words/retention-words.ts';
import { durationWords } from '../../words/state-words.ts';
import type { ServerContext } from '../context.ts';
import { readRetention } from '../retention/settings.ts';
import { inScope } from '../store/in-scope.ts';

/** A document as data, for Word and for HTML alike. */
export type Block =
  | { kind: 'heading'; text: string }
  | { kind: 'text'; text: string }
  | { kind: 'list'; items: string[] }
  | { kind: 'table'; head: string[]; rows: string[][] }
  /** A place for the school's own words. */
  | { kind: 'answer'; prompt: string };

export interface AssessmentDocument {
  title: string;
  blocks: Block[];
}

const heading = (text: string): Block => ({ kind: 'heading', text });
const text = (words: string): Block => ({ kind: 'text', text: words });
const answer = (prompt: string): Block => ({ kind: 'answer', prompt });

const roleWords: Record<Role, string> = {
  administrator: 'Administrator',
  policyOwner: 'Policy owner',
  reviewer: 'Reviewer',
  safeguardingLead: 'Safeguarding lead',
  auditor: 'Auditor',
};

/** Where events go besides this server, in tables that exist where alerts are installed: by kind, switched on. */
const waysOut: Record<string, Record<string, string>> = {
  alert_channels: {
    email: 'Alerts by email, to the addresses given there',
    webhook: 'Alerts to another program (signed webhook)',
  },
  event_feeds: {
    syslog: 'Events to a log server (syslog over TLS)',
    otlp: 'Events to a log collector (OpenTelemetry)',
    webhook: 'Events to another program (signed webhook)',
  },
};

async function dataFlows({ store, owner }: ServerContext): Promise<string[][]> {
  const tables = new Set((await store.introspection.getTables()).map(({ name }) => name));
  const rows: string[][] = [];
  for (const [table, words] of Object.entries(waysOut)) {
    if (!tables.has(table)) continue;
    const found = await sql<{ kind: string; count: number }>`
      select kind, count(*) as count from ${sql.table(table)}
      where trust_id = ${owner.trustId} and enabled = 1 group by kind order by kind`.execute(store);
    for (const { kind, count } of found.rows) rows.push([words[kind] ?? kind, String(count)]);
  }
  return rows;
}

async function rolesTaken({ store, owner }: ServerContext): Promise<string[][]> {
  const rows = await store
    .selectFrom('console_roles')
    .select((row) => ['role', row.fn.count<number>('user_id').distinct().as('count')])
    .where('trust_id', '=', owner.trustId)
    .groupBy('role')
    .execute();
  return role.options.map((one) => [roleWords[one], String(rows.find((row) => row.role === one)?.count ?? 0)]);
}

async function sizes({ store, owner }: ServerContext, scope: SchoolScope) {
  const count = async (table: 'people' | 'devices') => {
    const { count: found } = await store
      .selectFrom(table)
      .select((row) => row.fn.countAll<number>().as('count'))
      .where('trust_id', '=', owner.trustId)
      .where(inScope(`${table}.school_id`, scope))
      .executeTakeFirstOrThrow();
    return Number(found);
  };
  return { people: await count('people'), machines: await count('devices') };
}

/**
 * A data protection impact assessment out of what is set now, along the steps of the ICO's template
 * (https://ico.org.uk/for-organisations/uk-gdpr-guidance-and-resources/accountability-and-governance/data-protection-impact-assessments-dpias/),
 * with places for what only the school can say.
 */
export async function assessmentDocument(context: ServerContext, scope: SchoolScope): Promise<AssessmentDocument> {
  const retention = await readRetention(context, scope);
  const { people, machines } = await sizes(context, scope);
  const flows = await dataFlows(context);
  const policy = (await context.policies.ruling())?.signed ?? null;
  const madeOn = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'Europe/London' }).format(
    context.now(),
  );
  return {
    title: 'Data protection impact assessment: Usher',
    blocks: [
      text(
        `Made on ${madeOn} from the settings in force on that day. What Usher knows is filled in; what only the school can answer has a box.`,
      ),
      answer('Name of the controller, of the data protection officer, and of the person who fills this in'),
      heading('1. Why an assessment is needed'),
      text(
        'Usher shows staff the acceptable use policy at sign-in, keeps what they accept, locks computers that are left, and controls USB devices. It records what happens on school computers and names the account that was signed in. People at work are watched in a way they cannot refuse, so an assessment is due before it is used.',
      ),
      answer('What the school wants to achieve, and what it did before'),
      heading('2. What is done'),
      text(
        `Nature: every computer keeps a signed record and sends it to one server of the school or trust. At the moment that is ${counted(machines, 'machine', 'machines')} and ${counted(people, 'person', 'people')}. The record is read by the people in the roles below, and by nobody else.`,
      ),
      {
        kind: 'table',
        head: ['What is recorded', 'Why', 'On what basis'],
        rows: retentionCategory.options.map((one) => [
          `${categoryWords[one].word}: ${categoryWords[one].holds}`,
          categoryWords[one].purpose,
          categoryWords[one].basis,
        ]),
      },
      text('Every event type and field is listed in docs/privacy.md. Usher has no place for:'),
      { kind: 'list', items: [...neverRecorded] },
      text('How long it is kept, in each school:'),
      {
        kind: 'table',
        head: ['School', 'What', 'Kept for', 'Decided by'],
        rows: retention.schools.flatMap((school) =>
          school.categories.map(({ category, keep, decidedBy }) => [
            school.name,
            categoryWords[category].word,
            keepWords(keep),
            decidedBy === 'usher'
              ? 'Usher’s default'
              : decidedBy === 'policy'
                ? 'the policy in force'
                : `the ${decidedBy}`,
          ]),
        ),
      },
      text('Who may use the console, by role (somebody may have several):'),
      { kind: 'table', head: ['Role', 'People'], rows: await rolesTaken(context) },
      text('Where the data goes: to the server of the school or trust, and into its backups.'),
      flows.length === 0
        ? text('Nothing is sent on to other systems: no alert and no feed is switched on.')
        : { kind: 'table', head: ['Also sent on', 'How many are switched on'], rows: flows },
      heading('What machines do because of the policy'),
      ...ruleBlocks(policy),
      answer(
        'Scope and context: who else is affected (pupils, visitors), how people expect to be treated, concerns that were raised',
      ),
      heading('3. Who was asked'),
      answer(
        'How staff and their unions, governors, the IT provider and the data protection officer were consulted, and what they said',
      ),
      heading('4. Necessity and proportionality'),
      {
        kind: 'list',
        items: [
          'The lawful basis of each kind of data is in the table above; consent is not relied on, because staff cannot freely refuse.',
          'People see what is recorded about them on their own computer at any time, with the clause that says so.',
          'A copy of everything about one person can be made in one action; erasure and its refusal are decisions with a reason.',
          'Data is removed by itself when its time is over, unless a legal hold keeps it, and the removal is provable.',
        ],
      },
      answer('Why the same could not be achieved with less, and how people are told (privacy notice)'),
      heading('5. Risks, and 6. what is done about them'),
      {
        kind: 'table',
        head: ['Risk', 'What Usher does', 'Left (likelihood, harm): for the school to judge'],
        rows: risks,
      },
      answer('Further risks and measures of the school'),
      heading('7. Outcome'),
      answer(
        'Measures approved by, residual risks approved by, advice of the data protection officer, date of the next review',
      ),
    ],
  };
}

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

type Signed = NonNullable<Awaited<ReturnType<ServerContext['policies']['ruling']>>>['signed'];

function ruleBlocks(policy: Signed | null): Block[] {
  if (policy === null) return [text('No policy is published yet, so machines enforce nothing.')];
  const { idleLock, presentation, usb, sharedAccounts } = policy.policy.rules ?? {};
  const items = [`Policy in force: ${policy.policy.title}, version ${policy.version}.`];
  if (sharedAccounts !== undefined) {
    items.push(`On accounts that several people share (${sharedAccounts.accounts.join(', ')}) each says who they are.`);
  }
  items.push(
    idleLock === undefined
      ? 'No idle lock is enforced.'
      : `Screens lock after ${durationWords(idleLock.lockAfterSeconds)} without use, with a warning after ${durationWords(idleLock.warnAfterSeconds)} (clause ${idleLock.clause}).`,
  );
  if (presentation !== undefined)
    items.push(`Presenting keeps a screen open for at most ${presentation.maximumMinutes} minutes.`);
  if (usb === undefined) items.push('USB devices are not controlled.');
  else {
    items.push(
      `USB devices are decided by ${counted(usb.rules.length, 'line', 'lines')} of the policy${usb.reportOnly === true ? ', for now without stopping anything' : ''}:`,
      ...usb.rules.map(
        (rule) =>
          `${rule.id}: ${(rule.kinds ?? []).map((kind) => kindWords[kind]).join(', ') || 'certain devices'}: ${actionWords[rule.action].toLowerCase()}.`,
      ),
    );
  }
  return [{ kind: 'list', items }];
}

const risks: string[][] = [
  [
    'The record is used to measure how much somebody works.',
    'No times are added up and no ranking is made. Opening a person’s own record asks for a reason and is itself recorded. The policy and the privacy notice should say that it will not be done.',
    '',
  ],
  [
    'Somebody without need looks at the record.',
    'Roles per school, sign-in with a second factor or passkey, an audit trail that cannot be changed unnoticed, seen by an auditor and told to the person in a subject access request.',
    '',
  ],
  [
    'Data is kept for too long.',
    'Retention per category and school is enforced by the server itself; each removal is proved. Holds have an owner and a day of review.',
    '',
  ],
  [
    'Removed data comes back or can be guessed.',
    'The random salt goes with the text, so that the hash left behind says nothing. Freed space in the database is overwritten. Backups have to be aged out: see docs/privacy.md.',
    '',
  ],
  [
    'The record is wrong, and somebody is accused by it.',
    'Records are chained and signed, clocks are compared, and each acceptance can be checked by anybody. An account is not proof of who sat there.',
    '',
  ],
  [
    'The server is broken into.',
    'No key of a machine is on it, so acceptances cannot be forged. Connections are encrypted. Whoever holds the database can read what is kept, so the disk should be encrypted.',
    '',
  ],
  [
    'A lock or a block harms somebody’s work or a lesson.',
    'Warnings, presenting, asking for permission, and rules that can be tried before they stop anything.',
    '',
  ],
];
