import type { AcceptanceDetail } from '../../contract/console.ts';
import type { AcceptedEvent } from '../../contract/event.ts';
import type { SignedPolicy } from '../../contract/policy.ts';
import {
  bodyHashOf,
  deviceIdOf,
  genesisHash,
  headHolds,
  keyFingerprint,
  linkHash,
  policyHash,
  receiptHolds,
  recordFault,
  signedPolicyFault,
} from '../../proof/index.ts';
import { fillVariables } from '../../rules/policy-for-person.ts';
import type { Evidence } from './evidence.ts';

type Check = AcceptanceDetail['verification']['checks'][number];

const check = (name: string, ok: boolean, whenSound: string, whenNot: string): Check => ({
  name,
  ok,
  detail: ok ? whenSound : whenNot,
});

const short = (hash: string): string => `${hash.slice(0, 12)}…`;

/** Recomputes everything an acceptance rests on, from what is stored. Each answer stands on its own. */
export function verifyEvidence(evidence: Evidence, serverPublicKey: string): Check[] {
  const { body } = evidence.record;
  const accepted = body?.type === 'policy.accepted' ? body : null;
  return [
    bodyCheck(evidence),
    predecessorCheck(evidence),
    chainCheck(evidence),
    headCheck(evidence),
    receiptCheck(evidence, serverPublicKey),
    policyHashCheck(evidence.policy, accepted),
    policySignatureCheck(evidence.policy, serverPublicKey),
    statementsCheck(evidence.policy, accepted),
  ];
}

function bodyCheck({ record, deviceId }: Evidence): Check {
  const name = 'Body hash';
  if (record.body === null || record.salt === null) {
    return { name, ok: false, detail: 'The text of this record was removed, so it cannot be compared with its hash.' };
  }
  const hash = bodyHashOf(record.body, Buffer.from(record.salt, 'base64url'));
  const fault = recordFault(record, deviceId);
  return check(
    name,
    hash === record.bodyHash && fault === null,
    `What was signed gives the recorded hash ${short(hash)}.`,
    `What is stored is not what was recorded: ${fault ?? 'the hash differs'}.`,
  );
}

function predecessorCheck({ record, deviceId, heldBefore }: Evidence): Check {
  const expected = record.seq === 1 ? genesisHash(deviceId, record.epoch) : heldBefore;
  const before = record.seq === 1 ? 'the start of the epoch' : `record ${record.seq - 1}`;
  return check(
    'Link to the record before',
    expected === record.prev && linkHash(record.prev, record.bodyHash) === record.hash,
    `Record ${record.seq} follows ${before}.`,
    `Record ${record.seq} does not follow ${before} as it is stored.`,
  );
}

/** Does every link from the record to `end` follow from the one before, and does the last have `end`'s hash? */
function chainReaches({ record, links }: Evidence, end: { seq: number; hash: string }): boolean {
  let hash = record.prev;
  let expectedSeq = record.seq;
  for (const link of links) {
    if (link.seq > end.seq) break;
    if (link.seq !== expectedSeq || link.prev !== hash || linkHash(link.prev, link.bodyHash) !== link.hash)
      return false;
    hash = link.hash;
    expectedSeq += 1;
  }
  return expectedSeq === end.seq + 1 && hash === end.hash;
}

function chainCheck(evidence: Evidence): Check {
  const name = 'Chain to a signed head';
  const { head, record } = evidence;
  if (head === null) return { name, ok: false, detail: 'No head signed by the machine covers this record.' };
  return check(
    name,
    chainReaches(evidence, head),
    head.seq === record.seq
      ? 'The machine signed this very record as its head.'
      : `Every link from record ${record.seq} to the signed head ${head.seq} holds.`,
    `The links from record ${record.seq} to the signed head ${head.seq} do not hold.`,
  );
}

function headCheck({ head, deviceId, devicePublicKey }: Evidence): Check {
  const name = "Machine's signature";
  if (head === null) return { name, ok: false, detail: 'No head signed by the machine covers this record.' };
  return check(
    name,
    deviceIdOf(devicePublicKey) === deviceId && headHolds(devicePublicKey, deviceId, head),
    `The head is signed with the machine's enrolled key ${short(keyFingerprint(devicePublicKey))}.`,
    "The head is not signed with the machine's enrolled key.",
  );
}

function receiptCheck(evidence: Evidence, serverPublicKey: string): Check {
  const name = "Server's receipt";
  const { receipt } = evidence;
  if (receipt === null) return { name, ok: false, detail: 'No receipt covers this record.' };
  return check(
    name,
    receiptHolds(serverPublicKey, receipt) && chainReaches(evidence, receipt),
    `This server confirmed it on ${receipt.at}.`,
    "The receipt is not this server's, or does not cover this record.",
  );
}

function policyHashCheck(policy: SignedPolicy | null, accepted: AcceptedEvent | null): Check {
  const name = 'Policy text';
  if (policy === null || accepted === null) {
    return { name, ok: false, detail: 'The policy that was accepted is not held here.' };
  }
  return check(
    name,
    policyHash(policy.policy) === accepted.data.policyHash && policy.policy.id === accepted.data.policyId,
    `The text shown here has the hash that was accepted, ${short(accepted.data.policyHash)}.`,
    'The text held here is not the one that was accepted.',
  );
}

function policySignatureCheck(policy: SignedPolicy | null, serverPublicKey: string): Check {
  const name = "Policy's signature";
  if (policy === null) return { name, ok: false, detail: 'The policy that was accepted is not held here.' };
  const fault = signedPolicyFault(serverPublicKey, policy);
  return check(
    name,
    fault === null,
    `This server published it as version ${policy.version} on ${policy.publishedAt}.`,
    `The policy does not verify: ${fault ?? ''}.`,
  );
}

function statementsCheck(policy: SignedPolicy | null, accepted: AcceptedEvent | null): Check {
  const name = 'Statements signed';
  if (policy === null || accepted === null) {
    return { name, ok: false, detail: 'The policy that was accepted is not held here.' };
  }
  const asked = policy.policy.form.statements;
  const signed = new Map(accepted.data.statements.map((statement) => [statement.id, statement.text]));
  const differing = asked.find(
    ({ id, text }) => signed.get(id) !== text && signed.get(id) !== fillVariables(text, policy.policy.variables),
  );
  return check(
    name,
    differing === undefined && signed.size === asked.length,
    `All ${asked.length} statement${asked.length === 1 ? '' : 's'} of the form, word for word.`,
    differing === undefined
      ? 'More statements were signed than the form has.'
      : `The statement "${differing.id}" was not signed in the words of the form.`,
  );
}
