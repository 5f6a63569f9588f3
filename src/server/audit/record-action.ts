import type { FastifyRequest } from 'fastify';
import type { Transaction } from 'kysely';
import { auditBody, type AuditAction, type AuditActor } from '../../contract/audit.ts';
import type { SchoolScope } from '../../contract/roles.ts';
import { canonicalJson, linkHash, sha256 } from '../../proof/index.ts';
import { takeNumbers } from '../store/counters.ts';
import type { Tables } from '../store/tables.ts';

export interface ConsoleAction {
  action: AuditAction;
  actor: AuditActor;
  schoolId: string | null;
  subject: string | null;
  detail?: Record<string, unknown>;
}

export const theServer: AuditActor = { kind: 'server', id: 'server', name: 'Usher' };

/** Who is behind a request that the access check let through. */
export function actorOf(request: FastifyRequest): AuditActor {
  const user = request.consoleUser;
  return user === null
    ? { kind: 'operator', id: 'operator', name: 'Operator' }
    : { kind: 'user', id: user.id, name: user.name };
}

/** Who does something in the console, and in which schools they may. */
export interface Doer {
  actor: AuditActor;
  scope: SchoolScope;
}

export const doerOf = (request: FastifyRequest): Doer => ({ actor: actorOf(request), scope: request.scope });

/** The `prev` of a trust's first entry. */
export const auditGenesis = (trustId: string): string =>
  sha256(canonicalJson({ context: 'usher/audit/1', trustId })).toString('hex');

/**
 * Adds to the audit trail, in the transaction that makes the change: either both are there or neither. The counter's row
 * stays locked until the commit, so that entries form one chain whichever server process writes them.
 */
export async function recordAction(
  transaction: Transaction<Tables>,
  { owner, now }: { owner: { trustId: string }; now: () => Date },
  { action, actor, schoolId, subject, detail = {} }: ConsoleAction,
): Promise<void> {
  const number = await takeNumbers(transaction, owner.trustId, 'audit', 1);
  const before = await transaction
    .selectFrom('audit_entries')
    .select('hash')
    .where('trust_id', '=', owner.trustId)
    .where('number', '=', number - 1)
    .executeTakeFirst();
  const prev = before?.hash ?? auditGenesis(owner.trustId);
  const body = auditBody.parse({ number, at: now().toISOString(), actor, action, schoolId, subject, detail });
  const text = canonicalJson(body);
  await transaction
    .insertInto('audit_entries')
    .values({
      trust_id: owner.trustId,
      number,
      school_id: schoolId,
      at: body.at,
      actor_id: actor.id,
      action,
      subject,
      body: text,
      prev,
      hash: linkHash(prev, sha256(text).toString('hex')),
    })
    .execute();
}
