import type { ChainHead, Receipt, SealedRecord } from '../../src/contract/record.ts';
import {
  deviceIdOf,
  exportFile,
  exportLineText,
  genesisHash,
  headOf,
  sealRecord,
  signingKeyFromPem,
  signReceipt,
  type SigningKey,
} from '../../src/proof/index.ts';

/** Ed25519 keys from fixed seeds (RFC 8410 wrapping), for examples only. */
const keyFromSeed = (byte: string): SigningKey =>
  signingKeyFromPem(
    `-----BEGIN PRIVATE KEY-----\n${Buffer.from(`302e020100300506032b657004220420${byte.repeat(32)}`, 'hex').toString('base64')}\n-----END PRIVATE KEY-----\n`,
  );
export const machineKey = keyFromSeed('11');
export const serverKey = keyFromSeed('22');
export const deviceId = deviceIdOf(machineKey.publicKey);

/** A chain with fixed salts and clocks, so that it is the same bytes every time. */
export function exampleChain(length: number, name = 'r.ashdown', epoch = 1): SealedRecord[] {
  const records: SealedRecord[] = [];
  let prev = genesisHash(deviceId, epoch);
  for (let seq = 1; seq <= length; seq += 1) {
    const place = {
      deviceId,
      epoch,
      seq,
      at: new Date(Date.UTC(2026, 8, 1, 8, 0, seq)).toISOString(),
      uptimeMs: 60_000 + seq * 1_000,
      session: null,
      subject: null,
      rule: null,
    };
    const body =
      seq === 1
        ? ({
            ...place,
            type: 'journal.epochStarted',
            account: null,
            data: { reason: 'first', previous: null, detail: 'The first start with this key.' },
          } as const)
        : ({
            ...place,
            type: 'gate.shown',
            account: { id: '1000', name },
            data: { policyHash: 'b'.repeat(64), policyVersion: seq, why: 'first' },
          } as const);
    const record = sealRecord(body, prev, Buffer.alloc(16, seq));
    records.push(record);
    prev = record.hash;
  }
  return records;
}

export function receiptAt(records: readonly SealedRecord[], seq: number): Receipt {
  const record = records[seq - 1];
  if (record === undefined) throw new Error(`There is no record ${seq}`);
  return signReceipt(serverKey, { deviceId, ...headOf(record), at: '2026-09-01T08:05:00.000Z' });
}

export interface ExportChoices {
  records: readonly SealedRecord[];
  receipts?: readonly Receipt[];
  heads?: readonly ChainHead[];
}

/** The text of an export of these parts, signed by the machine. */
export function exportText({ records, receipts = [], heads }: ExportChoices): string {
  const last = records.at(-1);
  if (last === undefined) throw new Error('An export needs a record');
  const lines = exportFile({
    header: {
      deviceId,
      devicePublicKey: machineKey.publicKey,
      serverPublicKey: serverKey.publicKey,
      exportedAt: '2026-09-01T09:00:00.000Z',
    },
    records,
    receipts,
    heads: heads ?? [headOf(last)],
    key: machineKey,
  });
  return [...lines].map(exportLineText).join('');
}

/** The lines of an export with one of them changed. */
export function withLine(text: string, index: number, change: (line: string) => string): string {
  const lines = text.split('\n');
  return lines.map((line, at) => (at === index ? change(line) : line)).join('\n');
}
