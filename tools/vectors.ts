import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { exampleVectors } from '../tests/proof/example-vectors.ts';
import { packVectors, treeVectors } from '../tests/proof/pack-vectors.ts';
import { projectRoot } from './launch/program.ts';

/** Writes the test vectors of docs/record-format.md: `node tools/vectors.ts`. A test holds them to the code. */
const folder = path.join(projectRoot, 'docs', 'vectors');
mkdirSync(folder, { recursive: true });
const exports = exampleVectors().map(({ name, exitCode, at, text }) => {
  writeFileSync(path.join(folder, `${name}.jsonl`), text);
  return { file: `${name}.jsonl`, exitCode, at };
});
const packs = (await packVectors()).map(({ name, exitCode, at, bytes }) => {
  writeFileSync(path.join(folder, `${name}.zip`), bytes);
  return { file: `${name}.zip`, exitCode, at };
});
writeFileSync(path.join(folder, 'tree.json'), `${JSON.stringify(treeVectors(), null, 2)}\n`);
writeFileSync(path.join(folder, 'index.json'), `${JSON.stringify([...exports, ...packs], null, 2)}\n`);
