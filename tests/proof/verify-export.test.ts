import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { verifyExitCodes, verifyExport } from '../../src/proof/index.ts';
import { exampleChain, exportText, receiptAt } from './an-export.ts';
import { exampleVectors } from './example-vectors.ts';

const folder = resolve(import.meta.dirname, '../../docs/vectors');

describe('the published vectors', () => {
  test.each(exampleVectors())('$name ends with exit code $exitCode', ({ name, exitCode, at, text }) => {
    expect(readFileSync(resolve(folder, `${name}.jsonl`), 'utf8')).toBe(text);
    const found = verifyExport(text);
    expect({ exitCode: verifyExitCodes[found.outcome], at: found.at }).toEqual({ exitCode, at });
  });

  test('are all there are', () => {
    const files = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
    expect(files.sort()).toEqual(
      exampleVectors()
        .map(({ name }) => `${name}.jsonl`)
        .sort(),
    );
  });
});

describe('what nobody may do unnoticed', () => {
  const records = exampleChain(6);
  const text = exportText({ records, receipts: [receiptAt(records, 3), receiptAt(records, 6)] });

  test('change any one character', () => {
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.integer({ min: 32, max: 126 }), (place, code) => {
        const changed = text.slice(0, place) + String.fromCharCode(code) + text.slice(place + 1);
        fc.pre(changed !== text);
        expect(verifyExport(changed).outcome).not.toBe('sound');
      }),
      { numRuns: 2_000 },
    );
  });

  test('leave out, repeat or swap lines', () => {
    const lines = text.trimEnd().split('\n');
    fc.assert(
      fc.property(
        fc.nat(lines.length - 1),
        fc.nat(lines.length - 1),
        fc.constantFrom('drop', 'repeat', 'swap'),
        (a, b, how) => {
          const next = [...lines];
          if (how === 'drop') next.splice(a, 1);
          else if (how === 'repeat') next.splice(b, 0, lines[a] ?? '');
          else [next[a], next[b]] = [lines[b] ?? '', lines[a] ?? ''];
          const changed = `${next.join('\n')}\n`;
          fc.pre(changed !== text);
          expect(verifyExport(changed).outcome).not.toBe('sound');
        },
      ),
      { numRuns: 500 },
    );
  });

  test('cut it off anywhere', () => {
    for (let length = 0; length < text.length; length += 7)
      expect(verifyExport(text.slice(0, length)).outcome).not.toBe('sound');
  });
});

test('what is no export at all is unreadable, in words', () => {
  expect(verifyExport('')).toMatchObject({
    outcome: 'unreadable',
    reason: 'This is not an export of Usher: it has no header.',
  });
  expect(verifyExport('hello\n')).toMatchObject({ outcome: 'unreadable', reason: 'Line 1 is not JSON.' });
});
