import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { verifyExitCodes, verifyPack } from '../../src/proof/index.ts';
import { packVectors, treeVectors } from './pack-vectors.ts';

const folder = resolve(import.meta.dirname, '../../docs/vectors');
const mostBytes = 1024 * 1024;
const vectors = await packVectors();

test.each(vectors)('$name ends with exit code $exitCode', ({ name, exitCode, at, bytes }) => {
  expect(readFileSync(resolve(folder, `${name}.zip`)).equals(bytes)).toBe(true);
  const found = verifyPack(bytes, { mostBytes });
  expect({ exitCode: verifyExitCodes[found.outcome], at: found.at, reason: found.reason }).toMatchObject({
    exitCode,
    at,
  });
});

test('the published packs and tree are those the code makes, and all there are', () => {
  const packs = readdirSync(folder).filter((name) => name.endsWith('.zip'));
  expect(packs.sort()).toEqual(vectors.map(({ name }) => `${name}.zip`).sort());
  expect(JSON.parse(readFileSync(resolve(folder, 'tree.json'), 'utf8'))).toEqual(treeVectors());
});

test('a second verifier that shares no code with ours comes to the same answers', () => {
  const files = [...vectors.map(({ name }) => `${name}.zip`), 'tree.json'].map((name) => resolve(folder, name));
  const program = resolve(import.meta.dirname, 'independent-verifier.ts');
  const answers = execFileSync(process.execPath, [program, ...files], { encoding: 'utf8' })
    .trim()
    .split('\n');
  expect(answers).toEqual([...vectors.map(({ exitCode }) => String(exitCode)), '0']);
  expect(readFileSync(program, 'utf8')).not.toMatch(/from '\./);
});

test('nobody can change a pack unnoticed, whichever byte', () => {
  const [sound] = vectors;
  if (sound === undefined) throw new Error('the first is sound');
  fc.assert(
    fc.property(fc.nat(sound.bytes.length - 1), fc.integer({ min: 1, max: 255 }), (place, change) => {
      const changed = Buffer.from(sound.bytes);
      changed[place] = (changed[place] ?? 0) ^ change;
      const found = verifyPack(changed, { mostBytes });
      // What the archive says beside its files (dates, checksums, versions) is no part of the evidence.
      if (found.outcome === 'sound') expect(found).toMatchObject({ records: 4, links: 1, receipts: 2, machines: 1 });
    }),
    { numRuns: 500 },
  );
});

test('an archive that unpacks to more than allowed is not unpacked', () => {
  const [sound] = vectors;
  expect(verifyPack(sound?.bytes ?? Buffer.alloc(0), { mostBytes: 100 })).toMatchObject({ outcome: 'unreadable' });
});
