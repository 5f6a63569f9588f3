import { sql, type Transaction } from 'kysely';
import type { AcceptedEvent, EventBody } from '../../contract/event.ts';
import { acceptanceId } from '../acceptances/acceptance-id.ts';
import { publicationOf } from '../policies/publications.ts';
import { keptQuery } from '../store/kept-query.ts';
import type { Tables } from '../store/tables.ts';
import { noteCounterSignature } from './counter-signatures.ts';
import { accountKey, personId } from './person-id.ts';

export interface Owner {
  trustId: string;
  schoolId: string;
}

/**
 * Keeps the list of people true to newly held events: who was seen, and what they said about which text.
 * An acceptance counts as the newest by its policy's place among those published, then by when it was signed, so a
 * machine that was offline for a month does not undo a newer answer.
 */
export async function recordPeople(
  transaction: Transaction<Tables>,
  owner: Owner,
  bodies: readonly EventBody[],
  receivedAt: string,
): Promise<void> {
  const lastSeen = new Map<string, { name: string; at: string }>();
  for (const { account, at } of bodies) {
    if (account === null) continue;
    const id = personId(owner.trustId, owner.schoolId, account.name);
    // A clock that runs ahead must not make someone seen in the future.
    const seenAt = at < receivedAt ? at : receivedAt;
    if ((lastSeen.get(id)?.at ?? '') <= seenAt) lastSeen.set(id, { name: account.name, at: seenAt });
  }
  // In one order everywhere, so that batches with the same people wait for each other and never both ways round.
  for (const [id, { name, at }] of [...lastSeen].sort(([a], [b]) => (a < b ? -1 : 1))) {
    await seen(transaction, owner, id, name, at);
  }
  for (const body of bodies) {
    if (body.account === null) continue;
    const id = personId(owner.trustId, owner.schoolId, body.account.name);
    if (body.type === 'policy.accepted') {
      await decided(transaction, owner, id, body.data.policyHash, 'accepted', body.at);
      await accepted(transaction, owner, id, body);
    } else if (body.type === 'policy.declined') {
      await decided(transaction, owner, id, body.data.policyHash, 'declined', body.at);
    }
  }
}

interface SeenPerson extends Record<string, string> {
  trustId: string;
  schoolId: string;
  id: string;
  key: string;
  name: string;
  at: string;
}
const noteSeen = keptQuery((store, { trustId, schoolId, id, key, name, at }: SeenPerson) =>
  store
    .insertInto('people')
    .values({
      trust_id: trustId,
      school_id: schoolId,
      person_id: id,
      account_key: key,
      account_name: name,
      printed_name: null,
      last_seen_at: at,
      latest_acceptance_id: null,
      latest_publication: null,
      latest_title: null,
      latest_version: null,
      latest_at: null,
      latest_device_id: null,
      audience: null,
      left_at: null,
      left_by: null,
      left_note: '',
      seen_after_leaving_at: null,
      closed_at: null,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['trust_id', 'person_id'])
        .doUpdateSet({
          account_name: name,
          last_seen_at: at,
          // The first sign of an account whose owner has left.
          seen_after_leaving_at: sql<
            string | null
          >`case when people.left_at < ${at} then coalesce(people.seen_after_leaving_at, ${at}) else people.seen_after_leaving_at end`,
        })
        .where('people.last_seen_at', '<', at),
    ),
);

async function seen(
  transaction: Transaction<Tables>,
  owner: Owner,
  id: string,
  name: string,
  at: string,
): Promise<void> {
  await noteSeen(transaction, { ...owner, id, key: accountKey(name), name, at });
}

interface Decision extends Record<string, string> {
  trustId: string;
  schoolId: string;
  id: string;
  hash: string;
  decision: 'accepted' | 'declined';
  at: string;
}
const noteDecision = keptQuery((store, { trustId, schoolId, id, hash, decision, at }: Decision) =>
  store
    .insertInto('person_policies')
    .values({ trust_id: trustId, school_id: schoolId, person_id: id, policy_hash: hash, decision, at })
    .onConflict((conflict) =>
      conflict
        .columns(['trust_id', 'person_id', 'policy_hash'])
        .doUpdateSet({ decision, at })
        .where('person_policies.at', '<=', at),
    ),
);

async function decided(
  transaction: Transaction<Tables>,
  owner: Owner,
  id: string,
  hash: string,
  decision: 'accepted' | 'declined',
  at: string,
): Promise<void> {
  await noteDecision(transaction, { ...owner, id, hash, decision, at });
}

async function accepted(
  transaction: Transaction<Tables>,
  owner: Owner,
  id: string,
  body: AcceptedEvent,
): Promise<void> {
  const published = await publicationOf(transaction, owner.trustId, body.data.policyHash);
  const publication = published?.publication ?? 0;
  if (published !== null) await noteCounterSignature(transaction, owner, id, published.signed, body);
  await transaction
    .updateTable('people')
    .set({
      printed_name: printedName(body, published?.signed.policy.form.fields ?? []),
      latest_acceptance_id: acceptanceId(body),
      latest_publication: publication,
      latest_title: body.data.policyTitle,
      latest_version: body.data.policyVersion,
      latest_at: body.at,
      latest_device_id: body.deviceId,
      audience: body.data.audience,
    })
    .where('trust_id', '=', owner.trustId)
    .where('person_id', '=', id)
    .where((row) =>
      row.or([
        row('latest_at', 'is', null),
        row('latest_publication', '<', publication),
        row.and([row('latest_publication', '=', publication), row('latest_at', '<=', body.at)]),
      ]),
    )
    .execute();
}

/** The name as printed on the form, or as typed for a signature. */
function printedName(body: AcceptedEvent, fields: readonly { id: string; kind: string }[]): string | null {
  const nameField = fields.find((field) => field.kind === 'printedName')?.id;
  const value = body.data.fields.find((field) => field.id === nameField)?.value;
  if (value?.kind === 'text' && value.value !== '') return value.value;
  for (const field of body.data.fields) {
    if (field.value.kind === 'signature' && field.value.value.kind === 'typed') return field.value.value.text;
  }
  return null;
}
