import type { Transaction } from 'kysely';
import type { EnrolAnswer, EnrolRequest } from '../../contract/sync.ts';
import { deviceIdOf, enrolmentHolds, keyFingerprint } from '../../proof/index.ts';
import { tellingSerial } from '../../rules/machine-standing.ts';
import type { ServerContext } from '../context.ts';
import { RequestRefused } from '../http/problems.ts';
import { noteFinding } from '../machines/findings.ts';
import { listedAs } from '../machines/listed-as.ts';
import type { DeviceTable, EnrolmentTokenTable, Tables } from '../store/tables.ts';
import { inNetworks } from './networks.ts';
import { networksOf, secretHash } from './tokens.ts';

const refusedEnrolment = (status: number, code: string, detail: string, field: string) =>
  new RequestRefused(status, { code, detail, field });

/**
 * Enrols a machine: its id must follow from its key, its proof from its private key, and the secret must be one this
 * server gave out, that may be used from `address` and has a place left. A machine that is enrolled already may come
 * again: that refreshes what is known of it and takes no place.
 * @throws RequestRefused 400, 401 or 403, with nothing changed but when something last claimed to be a known computer.
 */
export async function enrol(context: ServerContext, request: EnrolRequest, address: string): Promise<EnrolAnswer> {
  refuseForged(request);
  try {
    return await context.store.transaction().execute((transaction) => enrolIn(transaction, context, request, address));
  } catch (error) {
    if (error instanceof RequestRefused) await noteClaim(context, request);
    throw error;
  }
}

function refuseForged(request: EnrolRequest): void {
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
}

async function enrolIn(
  transaction: Transaction<Tables>,
  context: ServerContext,
  request: EnrolRequest,
  address: string,
): Promise<EnrolAnswer> {
  const { trustId } = context.owner;
  const now = context.now().toISOString();
  const token = await usableToken(transaction, trustId, request.secret, address, now);
  const known = await transaction
    .selectFrom('devices')
    .selectAll()
    .where('trust_id', '=', trustId)
    .where('device_id', '=', request.deviceId)
    .executeTakeFirst();
  if (known === undefined) await takePlace(transaction, trustId, token, request.deviceId, now);
  const schoolId = known?.school_id ?? token.school_id;
  if (known === undefined) await addMachine(transaction, trustId, request, token, now);
  else await refresh(transaction, known, request);
  return { deviceId: request.deviceId, schoolId, serverPublicKey: context.key.publicKey, serverTime: now };
}

async function usableToken(
  transaction: Transaction<Tables>,
  trustId: string,
  secret: string,
  address: string,
  now: string,
): Promise<EnrolmentTokenTable> {
  const token = await transaction
    .selectFrom('enrolment_tokens')
    .selectAll()
    .where('trust_id', '=', trustId)
    .where('secret_hash', '=', secretHash(secret))
    .executeTakeFirst();
  if (token === undefined || token.expires_at < now) {
    throw refusedEnrolment(
      401,
      'enrol.badToken',
      'This enrolment token is unknown here or has expired. Ask for a new one at the server.',
      'secret',
    );
  }
  if (token.revoked_at !== null) {
    throw refusedEnrolment(
      401,
      'enrol.tokenRevoked',
      `This enrolment token was revoked by ${token.revoked_by ?? 'an administrator'}. Ask for a new one at the server.`,
      'secret',
    );
  }
  const networks = networksOf(token);
  if (!inNetworks(address, networks)) {
    throw refusedEnrolment(
      403,
      'enrol.wrongNetwork',
      `This enrolment token may be used only from ${networks.join(', ')}; the machine came from ${address}. Connect it to the school's network, or make a token for this one.`,
      'secret',
    );
  }
  return token;
}

/**
 * Takes one place of the token, or refuses. The row is counted up by one statement that looks at the limit itself, so
 * that of two machines that come for the last place at once only one gets it, on any database.
 */
async function takePlace(
  transaction: Transaction<Tables>,
  trustId: string,
  token: EnrolmentTokenTable,
  deviceId: string,
  now: string,
): Promise<void> {
  const taken = await transaction
    .updateTable('enrolment_tokens')
    .set((row) => ({ used: row('used', '+', 1), used_by: deviceId }))
    .where('trust_id', '=', trustId)
    .where('secret_hash', '=', token.secret_hash)
    .where('revoked_at', 'is', null)
    .where((row) => row.or([row('uses_most', 'is', null), row('used', '<', row.ref('uses_most'))]))
    .executeTakeFirst();
  if (taken.numUpdatedRows === 0n) {
    throw refusedEnrolment(
      401,
      'enrol.tokenUsed',
      token.uses_most === 1
        ? 'This enrolment token was already used by another machine. Ask for a new one at the server.'
        : `This enrolment token was for ${String(token.uses_most)} machines, and so many have come. Ask for a new one at the server.`,
      'secret',
    );
  }
  await transaction
    .insertInto('enrolment_uses')
    .values({ trust_id: trustId, school_id: token.school_id, token_id: token.token_id, device_id: deviceId, at: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

async function addMachine(
  transaction: Transaction<Tables>,
  trustId: string,
  request: EnrolRequest,
  token: EnrolmentTokenTable,
  now: string,
): Promise<void> {
  const owner = { trustId, schoolId: token.school_id };
  const { deviceId, machine } = request;
  const former = await sameSerial(transaction, owner.trustId, deviceId, machine.serial);
  const waits = token.needs_approval === 1;
  await transaction
    .insertInto('devices')
    .values({
      trust_id: owner.trustId,
      school_id: owner.schoolId,
      device_id: deviceId,
      public_key: request.publicKey,
      key_fingerprint: keyFingerprint(request.publicKey),
      ...factsOf(request, null),
      enrolled_at: now,
      last_seen_at: null,
      clock_offset_ms: null,
      policy_hash: null,
      display_name: null,
      standing: waits ? 'waiting' : 'approved',
      standing_reason: '',
      standing_at: waits ? null : now,
      standing_by: waits ? null : `the token “${token.name}”`,
      token_id: token.token_id,
      replaces: former?.device_id ?? null,
      untrusted_at: null,
      exchange: null,
      exchange_before: null,
      exchange_displaced: '[]',
      exchange_sent_at: null,
    })
    .execute();
  if (former !== undefined) {
    await noteFinding(transaction, owner, {
      deviceId,
      kind: 'reinstalled',
      detail: `It has the serial number of ${former.display_name ?? former.hostname} (${machine.serial ?? ''}) and another key: the same computer set up again, or two that say the same.`,
      at: now,
    });
  }
}

/** A trusted machine with another key and the same serial number, the one last seen. */
async function sameSerial(
  transaction: Transaction<Tables>,
  trustId: string,
  deviceId: string,
  serial: string | null,
): Promise<Pick<DeviceTable, 'device_id' | 'hostname' | 'display_name'> | undefined> {
  const telling = tellingSerial(serial);
  if (telling === null) return undefined;
  return await transaction
    .selectFrom('devices')
    .select(['device_id', 'hostname', 'display_name'])
    .where('trust_id', '=', trustId)
    .where('serial', '=', telling)
    .where('device_id', '!=', deviceId)
    .where('standing', 'in', ['approved', 'waiting'])
    .orderBy('enrolled_at', 'desc')
    .executeTakeFirst();
}

/** The same machine comes again: what it says of itself becomes the newest; where it stands is not its to change. */
async function refresh(transaction: Transaction<Tables>, known: DeviceTable, request: EnrolRequest): Promise<void> {
  if (known.standing === 'revoked' || known.standing === 'refused') {
    const what = known.standing === 'revoked' ? 'was taken out of the school’s record' : 'was not let in';
    throw refusedEnrolment(
      403,
      `enrol.${known.standing}`,
      `This machine ${what}${known.standing_reason === '' ? '' : ` (${known.standing_reason})`}. An administrator has to allow it again, on its page under Machines.`,
      'deviceId',
    );
  }
  await transaction
    .updateTable('devices')
    .set(factsOf(request, known.display_name))
    .where('trust_id', '=', known.trust_id)
    .where('device_id', '=', known.device_id)
    .execute();
}

function factsOf({ machine }: EnrolRequest, displayName: string | null) {
  const facts = {
    hostname: machine.hostname,
    operating_system: machine.operatingSystem,
    model: machine.model,
    serial: machine.serial,
    agent_version: machine.agentVersion,
  };
  return { ...facts, ...listedAs({ ...facts, display_name: displayName }) };
}

/** A refused attempt with a known computer's serial number and name shows that the computer is on the network. */
async function noteClaim(context: ServerContext, { machine, deviceId }: EnrolRequest): Promise<void> {
  const telling = tellingSerial(machine.serial);
  if (telling === null) return;
  try {
    await context.store
      .updateTable('devices')
      .set({ untrusted_at: context.now().toISOString() })
      .where('trust_id', '=', context.owner.trustId)
      .where('serial', '=', telling)
      .where('hostname', '=', machine.hostname)
      .where('device_id', '!=', deviceId)
      .execute();
  } catch (error) {
    context.log.warn({ err: error }, 'a refused enrolment could not be noted');
  }
}
