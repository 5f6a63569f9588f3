import type { PolicySet } from '../contract/policy-set.ts';
import type { Policy, SignedPolicy } from '../contract/policy.ts';
import type { ChainHead, ExportEnd, Receipt, SignedHead } from '../contract/record.ts';
import type { SignedStanding, SyncRequest } from '../contract/sync.ts';
import type { UsbPermits } from '../contract/usb.ts';
import { canonicalJson, sha256 } from './canonical.ts';
import { fieldsSignatureHolds, signFields, type SignedFields, type SigningKey } from './keys.ts';

const headFields = (deviceId: string, head: ChainHead) => ({
  deviceId,
  epoch: head.epoch,
  seq: head.seq,
  hash: head.hash,
});

export function signHead(key: SigningKey, deviceId: string, head: ChainHead): SignedHead {
  const { epoch, seq, hash } = head;
  return { epoch, seq, hash, signature: signFields(key, 'usher/head/1', headFields(deviceId, head)) };
}

export function headHolds(devicePublicKey: string, deviceId: string, head: SignedHead): boolean {
  return fieldsSignatureHolds(devicePublicKey, 'usher/head/1', headFields(deviceId, head), head.signature);
}

/** What a machine signed with the head. */
export const signedHeadFields = (deviceId: string, head: SignedHead): SignedFields => ({
  context: 'usher/head/1',
  fields: headFields(deviceId, head),
  signature: head.signature,
});

const receiptFields = (receipt: Omit<Receipt, 'signature'>) => ({
  deviceId: receipt.deviceId,
  epoch: receipt.epoch,
  seq: receipt.seq,
  hash: receipt.hash,
  at: receipt.at,
});

export function signReceipt(key: SigningKey, receipt: Omit<Receipt, 'signature'>): Receipt {
  return { ...receiptFields(receipt), signature: signFields(key, 'usher/receipt/1', receiptFields(receipt)) };
}

export function receiptHolds(serverPublicKey: string, receipt: Receipt): boolean {
  return fieldsSignatureHolds(serverPublicKey, 'usher/receipt/1', receiptFields(receipt), receipt.signature);
}

/** SHA-256 over the RFC 8785 JSON of the policy, hexadecimal. */
export function policyHash(policy: Policy): string {
  return sha256(canonicalJson(policy)).toString('hex');
}

const policyFields = (signed: Omit<SignedPolicy, 'signature'>) => ({
  policyId: signed.policy.id,
  version: signed.version,
  hash: signed.hash,
  publishedAt: signed.publishedAt,
});

export function signPolicy(key: SigningKey, policy: Policy, version: number, publishedAt: string): SignedPolicy {
  const unsigned = { policy, hash: policyHash(policy), version, publishedAt };
  return { ...unsigned, signature: signFields(key, 'usher/policy/1', policyFields(unsigned)) };
}

/** Null when the hash and the server's signature are right, else one sentence that says which is not. */
export function signedPolicyFault(serverPublicKey: string, signed: SignedPolicy): string | null {
  if (policyHash(signed.policy) !== signed.hash) return 'the policy is not the one its hash names';
  if (!fieldsSignatureHolds(serverPublicKey, 'usher/policy/1', policyFields(signed), signed.signature)) {
    return "the policy is not signed by this school's server";
  }
  return null;
}

const policySetFields = ({ deviceId, issuedAt, hashes }: Omit<PolicySet, 'signature'>) => ({
  deviceId,
  issuedAt,
  hashes,
});

export function signPolicySet(key: SigningKey, set: Omit<PolicySet, 'signature'>): PolicySet {
  return { ...set, signature: signFields(key, 'usher/policy-set/1', policySetFields(set)) };
}

export function policySetHolds(serverPublicKey: string, set: PolicySet): boolean {
  return fieldsSignatureHolds(serverPublicKey, 'usher/policy-set/1', policySetFields(set), set.signature);
}

const permitFields = ({ deviceId, issuedAt, grants, answers, codeKey }: Omit<UsbPermits, 'signature'>) => ({
  deviceId,
  issuedAt,
  grants,
  answers,
  codeKey,
});

export function signPermits(key: SigningKey, permits: Omit<UsbPermits, 'signature'>): UsbPermits {
  return { ...permits, signature: signFields(key, 'usher/usb-permits/1', permitFields(permits)) };
}

export function permitsHold(serverPublicKey: string, permits: UsbPermits): boolean {
  return fieldsSignatureHolds(serverPublicKey, 'usher/usb-permits/1', permitFields(permits), permits.signature);
}

const enrolFields = (deviceId: string, secret: string) => ({ deviceId, secret });

export function signEnrolment(key: SigningKey, deviceId: string, secret: string): string {
  return signFields(key, 'usher/enrol/1', enrolFields(deviceId, secret));
}

export function enrolmentHolds(publicKey: string, deviceId: string, secret: string, proof: string): boolean {
  return fieldsSignatureHolds(publicKey, 'usher/enrol/1', enrolFields(deviceId, secret), proof);
}

const syncFields = (request: Omit<SyncRequest, 'signature'>) => ({
  deviceId: request.deviceId,
  sentAt: request.sentAt,
  epoch: request.epoch,
  head: request.head?.hash ?? null,
  policyHash: request.policyHash,
  ...(request.policyHashes === undefined ? {} : { policyHashes: request.policyHashes }),
  ...(request.permitsIssuedAt === undefined ? {} : { permitsIssuedAt: request.permitsIssuedAt }),
  ...(request.position === undefined ? {} : { position: request.position }),
  ...(request.wantedPolicy === undefined ? {} : { wantedPolicy: request.wantedPolicy }),
});

export function signSyncRequest(key: SigningKey, request: Omit<SyncRequest, 'signature'>): SyncRequest {
  return { ...request, signature: signFields(key, 'usher/sync/1', syncFields(request)) };
}

/** What a machine signed with the request. */
export const signedRequestFields = (request: SyncRequest): SignedFields => ({
  context: 'usher/sync/1',
  fields: syncFields(request),
  signature: request.signature,
});

const standingFields = ({ deviceId, standing, answers }: Omit<SignedStanding, 'signature'>) => ({
  deviceId,
  standing,
  answers,
});

export function signStanding(key: SigningKey, standing: Omit<SignedStanding, 'signature'>): SignedStanding {
  return { ...standing, signature: signFields(key, 'usher/standing/1', standingFields(standing)) };
}

export function standingHolds(serverPublicKey: string, standing: SignedStanding): boolean {
  return fieldsSignatureHolds(serverPublicKey, 'usher/standing/1', standingFields(standing), standing.signature);
}

const exportFields = (deviceId: string, end: Omit<ExportEnd, 'signature'>) => ({
  deviceId,
  heads: end.heads,
  records: end.records,
  receipts: end.receipts,
  digest: end.digest,
});

export function signExportEnd(key: SigningKey, deviceId: string, end: Omit<ExportEnd, 'signature'>): ExportEnd {
  return { ...end, signature: signFields(key, 'usher/export/1', exportFields(deviceId, end)) };
}

export function exportEndHolds(devicePublicKey: string, deviceId: string, end: ExportEnd): boolean {
  return fieldsSignatureHolds(devicePublicKey, 'usher/export/1', exportFields(deviceId, end), end.signature);
}
