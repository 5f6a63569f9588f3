import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { z } from 'zod';
import { ed25519PublicKey } from '../contract/primitives.ts';
import { settingsFromEnvironment } from '../contract/settings.ts';
import { openJournalForExport } from '../journal/index.ts';
import { exportLineText } from '../proof/index.ts';

/** `usher export`: the machine's whole record as one self-contained file. */
export function exportCommand(): Command {
  return new Command('export')
    .description("Write this machine's whole record, with every signature, into one file that proves itself.")
    .option('--state <folder>', 'the state folder (USHER_STATE)')
    .option('--out <file>', 'the file to write', 'usher-record.jsonl')
    .action((options: { state?: string; out: string }) => {
      const settings = settingsFromEnvironment(process.env);
      const folder = path.join(path.resolve(options.state ?? settings.stateFolder), 'service');
      const records = writeExport(folder, path.resolve(options.out));
      console.log(
        `${records} records were written to ${options.out}. Check them anywhere with: usher verify ${options.out}`,
      );
    });
}

/** Writes beside the wanted file and renames it when it is whole on the disk. @returns how many records it holds. */
function writeExport(folder: string, out: string): number {
  const journal = openJournalForExport({ folder });
  const unfinished = `${out}.part`;
  let records = 0;
  try {
    const file = openSync(unfinished, 'w', 0o600);
    try {
      const about = { serverPublicKey: serverKeyIn(folder), exportedAt: new Date().toISOString() };
      for (const line of journal.exportLines(about)) {
        writeSync(file, exportLineText(line));
        if (line.kind === 'record') records += 1;
      }
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(unfinished, out);
    return records;
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  } finally {
    journal.close();
  }
}

const enrolmentFile = z.object({ serverPublicKey: ed25519PublicKey });

/** The key of the server the machine is enrolled with; null before enrolment. */
function serverKeyIn(folder: string): string | null {
  try {
    const parsed = enrolmentFile.safeParse(JSON.parse(readFileSync(path.join(folder, 'enrolment.json'), 'utf8')));
    return parsed.success ? parsed.data.serverPublicKey : null;
  } catch {
    return null;
  }
}
