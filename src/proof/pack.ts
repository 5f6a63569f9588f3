import type { PackIndex, PackLine } from '../contract/pack.ts';
import { canonicalJson } from './canonical.ts';
import { fieldsSignatureHolds, signFields, type SigningKey } from './keys.ts';

/** Names of the files of a pack that are always there. */
export const packFiles = {
  header: 'pack.json',
  checkpoint: 'checkpoint.txt',
  consistency: 'consistency.json',
  readme: 'README.html',
  index: 'index.json',
} as const;
export const machineFile = (deviceId: string): string => `machines/${deviceId}.jsonl`;
export const policyFile = (hash: string): string => `policies/${hash}.json`;

/** One line of a machine's file, with its line break: RFC 8785 JSON. */
export const packLineText = (line: PackLine): string => `${canonicalJson(line)}\n`;

/** A whole JSON file of a pack: RFC 8785 JSON and a line break. */
export const packJson = (value: unknown): string => `${canonicalJson(value)}\n`;

export function signPackIndex(key: SigningKey, index: Omit<PackIndex, 'signature'>): PackIndex {
  return { ...index, signature: signFields(key, 'usher/pack/1', { ...index }) };
}

export function packIndexHolds(serverPublicKey: string, { signature, ...index }: PackIndex): boolean {
  return fieldsSignatureHolds(serverPublicKey, 'usher/pack/1', index, signature);
}
