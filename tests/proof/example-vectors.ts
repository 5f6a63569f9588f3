import { exampleChain, exportText, receiptAt, withLine } from './an-export.ts';

/** One export and what a verifier must find in it. */
export interface Vector {
  name: string;
  exitCode: number;
  at: { epoch: number; seq: number } | null;
  text: string;
}

/** The published test vectors: one sound export, and one for every way to be wrong. */
export function exampleVectors(): Vector[] {
  const records = exampleChain(5);
  const receipts = [receiptAt(records, 4)];
  const sound = exportText({ records, receipts });
  const redacted = records.map((record) => (record.seq === 3 ? { ...record, body: null, salt: null } : record));
  const other = exampleChain(5, 'j.ashdown');
  const lines = sound.split('\n');
  const swap = [lines[0], lines[1], lines[3], lines[2], ...lines.slice(4)].join('\n');
  const flip = (line: string) =>
    line.replace(/"signature":"(.)/, (_all, first: string) => `"signature":"${first === 'A' ? 'B' : 'A'}`);
  return [
    { name: 'sound', exitCode: 0, at: null, text: sound },
    { name: 'sound-body-removed', exitCode: 0, at: null, text: exportText({ records: redacted, receipts }) },
    { name: 'unreadable', exitCode: 2, at: null, text: withLine(sound, 2, (line) => line.slice(0, 40)) },
    {
      name: 'changed-body',
      exitCode: 3,
      at: { epoch: 1, seq: 3 },
      text: withLine(sound, 3, (line) => line.replace('r.ashdown', 'j.ashdown')),
    },
    { name: 'reordered', exitCode: 3, at: { epoch: 1, seq: 2 }, text: swap },
    { name: 'bad-receipt-signature', exitCode: 4, at: { epoch: 1, seq: 4 }, text: withLine(sound, 6, flip) },
    { name: 'bad-head-signature', exitCode: 4, at: { epoch: 1, seq: 5 }, text: withLine(sound, 7, flip) },
    {
      name: 'record-left-out',
      exitCode: 5,
      at: { epoch: 1, seq: 3 },
      text: [...lines.slice(0, 3), ...lines.slice(4)].join('\n'),
    },
    { name: 'cut-off', exitCode: 5, at: { epoch: 1, seq: 5 }, text: `${lines.slice(0, 5).join('\n')}\n` },
    {
      name: 'fork',
      exitCode: 6,
      at: { epoch: 1, seq: 4 },
      text: exportText({ records, receipts: [receiptAt(other, 4)] }),
    },
  ];
}
