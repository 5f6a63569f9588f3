import { Document, Footer, FootnoteReferenceRun, Header, LevelFormat, Packer, Paragraph, TextRun } from 'docx';
import { describe, expect, test } from 'vitest';
import { asRead, imported, leftOutFor } from '../support/policies/imported.ts';
import { inList, level, paragraph, run, tracked, wordFile } from '../support/policies/word-file.ts';

const heading = paragraph(run('Rules'), '<w:pStyle w:val="H"/>');
const styles = '<w:style w:type="paragraph" w:styleId="H"><w:name w:val="heading 1"/></w:style>';
const read = (body: string, parts: Parameters<typeof wordFile>[1] = {}) =>
  imported('policy.docx', wordFile(heading + body, { styles, ...parts }));

describe('tracked changes are read as accepted', () => {
  test('inserted words are kept and deleted ones dropped', async () => {
    const body = paragraph(
      `${run('You ')}${tracked('del', '<w:r><w:delText>should </w:delText></w:r>')}${tracked('ins', run('must '))}${run('lock the screen.')}`,
    );
    expect(asRead(await read(body))).toEqual(['You must lock the screen.']);
  });

  test('moved text stands at its new place only', async () => {
    const mark = (kind: string) => `<w:rPr><w:${kind} w:id="9" w:author="A reviewer"/></w:rPr>`;
    const body =
      paragraph(tracked('moveFrom', run('Wear your badge.')), mark('moveFrom')) +
      paragraph(run('Sign out.')) +
      paragraph(tracked('moveTo', run('Wear your badge.')), mark('moveTo'));
    expect(asRead(await read(body))).toEqual(['Sign out.', 'Wear your badge.']);
  });

  test('a deleted paragraph mark joins two paragraphs, and a deleted paragraph counts in no list', async () => {
    const deletedMark = '<w:rPr><w:del w:id="2" w:author="A reviewer"/></w:rPr>';
    const gone = tracked('del', '<w:r><w:delText>Never mind.</w:delText></w:r>');
    const body =
      paragraph(run('One.'), inList(1)) +
      paragraph(gone, inList(1) + deletedMark) +
      paragraph(run('Two, '), inList(1) + deletedMark) +
      paragraph(run('which goes on.'), inList(1)) +
      paragraph(run('Three.'), inList(1));
    const numbering = `<w:abstractNum w:abstractNumId="1">${level(0, 'decimal', '%1.')}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>`;
    expect(asRead(await read(body, { numbering }))).toEqual(['1. One.', '2. Two, which goes on.', '3. Three.']);
  });

  test('a deleted row of a table is gone, an inserted one is there', async () => {
    const row = (words: string, mark = '') =>
      `<w:tr><w:trPr>${mark}</w:trPr>${words
        .split('/')
        .map((cell) => `<w:tc>${paragraph(run(cell))}</w:tc>`)
        .join('')}</w:tr>`;
    const body = `<w:tbl>${row('Sticks/No')}${row('Disks/No', '<w:del w:id="3" w:author="A"/>')}${row('Cameras/Ask first', '<w:ins w:id="4" w:author="A"/>')}</w:tbl>`;
    expect(asRead(await read(body))).toEqual(['Sticks | No', 'Cameras | Ask first']);
  });

  test("a reviewer's comment is not text", async () => {
    const policy = await read(paragraph(`${run('Lock the screen.')}<w:r><w:commentReference w:id="0"/></w:r>`), {
      comments: `<w:comment w:id="0" w:author="A reviewer">${paragraph(run('Is that enough?'))}</w:comment>`,
    });
    expect(asRead(policy)).toEqual(['Lock the screen.']);
    expect(leftOutFor(policy, "reviewer's comment")).toEqual(['Is that enough?']);
  });
});

describe('the numbers Word prints', () => {
  const numbering = [
    `<w:abstractNum w:abstractNumId="1">${level(0, 'decimal', '%1.')}${level(1, 'lowerLetter', '(%2)')}${level(2, 'lowerRoman', '%1.%3')}</w:abstractNum>`,
    `<w:abstractNum w:abstractNumId="2">${level(0, 'upperRoman', '%1')}${level(1, 'decimal', '%1.%2', '<w:isLgl/>')}</w:abstractNum>`,
    '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>',
    '<w:num w:numId="2"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>',
    '<w:num w:numId="3"><w:abstractNumId w:val="2"/></w:num>',
  ].join('');
  const point = (text: string, numId: number, at = 0) => paragraph(run(text), inList(numId, at));

  test('count by level, start again under each outer point, and go on after text between them', async () => {
    const body = [
      point('Sign in.', 1),
      point('Same words.', 1, 1),
      point('Same words.', 1, 1),
      point('Deep.', 1, 2),
      paragraph(run('Text between.')),
      point('Sign out.', 1),
      point('Same words.', 1, 1),
    ].join('');
    expect(asRead(await read(body, { numbering }))).toEqual([
      '1. Sign in.',
      '(a) Same words.',
      '(b) Same words.',
      '1.i Deep.',
      'Text between.',
      '2. Sign out.',
      '(a) Same words.',
    ]);
  });

  test('start at one again in a list that says so, and are in figures where the list is legal', async () => {
    const body = [point('First.', 1), point('Again.', 2), point('More.', 2), point('Part.', 3), point('Inner.', 3, 1)];
    expect(asRead(await read(body.join(''), { numbering }))).toEqual([
      '1. First.',
      '1. Again.',
      '2. More.',
      'I Part.',
      '1.1 Inner.',
    ]);
  });

  test('come from the style as well, and an empty point counts', async () => {
    const withStyle = `${styles}<w:style w:type="paragraph" w:styleId="B"><w:name w:val="Base"/><w:pPr>${inList(1)}</w:pPr></w:style><w:style w:type="paragraph" w:styleId="P"><w:name w:val="Point"/><w:basedOn w:val="B"/></w:style>`;
    const styled = (text: string) => paragraph(text === '' ? '' : run(text), '<w:pStyle w:val="P"/>');
    const body = styled('One.') + styled('') + styled('Three.');
    expect(asRead(await read(body, { numbering, styles: withStyle }))).toEqual(['1. One.', '3. Three.']);
  });
});

test('headers and footers are furniture, footnotes stand under what refers to them', async () => {
  const file = await Packer.toBuffer(
    new Document({
      footnotes: { 1: { children: [new Paragraph('The office keeps the list.')] } },
      sections: [
        {
          headers: { default: new Header({ children: [new Paragraph('Acorn Primary')] }) },
          footers: { default: new Footer({ children: [new Paragraph('Staff IT policy, May')] }) },
          children: [
            new Paragraph('1. Sign in as yourself.'),
            new Paragraph({
              children: [new TextRun('2. Use listed sticks'), new FootnoteReferenceRun(1), new TextRun(' only.')],
            }),
            new Paragraph('3. Sign out.'),
          ],
        },
      ],
    }),
  );
  const policy = await imported('policy.docx', file);
  expect(asRead(policy)).toEqual([
    '1. Sign in as yourself.',
    '2. Use listed sticks[1] only.',
    '[1] The office keeps the list.',
    '3. Sign out.',
  ]);
  expect(leftOutFor(policy, 'page furniture: header')).toEqual(['Acorn Primary']);
  expect(leftOutFor(policy, 'page furniture: footer')).toEqual(['Staff IT policy, May']);
});

describe('a table', () => {
  const table = (...rows: string[][][]) =>
    `<w:tbl>${rows
      .map(
        (cells) =>
          `<w:tr>${cells.map((texts) => `<w:tc>${texts.map((text) => paragraph(run(text))).join('')}</w:tc>`).join('')}</w:tr>`,
      )
      .join('')}</w:tbl>`;

  test('of entries reads row by row, cell by cell', async () => {
    const policy = await read(table([['Device'], ['Rule']], [['Sticks'], ['No, never']], [['Cameras'], ['Ask first']]));
    expect(asRead(policy)).toEqual(['Device | Rule', 'Sticks | No, never', 'Cameras | Ask first']);
  });

  test('of names and what they mean reads as headings with their text', async () => {
    const long = 'Printing costs money and paper, so print only what somebody is going to read, and on both sides.';
    const policy = await read(
      table([['Printing'], [long]], [['Food and drink'], ['Keep it away.', 'Clean up what was spilt.']]),
    );
    expect(policy.sections.map(({ title, clauses }) => [title, clauses.length])).toEqual([
      ['Printing', 1],
      ['Food and drink', 2],
    ]);
  });

  test('inside a table keeps all words in order', async () => {
    const inner = `<w:tbl><w:tr><w:tc>${paragraph(run('In'))}</w:tc><w:tc>${paragraph(run('here'))}</w:tc></w:tr></w:tbl>`;
    const body = `<w:tbl><w:tr><w:tc>${paragraph(run('Left.'))}</w:tc><w:tc>${inner}${paragraph(run('After.'))}</w:tc></w:tr></w:tbl>`;
    expect(asRead(await read(body))).toEqual(['Left.', 'In | here', 'After.']);
  });
});

describe('what stands around the text', () => {
  test('a text box is read once, though Word stores it twice', async () => {
    const box = (words: string) => `<w:txbxContent>${paragraph(run(words))}</w:txbxContent>`;
    const body = paragraph(
      `${run('Before.')}<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>${box('In a box.')}</w:drawing></mc:Choice><mc:Fallback><w:pict>${box('In a box.')}</w:pict></mc:Fallback></mc:AlternateContent></w:r>`,
    );
    expect(asRead(await read(body))).toEqual(['Before.', 'In a box.']);
  });

  test('hidden text is left out and told', async () => {
    const policy = await read(paragraph(run('Shown. ') + run('Secret note.', '<w:vanish/>')));
    expect(asRead(policy)).toEqual(['Shown.']);
    expect(leftOutFor(policy, 'hidden text of the Word document')).toEqual(['Secret note.']);
  });

  test('an empty form field, of either kind, is room to write', async () => {
    const old =
      '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:textInput/></w:ffData></w:fldChar></w:r><w:r><w:instrText> FORMTEXT </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>' +
      `${run('\u2002\u2002')}<w:r><w:fldChar w:fldCharType="end"/></w:r>`;
    const control = `<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>${run('Click here to enter text.')}</w:sdtContent></w:sdt>`;
    const policy = await read(
      paragraph(run('Lock the screen.')) +
        paragraph(run('I agree to this policy.')) +
        paragraph(run('Name: ') + old) +
        paragraph(run('Signature: ') + control) +
        paragraph(run('Date: ') + control),
    );
    expect(policy.form.fields.map(({ kind }) => kind)).toEqual(['printedName', 'signature', 'date']);
    expect(leftOutFor(policy, 'placeholder of a form field')).toHaveLength(2);
  });

  test("a style of the school's own that is based on a heading is a heading", async () => {
    const own = `${styles}<w:style w:type="paragraph" w:styleId="S"><w:name w:val="School heading"/><w:basedOn w:val="H"/></w:style>`;
    const policy = await read(
      paragraph(run('Text.')) + paragraph(run('Printing'), '<w:pStyle w:val="S"/>') + paragraph(run('Both sides.')),
      { styles: own },
    );
    expect(policy.sections.map(({ title }) => title)).toEqual(['Rules', 'Printing']);
  });

  test('numbered points made with the docx writer keep their numbers', async () => {
    const points = Array.from({ length: 34 }, (_, index) => `I will do what point ${index + 1} says.`);
    const file = await Packer.toBuffer(
      new Document({
        numbering: {
          config: [{ reference: 'points', levels: [{ level: 0, format: LevelFormat.DECIMAL, text: '%1.' }] }],
        },
        sections: [
          {
            children: points.map((text) => new Paragraph({ text, numbering: { reference: 'points', level: 0 } })),
          },
        ],
      }),
    );
    expect(asRead(await imported('policy.docx', file))).toEqual(points.map((text, index) => `${index + 1}. ${text}`));
  });
});
