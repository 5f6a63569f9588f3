import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { publishablePolicy } from '../../src/contract/policy-publishing.ts';
import { policy, type Policy } from '../../src/contract/policy.ts';

/** The five starter packs, by the kind of school whose policy they are shaped like. */
export const starterPacks = [
  'primary-three-parts',
  'trust-agreement',
  'city-primary-34-points',
  'trust-ict-usage',
  'short-primary',
] as const;
export type StarterPack = (typeof starterPacks)[number];

/** A pack as it lies in the folder, its open blanks and all. */
export function packAsWritten(name: StarterPack): Policy {
  const file = join(import.meta.dirname, '../../packs', `${name}.json`);
  return policy.parse(JSON.parse(readFileSync(file, 'utf8')));
}

/** A pack with a name in each blank that has none, as a school fills it, ready to be published. */
export function filledPack(name: StarterPack): Policy {
  const written = packAsWritten(name);
  const variables = written.variables.map((one) => ({ ...one, value: one.value ?? `Ms Example (${one.name})` }));
  return publishablePolicy.parse({ ...written, variables });
}
