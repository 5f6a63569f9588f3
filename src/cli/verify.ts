import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { packLimits } from '../contract/pack.ts';
import {
  looksLikePack,
  readWitnessKey,
  verifyExitCodes,
  verifyExport,
  verifyPack,
  type PackVerification,
  type Verification,
  type Witness,
} from '../proof/index.ts';
import { compareWithRemembered, readRemembered } from './remembered-checkpoint.ts';

interface VerifyOptions {
  json?: true;
  serverKey?: string;
  witnessKey?: string;
  remember?: string;
  server?: string;
}

/** `usher verify FILE`: needs nothing but the file. Its exit code says what it found (docs/record-format.md). */
export function verifyCommand(): Command {
  return new Command('verify')
    .description(
      'Check an exported record or an evidence pack by itself. Exit codes: 0 sound, 2 unreadable, 3 a record was changed or reordered, 4 a signature is wrong, 5 records are missing or cut off, 6 a fork, 7 the log was rewritten.',
    )
    .argument('[file]', 'a file that "usher export" wrote, or an evidence pack; without one, only the log is compared')
    .option('--server-key <fingerprint>', "the fingerprint of the server's key, as the console shows it")
    .option('--witness-key <key>', 'demand this witness’s signature over the checkpoint of a pack')
    .option('--remember <file>', 'keep the newest checkpoint there, and check that the log goes on from the one kept')
    .option('--server <origin>', "where to ask for a proof that the file does not hold: the server's address")
    .option('--json', 'print the finding as JSON')
    .action(async (file: string | undefined, options: VerifyOptions) => {
      const found = await verificationOf(file, options);
      console.log(
        options.json === true
          ? JSON.stringify({ exitCode: verifyExitCodes[found.outcome], ...plain(found) })
          : wordsFor(found),
      );
      process.exitCode = verifyExitCodes[found.outcome];
    });
}

type Found = Verification | PackVerification;

const isPack = (found: Found): found is PackVerification => 'links' in found;

async function verificationOf(file: string | undefined, options: VerifyOptions): Promise<Found> {
  const serverKeyFingerprint = fingerprintFrom(options.serverKey);
  const witness = witnessFrom(options.witnessKey);
  const remembered = options.remember === undefined ? undefined : readRemembered(options.remember);
  const found = file === undefined ? nothingYet : verifyBytes(file, { serverKeyFingerprint, witness, remembered });
  if (options.remember === undefined) {
    if (file === undefined) throw new Error('Name a file to check, or give --remember with --server.');
    return found;
  }
  if (found.outcome !== 'sound') return found;
  const fault = await compareWithRemembered({
    path: options.remember,
    remembered: remembered ?? null,
    checkpoint: isPack(found) ? found.checkpoint : null,
    pack: isPack(found) ? found.header : null,
    server: options.server,
    serverKeyFingerprint,
    bytes: file === undefined ? null : readFileSync(file),
  });
  return fault === null ? found : { ...found, ...fault };
}

const nothingYet: Verification = {
  outcome: 'sound',
  at: null,
  reason: 'The log goes on from the checkpoint that was kept.',
  deviceId: null,
  records: 0,
  receipts: 0,
  bodiesRemoved: 0,
  heads: [],
};

function fingerprintFrom(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const fingerprint = text.toLowerCase().replaceAll(/[\s:]/g, '');
  if (/^[0-9a-f]{64}$/.test(fingerprint)) return fingerprint;
  throw new Error('--server-key must be a fingerprint of 64 hexadecimal characters, as the console shows it.');
}

function witnessFrom(text: string | undefined): Witness | undefined {
  if (text === undefined) return undefined;
  const witness = readWitnessKey(text);
  if (witness === null) throw new Error('--witness-key must be the key as the witness publishes it: name+id+key.');
  return witness;
}

function verifyBytes(
  file: string,
  options: Omit<Parameters<typeof verifyPack>[1], 'mostBytes'>,
): Verification | PackVerification {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch {
    return unreadable(`${file} could not be read. Check the path and that you may open it.`);
  }
  if (looksLikePack(bytes)) return verifyPack(bytes, { ...options, mostBytes: packLimits.bytes });
  try {
    return verifyExport(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (error) {
    if (error instanceof TypeError) return unreadable(`${file} is not text.`);
    throw error;
  }
}

const unreadable = (reason: string): Verification => ({ ...nothingYet, outcome: 'unreadable', reason });

const headlines: Record<Verification['outcome'], string> = {
  sound: 'Sound.',
  unreadable: 'Unreadable.',
  changed: 'Not sound: a record was changed or reordered.',
  badSignature: 'Not sound: a signature is wrong.',
  missing: 'Not sound: records are missing or cut off.',
  fork: 'Not sound: a fork.',
  rewritten: 'Not sound: the log was rewritten.',
};

/** The finding without what is not JSON. */
function plain(found: Found): Record<string, unknown> {
  if (!isPack(found)) return { ...found };
  return { ...found, checkpoint: found.checkpoint?.text ?? null };
}

function wordsFor(found: Found): string {
  const lines = [`${headlines[found.outcome]} ${found.reason.charAt(0).toUpperCase()}${found.reason.slice(1)}`];
  if (found.at !== null) lines.push(`First bad record: seq ${found.at.seq} of epoch ${found.at.epoch}.`);
  if (found.deviceId !== null)
    lines.push(
      `Machine ${found.deviceId}; ${found.records} records, ${found.receipts} receipts of the server${found.bodiesRemoved === 0 ? '' : `, ${found.bodiesRemoved} bodies removed by retention`}.`,
    );
  if (isPack(found)) lines.push(...wordsForPack(found));
  else if (found.outcome === 'sound' && found.deviceId !== null)
    lines.push("Compare the machine's id with the one on the console: the file proves that this machine wrote it.");
  return lines.join('\n');
}

function wordsForPack({
  header,
  machines,
  records,
  links,
  outcome,
  checkpoint,
  cosignedAt,
}: PackVerification): string[] {
  if (header === null) return [];
  const { about } = header;
  const lines = [
    `About ${about.kind === 'person' ? `${about.accountName} at ` : ''}${about.schoolName}, ${header.from} to ${header.to}; made ${header.madeAt} by ${header.madeBy}: ${header.reason}`,
  ];
  if (outcome !== 'sound') return lines;
  lines.push(
    `${records} records of ${machines} machines, ${links} places of other records told by their hashes; log of ${checkpoint?.size ?? 0} entries${cosignedAt === null ? '' : `, seen by the witness ${cosignedAt.toISOString()}`}.`,
    "Without --server-key, compare the server's fingerprint with the one the console shows.",
  );
  return lines;
}
