import { Readable } from 'node:stream';
import type { AuditActor } from '../../contract/audit.ts';
import { retentionCategory } from '../../contract/retention.ts';
import type { SchoolScope } from '../../contract/roles.ts';
import { categoryWords, neverRecorded } from '../../words/recorded-data.ts';
import { keepWords } from '../../words/retention-words.ts';
import { recordAction } from '../audit/record-action.ts';
import type { ServerContext } from '../context.ts';
import { newestEventNumber } from '../events/read-events.ts';
import { keptBy, type KeptCategories } from '../retention/settings.ts';
import type { PersonTable } from '../store/tables.ts';
import { documentFoot, documentHead, escaped } from './markup.ts';
import { besidesEvents, lookups, ownEvents, personIn, type BesidesEvents } from './person-data.ts';
import { zipStream, type ZippedFile } from './zip-stream.ts';

/**
 * Everything held about one person, as an archive that is made while it is sent. That it was asked for is in the audit
 * trail before the first byte leaves.
 * @throws RequestRefused 404 when there is no such person in the scope.
 */
export async function subjectAccess(
  context: ServerContext,
  scope: SchoolScope,
  id: string,
  reason: string,
  actor: AuditActor,
): Promise<{ name: string; archive: Readable }> {
  const person = await personIn(context, scope, id);
  const { trustId } = context.owner;
  const at = context.now();
  await context.store.transaction().execute((transaction) =>
    recordAction(transaction, context, {
      action: 'person.exported',
      actor,
      schoolId: person.school_id,
      subject: id,
      detail: { reason },
    }),
  );
  const own: Own = {
    context,
    person,
    school: person.school,
    at,
    upTo: await newestEventNumber(context.store, trustId),
    kept: await keptBy(context.store, trustId, person.school_id),
    besides: await besidesEvents(context, person),
  };
  const files: ZippedFile[] = [
    { name: 'everything.html', text: readable(own) },
    { name: 'events.csv', text: table(own) },
    { name: 'events.jsonl', text: lines(own) },
    { name: 'acceptances.json', text: acceptances(own) },
    { name: 'other-data.json', text: once(`${JSON.stringify(own.besides, null, 2)}\n`) },
    { name: 'lookups.jsonl', text: lookupLines(own) },
  ];
  const name = `everything-about-one-person-${at.toISOString().slice(0, 10)}.zip`;
  return { name, archive: Readable.from(zipStream(files, at), { objectMode: false, highWaterMark: 64 * 1024 }) };
}

interface Own {
  context: ServerContext;
  person: PersonTable;
  school: string;
  at: Date;
  /** Newest event that belongs to this export. */
  upTo: number;
  kept: KeptCategories;
  besides: BesidesEvents;
}

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}

const moment = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'medium',
  timeStyle: 'medium',
  timeZone: 'Europe/London',
});
const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'Europe/London' });
const spoken = (instant: string): string => moment.format(new Date(instant));

async function* readable(own: Own): AsyncGenerator<string> {
  const { person, school, at, kept, context, upTo } = own;
  const title = `Everything ${school} holds about you in Usher`;
  yield documentHead(title);
  yield `<h1>${escaped(title)}</h1>
<p>This is a copy of what Usher has recorded about the account <strong>${escaped(person.account_name)}</strong>${person.printed_name === null ? '' : ` (${escaped(person.printed_name)})`}, made on ${escaped(day.format(at))}. You have a right to it under article 15 of the UK GDPR.</p>
<p>The same is in this archive for a program to read: <code>events.csv</code> and <code>events.jsonl</code> hold every event, <code>acceptances.json</code> what you signed, <code>other-data.json</code> the rest, <code>lookups.jsonl</code> when your record was looked at. Names of colleagues are left out, because they are about them.</p>
<p>You may ask for what is wrong to be put right, ask for it to be erased or restricted, and object. Ask your school first; you can also complain to the Information Commissioner’s Office (ico.org.uk).</p>
<h2>Why, and for how long</h2>
<table><thead><tr><th scope="col">What</th><th scope="col">Why</th><th scope="col">On what basis</th><th scope="col">Kept for</th></tr></thead><tbody>
`;
  for (const category of retentionCategory.options) {
    const { word, holds, purpose, basis } = categoryWords[category];
    yield `<tr><td><strong>${escaped(word)}.</strong> ${escaped(holds)}</td><td>${escaped(purpose)}</td><td>${escaped(basis)}</td><td>${escaped(keepWords(kept[category]))}</td></tr>\n`;
  }
  yield `</tbody></table>\n<p>Usher never records ${escaped(neverRecorded.join('; '))}.</p>\n`;
  for (const category of retentionCategory.options) {
    yield `<h2>${escaped(categoryWords[category].word)}</h2>\n<p>${escaped(categoryWords[category].holds)} Kept for ${escaped(keepWords(kept[category]))}.</p>\n`;
    let any = false;
    for await (const events of ownEvents(context, person.person_id, upTo, category)) {
      if (!any) yield '<ol class="events">\n';
      any = true;
      yield events
        .map(
          ({ body, summary, machine, acceptance }) =>
            `<li><time datetime="${body.at}">${escaped(spoken(body.at))}</time><span>${escaped(summary)} <span class="soft">On ${escaped(machine)}.${acceptance === null ? '' : ` Verification code ${acceptance.code}.`}</span></span></li>\n`,
        )
        .join('');
    }
    yield any ? '</ol>\n' : '<p class="soft">Nothing is held.</p>\n';
  }
  yield besidesWords(own);
  yield '<h2>When your record was looked at or changed</h2>\n';
  let looked = false;
  for await (const entries of lookups(context, person.person_id)) {
    if (!looked) yield '<ol class="events">\n';
    looked = true;
    yield entries
      .map(
        ({ at: when, action, by, detail }) =>
          `<li><time datetime="${when}">${escaped(spoken(when))}</time><span>${escaped(action)}, by ${escaped(by)}${reasonOf(detail)}</span></li>\n`,
      )
      .join('');
  }
  yield looked ? '</ol>\n' : '<p class="soft">Nobody has.</p>\n';
  yield documentFoot;
}

function reasonOf(detail: unknown): string {
  if (typeof detail !== 'object' || detail === null || !('reason' in detail)) return '.';
  return typeof detail.reason === 'string' ? `: ${escaped(detail.reason)}` : '.';
}

function besidesWords({ besides, person }: Own): string {
  const list = (title: string, sentences: readonly string[]) =>
    `<h2>${title}</h2>\n${sentences.length === 0 ? '<p class="soft">Nothing is held.</p>' : `<ul>${sentences.map((one) => `<li>${escaped(one)}</li>`).join('\n')}</ul>`}\n`;
  return [
    list('Who you are to Usher', [
      `Your sign-in name is ${person.account_name}; within the record you have the number ${person.person_id}.`,
      `You were last seen on a machine on ${spoken(person.last_seen_at)}.`,
      ...besides.openSessions.map(({ since }) => `You are signed in on a machine since ${spoken(since)}.`),
      ...besides.answers.map(
        ({ decision, at, policyHash }) =>
          `On ${spoken(at)} you ${decision} the policy whose text has the hash ${policyHash}.`,
      ),
    ]),
    list('Devices you asked for, and what IT allowed', [
      ...besides.requests.map(
        ({ askedAt, reason, state, note }) =>
          `On ${spoken(askedAt)} you asked to use a device (“${reason}”). The request is ${state}${note === '' ? '' : `; IT wrote: “${note}”`}.`,
      ),
      ...besides.permissions.map(
        ({ device, until, reason }) => `You may use ${device} until ${spoken(until)}: “${reason}”.`,
      ),
      ...besides.insertions.map(
        ({ insertedAt, state }) =>
          `A device that was plugged in on ${spoken(insertedAt)} while you were signed in is listed as ${state}.`,
      ),
    ]),
    list('Alerts and notes that name you', [
      ...besides.alerts.map(({ at, sentence, sentTo }) => {
        const channels = [...new Set(sentTo.map(({ channel }) => `“${channel}”`))];
        return `An alert of ${spoken(at)}${channels.length === 0 ? '' : `, for ${channels.join(' and ')}`}: “${sentence}”`;
      }),
      ...besides.notesOnMachines.map(
        ({ foundAt, found, note }) =>
          `On ${spoken(foundAt)} this was noted on a machine: “${found}”${note === '' ? '' : ` IT wrote: “${note}”`}`,
      ),
    ]),
    list(
      'Legal holds',
      besides.legalHolds.map(
        ({ placedAt, endedAt, reason }) =>
          `Since ${spoken(placedAt)}${endedAt === null ? '' : ` and until ${spoken(endedAt)}`} your record is not removed: ${reason}.`,
      ),
    ),
  ].join('');
}

/** A cell that a spreadsheet takes for text (OWASP, "CSV Injection"). */
function cell(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

async function* table({ context, person, upTo }: Own): AsyncGenerator<string> {
  yield '\uFEFFat,received_at,machine,type,summary,verification_code,data\r\n';
  for await (const events of ownEvents(context, person.person_id, upTo, null)) {
    yield events
      .map((event) =>
        [
          event.body.at,
          event.receivedAt,
          event.machine,
          event.body.type,
          event.summary,
          event.acceptance?.code ?? '',
          JSON.stringify(event.body.data),
        ]
          .map(cell)
          .join(',')
          .concat('\r\n'),
      )
      .join('');
  }
}

async function* lines({ context, person, upTo }: Own): AsyncGenerator<string> {
  for await (const events of ownEvents(context, person.person_id, upTo, null)) {
    yield events
      .map(
        ({ body, machine, receivedAt, summary, hash, acceptance }) =>
          `${JSON.stringify({ ...body, machine, receivedAt, summary, hash, verificationCode: acceptance?.code ?? null })}\n`,
      )
      .join('');
  }
}

/** What they signed with the signed head and receipt that cover it: enough for `docs/record-format.md`. */
async function* acceptances({ context, person, upTo }: Own): AsyncGenerator<string> {
  const { store, owner } = context;
  yield '[';
  let first = true;
  for await (const events of ownEvents(context, person.person_id, upTo, 'acceptances')) {
    for (const { body, hash, acceptance } of events) {
      if (acceptance === null) continue;
      const receipt = await store
        .selectFrom('receipts')
        .select(['epoch', 'seq', 'hash', 'at', 'signature'])
        .where('trust_id', '=', owner.trustId)
        .where('device_id', '=', body.deviceId)
        .where('epoch', '=', body.epoch)
        .where('seq', '>=', body.seq)
        .orderBy('seq')
        .limit(1)
        .executeTakeFirst();
      const signed = { ...acceptance, hash, body, receipt: receipt ?? null };
      yield `${first ? '' : ','}\n${JSON.stringify(signed, null, 2)}`;
      first = false;
    }
  }
  yield '\n]\n';
}

async function* lookupLines({ context, person }: Own): AsyncGenerator<string> {
  for await (const entries of lookups(context, person.person_id)) {
    yield entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
  }
}
