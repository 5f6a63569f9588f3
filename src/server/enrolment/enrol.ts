import type { EnrolAnswer, EnrolRequest } from '../../contract/sync.ts';
import { deviceIdOf, enrolmentHolds, keyFingerprint } from '../../proof/index.ts';
import type { ServerContext } from '../context.ts';
import { RequestRefused } from '../http/problems.ts';
import { secretHash } from './tokens.ts';

const refusedEnrolment = (status: number, code: string, detail: string, field: string) =>
  new RequestRefused(status, { code, detail, field });

/**
 * Enrols a machine: its id must follow from its key, its proof from its private key, and the secret must be one this
 * server gave out. The same machine may come again with the same token, which refreshes what is known of it.
 * @throws RequestRefused 400 or 401, with nothing changed.
 */
export async function enrol(context: ServerContext, request: EnrolRequest): Promise<EnrolAnswer> {
  if (deviceIdOf(request.publicKey) !== request.deviceId) {
    throw refusedEnrolment(
      400,
      'enrol.invalid',
      "deviceId: is not the one that follows from the machine's key.",
      'deviceId',
    );
  }
  if (!enrolmentHolds(request.publicKey, request.deviceId, request.secret, request.proof)) {
    throw refusedEnrolment(
      401,
      'enrol.badProof',
      "The proof is not signed with the machine's own key. Nothing was changed.",
      'proof',
    );
  }
  const { owner } = context;
  const now = context.now().toISOString();
  return await context.store.transaction().execute(async (transaction) => {
    const token = await transaction
      .selectFrom('enrolment_tokens')
      .select(['kind', 'school_id', 'expires_at', 'used_by'])
      .where('trust_id', '=', owner.trustId)
      .where('secret_hash', '=', secretHash(request.secret))
      .executeTakeFirst();
    if (token === undefined || token.expires_at < now) {
      throw refusedEnrolment(
        401,
        'enrol.badToken',
        'This enrolment token is unknown here or has expired. Ask for a new one at the server.',
        'secret',
      );
    }
    if (token.kind === 'oneTime' && token.used_by !== null && token.used_by !== request.deviceId) {
      throw refusedEnrolment(
        401,
        'enrol.tokenUsed',
        'This enrolment token was already used by another machine. Ask for a new one at the server.',
        'secret',
      );
    }
    await transaction
      .updateTable('enrolment_tokens')
      .set({ used_by: request.deviceId })
      .where('trust_id', '=', owner.trustId)
      .where('secret_hash', '=', secretHash(request.secret))
      .execute();
    const { machine } = request;
    const facts = {
      hostname: machine.hostname,
      operating_system: machine.operatingSystem,
      model: machine.model,
      serial: machine.serial,
      agent_version: machine.agentVersion,
    };
    await transaction
      .insertInto('devices')
      .values({
        trust_id: owner.trustId,
        school_id: token.school_id,
        device_id: request.deviceId,
        public_key: request.publicKey,
        key_fingerprint: keyFingerprint(request.publicKey),
        ...facts,
        enrolled_at: now,
        last_seen_at: null,
        clock_offset_ms: null,
        policy_hash: null,
      })
      .onConflict((conflict) => conflict.columns(['trust_id', 'device_id']).doUpdateSet(facts))
      .execute();
    return {
      deviceId: request.deviceId,
      schoolId: token.school_id,
      serverPublicKey: context.key.publicKey,
      serverTime: now,
    };
  });
}
