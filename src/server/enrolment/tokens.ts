import { randomUUID } from 'node:crypto';
import type { Transaction } from 'kysely';
import { z } from 'zod';
import { createToken, type CreateToken, type MadeToken, type TokenRow } from '../../contract/console-machines.ts';
import { enrolmentToken, type EnrolmentToken } from '../../contract/sync.ts';
import type { AuditActor } from '../../contract/audit.ts';
import type { SchoolScope } from '../../contract/roles.ts';
import { keyFingerprint, sha256 } from '../../proof/index.ts';
import { coversSchool } from '../../rules/console-access.ts';
import { recordAction, theServer } from '../audit/record-action.ts';
import type { ServerContext } from '../context.ts';
import { notFound, RequestRefused } from '../http/problems.ts';
import { randomSecret } from '../keys/secret-file.ts';
import { inScope } from '../store/in-scope.ts';
import type { EnrolmentTokenTable, Tables } from '../store/tables.ts';

export type TokenKind = 'oneTime' | 'school';

/** Expired and revoked tokens stay in the list for so long. */
const keptDays = 90;
const hourMs = 3_600_000;

export const secretHash = (secret: string): string => sha256(secret).toString('hex');

/** `usher1.` + base64url of the token's JSON: what a person copies into a machine's set-up. */
export const tokenText = (token: EnrolmentToken): string =>
  `usher1.${Buffer.from(JSON.stringify(enrolmentToken.parse(token))).toString('base64url')}`;

type Making = Pick<ServerContext, 'store' | 'owner' | 'key' | 'now' | 'origin'>;

/** A token the server hands out by itself: for one machine within a day, or for any number within 30 days. */
export async function makeEnrolmentToken(context: Making, kind: TokenKind): Promise<string> {
  const made = await createEnrolmentToken(
    context,
    kind === 'oneTime'
      ? { name: 'For one machine', hours: 24, machines: 1, needsApproval: false }
      : { name: 'For the school', hours: 30 * 24, needsApproval: false },
    { actor: theServer, scope: 'all' },
  );
  return made.token;
}

/**
 * Makes an enrolment token. Only a hash of its secret is kept, so it cannot be shown again.
 * @throws RequestRefused when its school is none of the trust's, or none of the caller's.
 */
export async function createEnrolmentToken(
  context: Making,
  wanted: CreateToken,
  by: { actor: AuditActor; scope: SchoolScope },
): Promise<MadeToken> {
  const { owner, store } = context;
  const token = createToken.parse(wanted);
  const schoolId = token.schoolId ?? (by.scope === 'all' ? owner.schoolId : (by.scope[0] ?? owner.schoolId));
  const secret = randomSecret();
  const now = context.now();
  const row: EnrolmentTokenTable = {
    trust_id: owner.trustId,
    school_id: schoolId,
    secret_hash: secretHash(secret),
    kind: token.machines === 1 ? 'oneTime' : 'school',
    created_at: now.toISOString(),
    expires_at: new Date(now.getTime() + token.hours * hourMs).toISOString(),
    used_by: null,
    token_id: randomUUID(),
    name: token.name,
    uses_most: token.machines,
    used: 0,
    networks: JSON.stringify(token.networks),
    needs_approval: token.needsApproval ? 1 : 0,
    created_by: by.actor.name,
    revoked_at: null,
    revoked_by: null,
  };
  const school = await store.transaction().execute(async (transaction) => {
    const found = await schoolNamed(transaction, owner.trustId, schoolId, by.scope);
    await transaction
      .deleteFrom('enrolment_tokens')
      .where('trust_id', '=', owner.trustId)
      .where('expires_at', '<', new Date(now.getTime() - keptDays * 24 * hourMs).toISOString())
      .execute();
    await transaction.insertInto('enrolment_tokens').values(row).execute();
    // Tokens the server makes for itself at every start are no decision of anybody.
    if (by.actor.kind !== 'server') {
      await recordAction(transaction, context, {
        action: 'machine.tokenMade',
        actor: by.actor,
        schoolId,
        subject: row.token_id,
        detail: {
          name: token.name,
          expiresAt: row.expires_at,
          machines: token.machines,
          networks: token.networks,
          needsApproval: token.needsApproval,
        },
      });
    }
    return found;
  });
  const server = context.origin();
  return {
    token: tokenText({ server, secret, serverKeyFingerprint: keyFingerprint(context.key.publicKey) }),
    server,
    row: tokenRowOf({ ...row, school }, now.toISOString()),
  };
}

/** The school's name. @throws RequestRefused 400 when the caller may not use it or there is none. */
export async function schoolNamed(
  transaction: Transaction<Tables>,
  trustId: string,
  schoolId: string,
  scope: SchoolScope,
): Promise<string> {
  const found = await transaction
    .selectFrom('schools')
    .select('name')
    .where('trust_id', '=', trustId)
    .where('school_id', '=', schoolId)
    .executeTakeFirst();
  if (found === undefined || !coversSchool(scope, schoolId)) {
    throw new RequestRefused(400, {
      code: 'machine.noSchool',
      detail: 'schoolId: there is no school with this id that you look after. Choose one of the list.',
      field: 'schoolId',
    });
  }
  return found.name;
}

/** Tokens of the last 90 days, newest first; never a secret. */
export async function readTokens({ store, owner, now }: ServerContext, scope: SchoolScope): Promise<TokenRow[]> {
  const rows = await store
    .selectFrom('enrolment_tokens')
    .leftJoin('schools', (join) =>
      join
        .onRef('schools.trust_id', '=', 'enrolment_tokens.trust_id')
        .onRef('schools.school_id', '=', 'enrolment_tokens.school_id'),
    )
    .selectAll('enrolment_tokens')
    .select('schools.name as school')
    .where('enrolment_tokens.trust_id', '=', owner.trustId)
    .where(inScope('enrolment_tokens.school_id', scope))
    .where('enrolment_tokens.created_by', '!=', theServer.name)
    .orderBy('enrolment_tokens.created_at', 'desc')
    .orderBy('enrolment_tokens.token_id')
    .limit(500)
    .execute();
  return rows.map((row) => tokenRowOf({ ...row, school: row.school ?? row.school_id }, now().toISOString()));
}

/** @throws RequestRefused 404 when there is no such token, 409 when it was revoked before. */
export async function revokeToken(
  context: ServerContext,
  id: string,
  by: { actor: AuditActor; scope: SchoolScope },
): Promise<void> {
  const { store, owner } = context;
  await store.transaction().execute(async (transaction) => {
    const row = await transaction
      .updateTable('enrolment_tokens')
      .set({ revoked_at: context.now().toISOString(), revoked_by: by.actor.name })
      .where('trust_id', '=', owner.trustId)
      .where('token_id', '=', id)
      .where(inScope('school_id', by.scope))
      .where('revoked_at', 'is', null)
      .returning(['school_id', 'name'])
      .executeTakeFirst();
    if (row === undefined) {
      const known = await transaction
        .selectFrom('enrolment_tokens')
        .select('token_id')
        .where('trust_id', '=', owner.trustId)
        .where('token_id', '=', id)
        .where(inScope('school_id', by.scope))
        .executeTakeFirst();
      if (known === undefined) throw notFound('enrolment token');
      throw new RequestRefused(409, {
        code: 'machine.tokenRevoked',
        detail: 'This token was revoked before. Reload to see by whom.',
      });
    }
    await recordAction(transaction, context, {
      action: 'machine.tokenRevoked',
      actor: by.actor,
      schoolId: row.school_id,
      subject: id,
      detail: { name: row.name },
    });
  });
}

const networkList = z.array(z.string());
export const networksOf = (row: Pick<EnrolmentTokenTable, 'networks'>): string[] =>
  networkList.parse(JSON.parse(row.networks));

function tokenRowOf(row: EnrolmentTokenTable & { school: string }, now: string): TokenRow {
  return {
    id: row.token_id,
    name: row.name,
    schoolId: row.school_id,
    school: row.school,
    state:
      row.revoked_at !== null
        ? 'revoked'
        : row.expires_at < now
          ? 'expired'
          : row.uses_most !== null && row.used >= row.uses_most
            ? 'usedUp'
            : 'usable',
    used: row.used,
    machines: row.uses_most,
    networks: networksOf(row),
    needsApproval: row.needs_approval === 1,
    createdAt: row.created_at,
    createdBy: row.created_by,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    revokedBy: row.revoked_by,
  };
}
