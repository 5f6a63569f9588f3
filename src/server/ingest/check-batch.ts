import type { SealedRecord } from '../../contract/record.ts';
import { syncProblemStatus, type SyncProblemCode, type SyncRequest } from '../../contract/sync.ts';
import {
  canonicalTextOf,
  recordFault,
  signatureHoldsOffThread,
  signedHeadFields,
  signedRequestFields,
} from '../../proof/index.ts';
import { RequestRefused } from '../http/problems.ts';
import type { NotPlaced } from './place-batch.ts';

/** A refusal of `POST /v1/sync` under the status its code travels with. */
export function syncRefused(
  code: SyncProblemCode,
  detail: string,
  more: { field?: string; members?: Record<string, unknown> } = {},
): RequestRefused {
  const problem = more.field === undefined ? { code, detail } : { code, detail, field: more.field };
  return new RequestRefused(
    syncProblemStatus[code],
    problem,
    more.members === undefined ? {} : { members: more.members },
  );
}

/** Did the machine itself send this, and did it sign where the batch ends? */
export async function signatureRefusal(request: SyncRequest, devicePublicKey: string): Promise<RequestRefused | null> {
  const { head } = request;
  const [requestHolds, headHolds] = await Promise.all([
    signatureHoldsOffThread(devicePublicKey, signedRequestFields(request)),
    head === null || signatureHoldsOffThread(devicePublicKey, signedHeadFields(request.deviceId, head)),
  ]);
  if (!requestHolds) {
    return syncRefused(
      'sync.badSignature',
      "The request is not signed with this machine's key, so nothing was taken. Enrol the machine again if its key was replaced.",
      { field: 'signature' },
    );
  }
  if (!headHolds) {
    return syncRefused(
      'sync.badSignature',
      "The head of the batch is not signed with this machine's key, so nothing was taken.",
      { field: 'head.signature' },
    );
  }
  return null;
}

/** Each body's canonical JSON, made once: it is what was hashed, and what is stored. */
export const bodyTextsOf = (request: SyncRequest): (string | null)[] =>
  request.records.map((record) => canonicalTextOf(record.body));

/** Is the batch one unbroken piece of chain that ends at its head? Says which record is to blame. */
export function chainRefusal(request: SyncRequest, bodyTexts: readonly (string | null)[]): RequestRefused | null {
  let previous: SealedRecord | undefined;
  for (const [index, record] of request.records.entries()) {
    const broken = (why: string) =>
      syncRefused(
        'sync.brokenChain',
        `Record ${record.seq} cannot be taken: ${why}. Nothing of this batch was taken.`,
        {
          field: `records.${index}`,
        },
      );
    if (record.epoch !== request.epoch)
      return broken(`it belongs to epoch ${record.epoch}, the batch to ${request.epoch}`);
    const fault = recordFault(record, request.deviceId, bodyTexts[index]);
    if (fault !== null) return broken(fault);
    if (previous !== undefined) {
      if (record.seq !== previous.seq + 1) return broken(`it comes after record ${previous.seq}`);
      if (record.prev !== previous.hash) return broken('it does not name the record before it');
    }
    previous = record;
  }
  const head = request.head;
  if (previous === undefined || head === null) return null;
  if (head.epoch !== previous.epoch || head.seq !== previous.seq || head.hash !== previous.hash) {
    return syncRefused('sync.brokenChain', 'The signed head is not the last record of the batch. Nothing was taken.', {
      field: 'head',
    });
  }
  return null;
}

/** Why a batch could not go on what is held. */
export function placementRefusal(refused: NotPlaced): RequestRefused {
  switch (refused.kind) {
    case 'gap':
      return syncRefused(
        'sync.gap',
        `Records before this batch are missing: send from record ${refused.expectedSeq} on. Nothing was taken.`,
        { field: 'records', members: { expectedSeq: refused.expectedSeq } },
      );
    case 'broken':
      return syncRefused(
        'sync.brokenChain',
        `Record ${refused.record.seq} cannot be taken: ${refused.why}. Nothing of this batch was taken.`,
        { field: 'records.0' },
      );
    case 'fork':
      return syncRefused(
        'sync.fork',
        `The server already holds another record ${refused.seq} of this machine. What it holds stays; both are kept as evidence and IT is told.`,
        { field: 'records' },
      );
  }
}
