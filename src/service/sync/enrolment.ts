import { z } from 'zod';
import { deviceId, ed25519PublicKey, hiddenInNames, instant } from '../../contract/primitives.ts';
import { enrolAnswer, type EnrolmentToken, type MachineFacts } from '../../contract/sync.ts';
import { keyFingerprint, signEnrolment, type SigningKey } from '../../proof/index.ts';
import { exchange, type ExchangeFailure, type ExchangeOptions } from './exchange.ts';

/** What the machine keeps of its enrolment: whom it trusts. */
export const enrolment = z.strictObject({
  server: z.url(),
  schoolId: z.string(),
  deviceId,
  serverPublicKey: ed25519PublicKey,
  enrolledAt: instant,
});
export type Enrolment = z.infer<typeof enrolment>;

/** Trades the token for a place at the school's server. Nothing of the answer is used unless its key is the token's. */
export async function enrol(
  token: EnrolmentToken,
  key: SigningKey,
  ownId: string,
  machine: MachineFacts,
  options: ExchangeOptions,
): Promise<{ ok: true; enrolment: Enrolment } | ExchangeFailure> {
  const request = {
    secret: token.secret,
    deviceId: ownId,
    publicKey: key.publicKey,
    machine: printable(machine),
    proof: signEnrolment(key, ownId, token.secret),
  };
  const server = new URL(token.server).origin;
  const result = await exchange(`${server}/v1/enrol`, request, enrolAnswer, options);
  if (!result.ok) return result;
  const answer = result.value;
  if (keyFingerprint(answer.serverPublicKey) !== token.serverKeyFingerprint) {
    return notTrusted(
      `The server at ${server} is not the one the enrolment token names: its key is another. Check the address and get a new token from the console.`,
    );
  }
  if (answer.deviceId !== ownId) return notTrusted(`The server at ${server} enrolled another machine than this one.`);
  return {
    ok: true,
    enrolment: {
      server,
      schoolId: answer.schoolId,
      deviceId: ownId,
      serverPublicKey: answer.serverPublicKey,
      enrolledAt: new Date(options.now()).toISOString(),
    },
  };
}

/** What firmware says of itself may hold anything; the server takes what can be printed. */
function printable(facts: MachineFacts): MachineFacts {
  const clean = (text: string) => text.replaceAll(hiddenInNames, ' ').trim();
  return {
    hostname: clean(facts.hostname),
    operatingSystem: clean(facts.operatingSystem),
    model: facts.model === null ? null : clean(facts.model),
    serial: facts.serial === null ? null : clean(facts.serial),
    agentVersion: clean(facts.agentVersion),
  };
}

function notTrusted(sentence: string): ExchangeFailure {
  return { ok: false, kind: 'refused', sentence, code: 'enrol.notTrusted', problem: null, retryAfterSeconds: null };
}
