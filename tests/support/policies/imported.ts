import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ImportedPolicy } from '../../../src/contract/imported-policy.ts';
import type { Clause } from '../../../src/contract/policy.ts';
import type { Outcome } from '../../../src/contract/problem.ts';
import { importPolicyFile } from '../../../src/policy-import/index.ts';

export function valueOf<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.problem.detail);
  return outcome.value;
}

/** A file in a folder of its own, removed after the test. */
export function temporaryFile(name: string, content: Uint8Array | string): string {
  const folder = mkdtempSync(join(tmpdir(), 'usher-import-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

export async function imported(name: string, content: Uint8Array | string): Promise<ImportedPolicy> {
  return valueOf(await importPolicyFile(temporaryFile(name, content)));
}

/** Why a file was refused, with its path as FILE; `taken` where it was not. */
export async function refusalOf(name: string, content: Uint8Array | string): Promise<string> {
  const file = temporaryFile(name, content);
  const outcome = await importPolicyFile(file);
  return outcome.ok ? 'taken' : outcome.problem.detail.replaceAll(file, 'FILE');
}

/** Every clause in reading order. */
export function clausesOf(policy: Pick<ImportedPolicy, 'sections'>): Clause[] {
  return policy.sections.flatMap((section) => [...section.clauses, ...clausesOf({ sections: section.sections ?? [] })]);
}

/** Clauses as a reader sees them: the printed number, then the text. */
export const asRead = (policy: Pick<ImportedPolicy, 'sections'>): string[] =>
  clausesOf(policy).map(({ number, text }) => (number === undefined ? text : `${number} ${text}`));

export const leftOutFor = (policy: ImportedPolicy, reason: string): string[] =>
  policy.leftOut.filter((each) => each.reason === reason).map(({ text }) => text);
