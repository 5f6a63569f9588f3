import type { AcceptedEvent } from '../contract/event.ts';
import type { ChainHead } from '../contract/record.ts';
import type { AcceptanceReceipt } from '../contract/session.ts';

/** What a person keeps of an acceptance, made from its record alone, so that it can be made again at any time. */
export function acceptanceReceiptOf(
  body: AcceptedEvent,
  record: ChainHead,
  verificationCode: string,
  syncedAt: string | null,
): AcceptanceReceipt {
  return {
    policyId: body.data.policyId,
    policyTitle: body.data.policyTitle,
    policyVersion: body.data.policyVersion,
    policyHash: body.data.policyHash,
    acceptedAt: body.at,
    deviceId: body.deviceId,
    record,
    verificationCode,
    signedAs: signedAs(body),
    statements: body.data.statements.map((statement) => statement.text),
    syncedAt,
  };
}

/** The name on the form: the field that asks for a name, else a typed signature, else the sign-in name. */
export function signedAs(body: AcceptedEvent): string {
  let typed: string | null = null;
  for (const field of body.data.fields) {
    if (field.value.kind === 'text' && field.value.value !== '' && /name/i.test(`${field.id} ${field.label}`)) {
      return field.value.value;
    }
    if (field.value.kind === 'signature' && field.value.value.kind === 'typed') typed ??= field.value.value.text;
  }
  return typed ?? body.account?.name ?? 'unknown';
}
