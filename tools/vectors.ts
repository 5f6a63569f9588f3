import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { exampleVectors } from '../tests/proof/example-vectors.ts';
import { projectRoot } from './launch/program.ts';

/** Writes the test vectors of docs/record-format.md: `node tools/vectors.ts`. A test holds them to the code. */
const folder = path.join(projectRoot, 'docs', 'vectors');
mkdirSync(folder, { recursive: true });
const index = exampleVectors().map(({ name, exitCode, at, text }) => {
  writeFileSync(path.join(folder, `${name}.jsonl`), text);
  return { file: `${name}.jsonl`, exitCode, at };
});
writeFileSync(path.join(folder, 'index.json'), `${JSON.stringify(index, null, 2)}\n`);
