import { createHash } from 'node:crypto';
import type { ChainHead, ExportHeader, ExportLine, Receipt, SealedRecord } from '../contract/record.ts';
import { canonicalJson } from './canonical.ts';
import type { SigningKey } from './keys.ts';
import { signExportEnd, signHead } from './signatures.ts';

/** What an export is made of. Records come by epoch and number, without gaps; `heads` has one for every epoch. */
export interface ExportParts {
  readonly header: Omit<ExportHeader, 'kind' | 'format'>;
  readonly records: Iterable<SealedRecord>;
  readonly receipts: readonly Receipt[];
  readonly heads: readonly ChainHead[];
  readonly key: SigningKey;
}

/** One line of an export file, with its line break: RFC 8785 JSON, so that the same content is the same bytes. */
export function exportLineText(line: ExportLine): string {
  return `${canonicalJson(line)}\n`;
}

/** Makes the lines of an export one by one; the last one signs all before it. */
export function* exportFile(parts: ExportParts): Iterable<ExportLine> {
  const { key } = parts;
  const deviceId = parts.header.deviceId;
  const digest = createHash('sha256');
  const counted = (line: ExportLine): ExportLine => {
    digest.update(exportLineText(line));
    return line;
  };

  yield counted({ kind: 'header', format: 'usher/export/1', ...parts.header });
  let records = 0;
  for (const record of parts.records) {
    records += 1;
    yield counted({ kind: 'record', record });
  }
  for (const receipt of parts.receipts) yield counted({ kind: 'receipt', receipt });
  yield signExportEnd(key, deviceId, {
    kind: 'end',
    heads: parts.heads.map((head) => signHead(key, deviceId, head)),
    records,
    receipts: parts.receipts.length,
    digest: digest.digest('hex'),
  });
}
