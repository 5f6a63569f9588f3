import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { verifyExitCodes, verifyExport, type Verification } from '../proof/index.ts';

/** `usher verify FILE`: needs nothing but the file. Its exit code says what it found (docs/record-format.md). */
export function verifyCommand(): Command {
  return new Command('verify')
    .description(
      'Check an exported record by itself. Exit codes: 0 sound, 2 unreadable, 3 a record was changed or reordered, 4 a signature is wrong, 5 records are missing or cut off, 6 a fork.',
    )
    .argument('<file>', 'a file that "usher export" wrote')
    .option('--json', 'print the finding as JSON')
    .action((file: string, options: { json?: true }) => {
      const found = verificationOf(file);
      console.log(
        options.json === true
          ? JSON.stringify({ exitCode: verifyExitCodes[found.outcome], ...found })
          : wordsFor(found),
      );
      process.exitCode = verifyExitCodes[found.outcome];
    });
}

function verificationOf(file: string): Verification {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(file));
  } catch (error) {
    const reason =
      error instanceof TypeError
        ? `${file} is not text.`
        : `${file} could not be read. Check the path and that you may open it.`;
    return {
      outcome: 'unreadable',
      at: null,
      reason,
      deviceId: null,
      records: 0,
      receipts: 0,
      bodiesRemoved: 0,
      heads: [],
    };
  }
  return verifyExport(text);
}

const headlines: Record<Verification['outcome'], string> = {
  sound: 'Sound.',
  unreadable: 'Unreadable.',
  changed: 'Not sound: a record was changed or reordered.',
  badSignature: 'Not sound: a signature is wrong.',
  missing: 'Not sound: records are missing or cut off.',
  fork: 'Not sound: a fork.',
};

function wordsFor(found: Verification): string {
  const lines = [`${headlines[found.outcome]} ${found.reason.charAt(0).toUpperCase()}${found.reason.slice(1)}`];
  if (found.at !== null) lines.push(`First bad record: seq ${found.at.seq} of epoch ${found.at.epoch}.`);
  if (found.deviceId !== null)
    lines.push(
      `Machine ${found.deviceId}; ${found.records} records, ${found.receipts} receipts of the server${found.bodiesRemoved === 0 ? '' : `, ${found.bodiesRemoved} bodies removed by retention`}.`,
    );
  if (found.outcome === 'sound')
    lines.push("Compare the machine's id with the one on the console: the file proves that this machine wrote it.");
  return lines.join('\n');
}
