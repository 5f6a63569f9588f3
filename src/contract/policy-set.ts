import { z } from 'zod';
import { deviceId, ed25519Signature, instant, sha256Hex } from './primitives.ts';

/** More are not published at once, and not taken. */
export const mostPoliciesInForce = 20;

/**
 * Which policies are in force on one machine, in the order in which people are asked. Only the first that has rules says
 * what the machine does. Ed25519 by the server's key over `{context:'usher/policy-set/1', deviceId, issuedAt, hashes}`.
 */
export const policySet = z.strictObject({
  deviceId,
  issuedAt: instant,
  hashes: z.array(sha256Hex).max(mostPoliciesInForce),
  signature: ed25519Signature,
});
export type PolicySet = z.infer<typeof policySet>;
