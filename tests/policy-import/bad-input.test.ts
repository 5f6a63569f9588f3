import { strToU8, zipSync } from 'fflate';
import mammoth from 'mammoth';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { importPolicyText, toPolicy } from '../../src/policy-import/index.ts';
import { asRead, clausesOf, imported, refusalOf, valueOf } from '../support/policies/imported.ts';
import { longPolicy, sixtyPages } from '../support/policies/long-policy.ts';
import { inList, level, paragraph, run, tracked, wordFile, wordFileOf } from '../support/policies/word-file.ts';
import { accountedWords, wordsOf } from './accounted-words.ts';

const text = (content: string) => valueOf(importPolicyText(content, 'txt'));

describe('a Word document that is a trap is refused, naming the part', () => {
  const w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
  const document = (inner: string) => `<w:document ${w}><w:body>${inner}</w:body></w:document>`;

  test('a renamed zip', async () => {
    const zip = Buffer.from(zipSync({ 'policy.txt': strToU8('Lock the screen.') }));
    expect(await refusalOf('policy.docx', zip)).toBe(
      'The file is a zip archive without a Word document in it. Open the policy in Word, save it as .docx and import that.',
    );
  });

  test('a zip bomb, in the part it is in', async () => {
    const bomb = Buffer.from(
      zipSync(
        { 'word/document.xml': strToU8(document('')), 'word/styles.xml': new Uint8Array(65 * 1024 * 1024) },
        { level: 1 },
      ),
    );
    expect(bomb.length).toBeLessThan(600_000);
    expect(await refusalOf('policy.docx', bomb)).toBe(
      'The Word document unpacks to more than 64 MB (in its part word/styles.xml), which no policy does. It was not read. Save it again from Word.',
    );
  });

  test('a zip bomb that lies about its size', async () => {
    const bomb = Buffer.from(zipSync({ 'word/document.xml': new Uint8Array(65 * 1024 * 1024) }, { level: 1 }));
    const entry = bomb.lastIndexOf(Buffer.from('PK\x01\x02', 'latin1'));
    bomb.writeUInt32LE(100, entry + 24);
    expect(await refusalOf('policy.docx', bomb)).toContain(
      'unpacks to more than 64 MB (in its part word/document.xml)',
    );
  });

  test('an entity bomb, and any entity that the file declares itself', async () => {
    const bomb = `<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>${document(paragraph(run('&b;')))}`;
    expect(await refusalOf('policy.docx', wordFileOf(bomb))).toBe(
      "The Word document's part word/document.xml holds a document type declaration, which Word never writes and which can be a trap. It was not read. Open the document in Word, save it again and import that.",
    );
    expect(await refusalOf('policy.docx', wordFileOf(document(paragraph(run('&b;')))))).toContain(
      'part word/document.xml is not well-formed XML',
    );
  });

  test('elements nested without end', async () => {
    const deep = document('<w:sdt>'.repeat(5_000) + '</w:sdt>'.repeat(5_000));
    expect(await refusalOf('policy.docx', wordFileOf(deep))).toContain(
      'part word/document.xml is nested deeper than any text',
    );
  });
});

describe('odd text is carried as it is', () => {
  const odd = [
    'Never type <script>alert("x")</script> or <b onclick="steal()">bold</b> & such.',
    'השאירו את המסך נעול (always locked) בכל מקום.',
    'اقفل الشاشة 10 دقائق before you leave الغرفة.',
    'A\u202Eright-to-left override\u202C and a \u200Fmark stay where they are.',
  ];

  test('HTML, script and mixed right-to-left text, byte for byte, in a text file and in Word', async () => {
    expect(asRead(text(`Rules\n\n${odd.join('\n\n')}\n`))).toEqual(odd);
    const escape = (line: string) => line.replace(/&/gu, '&amp;').replace(/</gu, '&lt;');
    const file = wordFile(odd.map((line) => paragraph(run(escape(line)))).join(''));
    expect(asRead(await imported('policy.docx', file))).toEqual(odd);
  });

  test('and Markdown that holds HTML shows it as text', () => {
    const policy = valueOf(importPolicyText('# Rules\n\n<script>alert(1)</script>\n\nLock the screen.\n', 'md'));
    expect(asRead(policy)).toEqual(['<script>alert(1)</script>', 'Lock the screen.']);
  });
});

describe('size', () => {
  test('10,000 clauses under headings are carried', async () => {
    const body = Array.from({ length: 10_000 }, (_, index) => {
      const point = paragraph(run(`Point ${index} of the policy says what it says.`));
      return index % 100 === 0 ? paragraph(run(`Part ${index}`), '<w:outlineLvl w:val="0"/>') + point : point;
    });
    const policy = await imported('policy.docx', wordFile(body.join('')));
    expect(clausesOf(policy)).toHaveLength(10_000);
    expect(new Set(clausesOf(policy).map(({ id }) => id)).size).toBe(clausesOf(policy).length);
  });

  test('10,000 clauses without a heading are refused, naming the section and the bound', () => {
    const points = Array.from({ length: 10_000 }, (_, index) => `${index + 1}. Point ${index} is a sentence.`);
    const outcome = importPolicyText(`Rules\n\n${points.join('\n')}`, 'txt');
    expect(outcome.ok ? null : outcome.problem.detail).toBe(
      'The section "Rules" has 10000 points; at most 2000 fit. Give it headings that divide it, or import one policy at a time.',
    );
  });

  test('sixty pages keep every word in order', async () => {
    const { file, words } = await longPolicy(sixtyPages);
    const policy = await imported('policy.docx', file);
    const furniture = policy.leftOut.flatMap((each) => wordsOf(each.text)).length;
    expect(accountedWords(policy).length - furniture).toBe(words);
    expect(policy.sections).toHaveLength(sixtyPages.sections + 1);
  });
});

test('a file with headings and nothing under them cannot be published, and says where', () => {
  const policy = valueOf(importPolicyText('# Rules\n\n## Screens\n\n## Sticks\n', 'md'));
  const made = toPolicy(policy);
  expect(made.ok ? null : made.problem).toEqual({
    code: 'policy.noClauses',
    field: 'sections',
    detail:
      'The file holds no clauses: nothing stands under "Screens" or any other heading. Give staff something to read and import it again.',
  });
});

describe('whatever a Word document holds, no word is lost and their order is kept', () => {
  const word = fc.stringMatching(/^[a-zA-Z]{1,9}$/);
  const words = fc.array(word, { minLength: 1, maxLength: 12 }).map((parts) => parts.join(' '));
  interface Made {
    readonly xml: string;
    readonly text: string;
  }
  const gone = tracked('del', '<w:r><w:delText>never seen </w:delText></w:r>') + tracked('moveFrom', run('nor this '));
  const paragraphs = words.map((text): Made => ({ xml: paragraph(run(text)), text }));
  const block: fc.Arbitrary<Made> = fc.oneof(
    paragraphs,
    words.map((text) => ({ xml: paragraph(run(text), inList(1)), text })),
    words.map((text) => ({ xml: paragraph(run(text), '<w:outlineLvl w:val="1"/>'), text })),
    fc.tuple(words, words).map(([one, two]) => ({
      xml: paragraph(run(`${one} `) + gone + tracked('ins', run(two))),
      text: `${one} ${two}`,
    })),
    fc
      .tuple(words, words)
      .map(([one, two]) => ({ xml: paragraph(`${run(one)}<w:r><w:br/></w:r>${run(two)}`), text: `${one} ${two}` })),
    fc
      .array(fc.array(fc.array(paragraphs, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }), {
        minLength: 1,
        maxLength: 4,
      })
      .map((rows) => ({
        xml: `<w:tbl>${rows.map((cells) => `<w:tr>${cells.map((cell) => `<w:tc>${cell.map(({ xml }) => xml).join('')}</w:tc>`).join('')}</w:tr>`).join('')}</w:tbl>`,
        text: rows
          .flat(2)
          .map((made) => made.text)
          .join(' '),
      })),
    words.map((text) => ({ xml: `<w:sdt><w:sdtContent>${paragraph(run(text))}</w:sdtContent></w:sdt>`, text })),
  );
  const numbering = `<w:abstractNum w:abstractNumId="1">${level(0, 'bullet', '•')}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>`;

  test('as it was written', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(block, { minLength: 1, maxLength: 25 }), async (blocks) => {
        const policy = await imported('policy.docx', wordFile(blocks.map(({ xml }) => xml).join(''), { numbering }));
        expect(accountedWords(policy)).toEqual(wordsOf(blocks.map((made) => made.text).join(' ')));
      }),
      { numRuns: 150 },
    );
  });

  test('as another reader of Word documents has it', async () => {
    const { file } = await longPolicy({ sections: 8, pointsPerSection: 8 });
    const { value } = await mammoth.extractRawText({ buffer: file });
    const policy = await imported('policy.docx', file);
    const own = policy.trace.filter(({ to }) => to !== 'leftOut').flatMap((piece) => wordsOf(piece.text));
    expect(own).toEqual(wordsOf(value));
  });
});
