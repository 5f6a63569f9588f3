import { createHash } from 'node:crypto';
import {
  exportLine,
  type ChainHead,
  type ExportEnd,
  type ExportHeader,
  type ExportLine,
  type Receipt,
  type SealedRecord,
} from '../contract/record.ts';
import { genesisHash, recordFault } from './chain.ts';
import { Fault, named, toEnd, type Verification, type VerifyOutcome } from './finding.ts';
import { deviceIdOf } from './keys.ts';
import { exportEndHolds, headHolds, receiptHolds } from './signatures.ts';

/**
 * Verifies an export file (docs/record-format.md) by itself: nothing but its text is needed.
 * Never throws. The first fault in the order of the file is the one that is told.
 */
export function verifyExport(text: string): Verification {
  return toEnd(exportSteps(text));
}

/** As `verifyExport`, one line of the file at a time, for a caller that has other things to do in between. */
export function* exportSteps(text: string): Generator<undefined, Verification> {
  const state = new Reading();
  try {
    yield* readLines(text, state);
    return state.result('sound', null, 'Every record, signature and receipt holds, and nothing is missing.');
  } catch (error) {
    if (error instanceof Fault) return state.result(error.outcome, error.at, error.message);
    throw error;
  }
}

/** What was read so far. */
class Reading {
  header: ExportHeader | null = null;
  records = 0;
  bodiesRemoved = 0;
  receipts = 0;
  readonly heads = new Map<number, ChainHead>();
  readonly hashes = new Map<string, string>();
  readonly digest = createHash('sha256');

  result(outcome: VerifyOutcome, at: Verification['at'], reason: string): Verification {
    const { records, receipts, bodiesRemoved } = this;
    const heads = [...this.heads.values()];
    return { outcome, at, reason, deviceId: this.header?.deviceId ?? null, records, receipts, bodiesRemoved, heads };
  }
}

function* readLines(text: string, state: Reading): Generator<undefined, void> {
  const lines = text.split('\n');
  const rest = lines.pop();
  let end: ExportEnd | null = null;
  let section: 'header' | 'record' | 'receipt' = 'header';
  for (const [index, line] of lines.entries()) {
    if (end !== null) throw new Fault('unreadable', `Line ${index + 1} stands after the end of the export.`);
    const read = parseLine(line, index + 1);
    if (index === 0 || read.kind === 'header') {
      if (index !== 0 || read.kind !== 'header')
        throw new Fault('unreadable', 'The first line, and only it, must be the header of an export.');
      takeHeader(read, state);
    } else if (read.kind === 'record') {
      if (section === 'receipt')
        throw new Fault('changed', `${named(read.record)} stands after the receipts.`, read.record);
      section = 'record';
      takeRecord(read.record, state, (place) => lines.slice(index + 1).some((later) => isRecord(later, place)));
    } else if (read.kind === 'receipt') {
      section = 'receipt';
      takeReceipt(read.receipt, state);
    } else {
      end = read;
      takeEnd(read, state);
    }
    if (end === null) state.digest.update(`${line}\n`);
    yield undefined;
  }
  const last = [...state.heads.values()].at(-1) ?? null;
  if (end === null) {
    if (state.header === null) throw new Fault('unreadable', 'This is not an export of Usher: it has no header.');
    const where = last === null ? '' : ` after ${named(last)}`;
    throw new Fault('missing', `The file is cut off${where}: its closing line is not there.`, after(last));
  }
  if (rest !== '') throw new Fault('unreadable', 'Something stands after the end of the export.');
  if (state.records === 0) throw new Fault('missing', 'The export holds no record.');
}

const after = (last: ChainHead | null) =>
  last === null ? { epoch: 1, seq: 1 } : { epoch: last.epoch, seq: last.seq + 1 };

function parseLine(line: string, number: number): ExportLine {
  const value = jsonOf(line);
  if (value === undefined) throw new Fault('unreadable', `Line ${number} is not JSON.`);
  const parsed = exportLine.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Fault(
    'unreadable',
    `Line ${number} is not a line of an export (${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not valid'}). It was damaged, or a newer Usher made it.`,
  );
}

function takeHeader(header: ExportHeader, state: Reading): void {
  state.header = header;
  if (deviceIdOf(header.devicePublicKey) !== header.deviceId)
    throw new Fault('badSignature', `The key in the file is not that of the machine ${header.deviceId}.`);
}

function headerOf(state: Reading): ExportHeader {
  if (state.header === null) throw new Fault('unreadable', 'The export has no header.');
  return state.header;
}

/** Does the line hold the record of that number? */
function isRecord(line: string, { epoch, seq }: { epoch: number; seq: number }): boolean {
  if (!line.includes(`"seq":${seq}`)) return false;
  const { success, data } = exportLine.safeParse(jsonOf(line));
  return success && data.kind === 'record' && data.record.epoch === epoch && data.record.seq === seq;
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

type StandsLater = (place: { epoch: number; seq: number }) => boolean;

function takeRecord(record: SealedRecord, state: Reading, standsLater: StandsLater): void {
  const { deviceId } = headerOf(state);
  const known = state.hashes.get(`${record.epoch}/${record.seq}`);
  const last = state.heads.get(record.epoch);
  if (known !== undefined) {
    if (known !== record.hash && recordFault(record, deviceId) === null)
      throw new Fault('fork', `There are two different records ${record.seq} of epoch ${record.epoch}.`, record);
    throw new Fault('changed', `${named(record)} stands in the file twice.`, record);
  }
  const fault = recordFault(record, deviceId);
  if (fault !== null) throw new Fault('changed', `${named(record)} was changed: ${fault}.`, record);
  const newest = Math.max(0, ...state.heads.keys());
  if (record.epoch < newest) throw new Fault('changed', `${named(record)} stands after epoch ${newest}.`, record);
  const expected = (last?.seq ?? 0) + 1;
  if (record.seq > expected) {
    const missing = { epoch: record.epoch, seq: expected };
    if (standsLater(missing))
      throw new Fault('changed', `${named(missing)} stands after ${named(record)}: they were reordered.`, missing);
    throw new Fault('missing', `${named(missing)} is missing; ${named(record)} comes next.`, missing);
  }
  const prev = last?.hash ?? genesisHash(deviceId, record.epoch);
  if (record.prev !== prev)
    throw new Fault('changed', `${named(record)} does not follow from the record before it.`, record);
  if (last === undefined) checkEpochStart(record, state);
  state.heads.set(record.epoch, { epoch: record.epoch, seq: record.seq, hash: record.hash });
  state.hashes.set(`${record.epoch}/${record.seq}`, record.hash);
  state.records += 1;
  if (record.body === null) state.bodiesRemoved += 1;
}

/** A new epoch names the one before it: was everything the server had confirmed of that one carried over? */
function checkEpochStart(record: SealedRecord, state: Reading): void {
  if (record.body?.type !== 'journal.epochStarted') return;
  const { previous } = record.body.data;
  const receipted = previous?.lastReceipt;
  if (previous === null || receipted === null || receipted === undefined) return;
  const known = state.hashes.get(`${previous.epoch}/${receipted.seq}`);
  const place = { epoch: previous.epoch, seq: receipted.seq };
  if (known === undefined)
    throw new Fault('missing', `${named(place)} is missing, which the server has confirmed.`, place);
  if (known !== receipted.hash)
    throw new Fault('fork', `${named(place)} is not the one epoch ${record.epoch} says the server confirmed.`, place);
}

function takeReceipt(receipt: Receipt, state: Reading): void {
  const { deviceId, serverPublicKey } = headerOf(state);
  const at = { epoch: receipt.epoch, seq: receipt.seq };
  if (serverPublicKey === null || receipt.deviceId !== deviceId || !receiptHolds(serverPublicKey, receipt))
    throw new Fault('badSignature', `The server's receipt for ${named(at)} is not signed by its key.`, at);
  const known = state.hashes.get(`${at.epoch}/${at.seq}`);
  if (known === undefined)
    throw new Fault(
      'missing',
      `${named(at)} is missing; the server has a receipt for it.`,
      after(state.heads.get(at.epoch) ?? null),
    );
  if (known !== receipt.hash)
    throw new Fault('fork', `The server has another ${named(at)}: its receipt names a different hash.`, at);
  state.receipts += 1;
}

function takeEnd(end: ExportEnd, state: Reading): void {
  const { deviceId, devicePublicKey } = headerOf(state);
  if (end.records > state.records || end.receipts > state.receipts) {
    const last = [...state.heads.values()].at(-1) ?? null;
    throw new Fault(
      'missing',
      `The machine exported ${end.records} records and ${end.receipts} receipts; the file holds ${state.records} and ${state.receipts}.`,
      after(last),
    );
  }
  for (const head of end.heads) {
    const last = state.heads.get(head.epoch) ?? null;
    if (!headHolds(devicePublicKey, deviceId, head))
      throw new Fault('badSignature', `The machine's signature over ${named(head)} is wrong.`, head);
    if (last === null || last.seq < head.seq)
      throw new Fault('missing', `${named(head)} is missing, which the machine has signed.`, after(last));
    if (state.hashes.get(`${head.epoch}/${head.seq}`) !== head.hash)
      throw new Fault('changed', `${named(head)} is not the one the machine has signed.`, head);
  }
  if (!exportEndHolds(devicePublicKey, deviceId, end))
    throw new Fault('badSignature', "The machine's signature over the whole export is wrong.");
  const signed = new Set(end.heads.map(({ epoch }) => epoch));
  const unsigned = [...state.heads.values()].find((head) => !signed.has(head.epoch));
  if (unsigned !== undefined || end.records < state.records || end.digest !== state.digest.digest('hex'))
    throw new Fault(
      'changed',
      'Something was added to the file, or changed in it, after the machine signed it.',
      unsigned ?? null,
    );
}
