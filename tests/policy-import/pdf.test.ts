import type { Browser } from 'playwright-core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { asRead, imported, leftOutFor, refusalOf } from '../support/policies/imported.ts';
import { longPolicy } from '../support/policies/long-policy.ts';
import { column, pdfFile, type PlacedText } from '../support/policies/pdf-file.ts';
import { accountedWords, wordsOf } from './accounted-words.ts';

describe('a PDF that a browser printed', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
  });

  const signIn =
    'You must sign in with your own account and never let another person use it, because what is done with an account is put down to the person whose account it is, whoever did it.';
  const backUp =
    'Whatever matters to anybody but you belongs on the shared drive, which is backed up every night, and not on the computer in front of you, which is not backed up at all.';
  const print = async (tagged: boolean) => {
    const page = await browser.newPage();
    await page.setContent(
      `<html lang="en"><style>body { font: 11pt sans-serif } .two { column-count: 2; text-align: justify } td { border: 1px solid; width: 50% }</style>
      <h1>Staff IT policy</h1>
      <h2>1. Accounts</h2><p>${signIn}</p>
      <ol><li>Lock the screen whenever you leave it, for however short a time, and sign out at the end of the day.</li><li>Never share a password.</li></ol>
      <h2>2. Devices</h2>
      <table><tr><td>Sticks and other small things that are carried about in pockets and in bags</td><td>Not allowed in any room, except by leave of the head in writing</td></tr><tr><td>Headsets</td><td>Allowed</td></tr></table>
      <h2>3. Files</h2><div class="two">${`<p>${backUp}</p><p>${signIn}</p>`.repeat(5)}</div>
      <h2>4. Agreement</h2><p>I have read this policy and I will follow it.</p>
      <p>Name: ____________________</p><p>Signature: ________________</p><p>Date: __________</p></html>`,
    );
    const header = '<span style="font-size: 8px">Acorn Primary School</span>';
    const footer =
      '<span style="font-size: 8px">Page <span class="pageNumber"></span> of <span class="totalPages"></span></span>';
    const margin = { top: '60px', bottom: '60px', left: '50px', right: '50px' };
    return page.pdf({
      format: 'A4',
      displayHeaderFooter: true,
      headerTemplate: header,
      footerTemplate: footer,
      margin,
      tagged,
    });
  };

  for (const tagged of [true, false]) {
    test(`${tagged ? 'with' : 'without'} tags reads like the page: headings, points, rows, columns, form`, async () => {
      const policy = await imported('policy.pdf', await print(tagged));
      expect(policy.title).toBe('Staff IT policy');
      expect(policy.sections.map(({ number, title }) => `${number} ${title}`)).toEqual([
        '1. Accounts',
        '2. Devices',
        '3. Files',
        '4. Agreement',
      ]);
      const read = asRead(policy);
      expect(read.slice(0, 3)).toEqual([
        signIn,
        '1. Lock the screen whenever you leave it, for however short a time, and sign out at the end of the day.',
        '2. Never share a password.',
      ]);
      expect(read).toContain('Headsets | Allowed');
      expect(read.filter((text) => text === backUp || text === signIn)).toHaveLength(11);
      expect(policy.form.statements.map(({ text }) => text)).toEqual(['I have read this policy and I will follow it.']);
      expect(policy.form.fields.map(({ kind }) => kind)).toEqual(['printedName', 'signature', 'date']);
      expect(new Set(leftOutFor(policy, 'page furniture: header'))).toEqual(new Set(['Acorn Primary School']));
      expect(leftOutFor(policy, 'page number')[0]).toMatch(/^Page 1 of \d$/);
    });
  }

  test('of a long policy reads the same as the Word document it was made from', async () => {
    const { file } = await longPolicy({ sections: 8, pointsPerSection: 15 });
    const fromWord = await imported('policy.docx', file);
    const escape = (text: string) => text.replace(/&/gu, '&amp;').replace(/</gu, '&lt;');
    const body = fromWord.sections.map(
      ({ title, clauses }) =>
        `<h2>${escape(title)}</h2>${clauses.map(({ number = '', text }) => `<p>${number} ${escape(text)}</p>`).join('')}`,
    );
    const page = await browser.newPage();
    await page.setContent(`<html lang="en"><h1>${escape(fromWord.title)}</h1>${body.join('')}</html>`);
    const fromPdf = await imported('policy.pdf', await page.pdf({ format: 'A4', tagged: false }));
    expect(fromPdf.title).toBe(fromWord.title);
    expect(fromPdf.sections.map(({ title }) => title)).toEqual(fromWord.sections.map(({ title }) => title));
    expect(asRead(fromPdf)).toEqual(asRead(fromWord));
  });

  test('of a picture alone is refused as having no text', async () => {
    const page = await browser.newPage();
    await page.setContent(
      '<svg width="500" height="700"><rect width="400" height="8" y="40"/><rect width="380" height="8" y="60"/></svg>',
    );
    expect(await refusalOf('scan.pdf', await page.pdf({ format: 'A4' }))).toMatch(/^The PDF has no text in it;/);
  });
});

describe('a PDF that gives only places of words', () => {
  const left = [
    'All machines lock themselves when nobody',
    'touches them for ten minutes. Do not wait',
    'for that: lock yours whenever you leave it',
    'and sign out when the day is over, so that',
    'the next person finds it free.',
  ];
  const right = [
    'Sticks are not allowed. Who needs one asks',
    'the head, who answers in writing and keeps',
    'a list of what was allowed and until when,',
    'which the governors see once in each term',
    'and the office keeps for one year.',
  ];
  const asOne = (lines: readonly string[]) => lines.join(' ');

  test('is read column by column though it was drawn line by line across the page', async () => {
    const across = left.flatMap((text, index) => [
      { text, left: 50, top: 120 + index * 14 },
      { text: right[index] ?? '', left: 320, top: 120 + index * 14 },
    ]);
    const heading = { text: 'Rules for staff computers and what hangs on them', left: 50, top: 90, size: 16 };
    const policy = await imported('policy.pdf', pdfFile([[heading, ...across]]));
    expect(policy.title).toBe('Rules for staff computers and what hangs on them');
    expect(asRead(policy)).toEqual([asOne(left), asOne(right)]);
  });

  test('is read from the top down though its lines were drawn in any order', async () => {
    const lines = column(left, 50, 100);
    const shuffled = [3, 0, 4, 1, 2].flatMap((index) => lines[index] ?? []);
    expect(asRead(await imported('policy.pdf', pdfFile([shuffled])))).toEqual([asOne(left)]);
  });

  test('joins what a line end broke, and keeps the hyphens that belong', async () => {
    const lines = [
      'Keep to yourself whatever you learn, because infor-',
      'mation about pupils is theirs. Send nothing by e-',
      'mail that you would not put on a card, and keep up-to-',
      'date what you were lent; a well-kept machine is safe.',
    ];
    expect(asRead(await imported('policy.pdf', pdfFile([column(lines, 50, 100)])))).toEqual([
      'Keep to yourself whatever you learn, because information about pupils is theirs. Send nothing by e-mail that you would not put on a card, and keep up-to-date what you were lent; a well-kept machine is safe.',
    ]);
  });

  test('loses headers, footers and page numbers to the furniture, on every page', async () => {
    const pages = [1, 2, 3].map((number) => [
      { text: 'Acorn Primary School', left: 50, top: 40, size: 9 },
      ...column(left, 50, 100),
      { text: `Staff IT policy, May, page ${number}`, left: 50, top: 800, size: 9 },
      { text: String(number), left: 290, top: 815, size: 9 },
    ]);
    const policy = await imported('policy.pdf', pdfFile(pages));
    expect(asRead(policy)).toEqual([asOne(left), asOne(left), asOne(left)]);
    expect(leftOutFor(policy, 'page furniture: header')).toHaveLength(3);
    expect(leftOutFor(policy, 'page furniture: footer')).toHaveLength(3);
    expect(leftOutFor(policy, 'page number')).toEqual(['1', '2', '3']);
  });

  test('carries a sentence over to the next page', async () => {
    const policy = await imported(
      'policy.pdf',
      pdfFile([column(left.slice(0, 3), 50, 740), column(left.slice(3), 50, 60)]),
    );
    expect(asRead(policy)).toEqual([asOne(left)]);
  });

  test('keeps short lines apart that only stand below one another', async () => {
    const people = ['Who this is for', 'Staff', 'Volunteers', 'Governors'];
    const policy = await imported('policy.pdf', pdfFile([[...column(people, 50, 60), ...column(left, 50, 140)]]));
    expect(policy.trace.map(({ text }) => text)).toEqual([...people, asOne(left)]);
  });

  test('loses no word, and keeps their order', async () => {
    const word = fc.stringMatching(/^[a-zA-Z]{1,10}$/);
    const line = fc.array(word, { minLength: 1, maxLength: 9 }).map((words) => words.join(' '));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(line, { minLength: 3, maxLength: 30 }), { minLength: 1, maxLength: 3 }),
        async (pages) => {
          const placed = pages.map((lines): PlacedText[] => column(lines, 50, 60));
          const text = pages.flat().join('\n');
          fc.pre(text.replace(/\s/gu, '').length >= 20);
          expect(accountedWords(await imported('policy.pdf', pdfFile(placed)))).toEqual(wordsOf(text));
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('a PDF that cannot be read says why', () => {
  const text = column(['One line of text that is long enough.'], 50, 100);

  test('locked, cut off, something else, a trap', async () => {
    expect(await refusalOf('policy.pdf', pdfFile([text], { locked: true }))).toBe(
      'The PDF is locked with a password. Take the password off, or save the policy as a Word document (.docx), and import that.',
    );
    expect(await refusalOf('policy.pdf', pdfFile([text]).subarray(0, 120))).toMatch(/^The PDF is damaged or cut off\./);
    expect(await refusalOf('policy.pdf', 'hello')).toMatch(/^The file ends in \.pdf but is no PDF\./);
    expect(await refusalOf('policy.pdf', pdfFile([text], { bombBytes: 130 * 1024 * 1024 }))).toMatch(
      /^The PDF unpacks to far more than any policy holds\./,
    );
    expect(await refusalOf('policy.pdf', pdfFile([[]]))).toMatch(/^The PDF has no text in it;/);
    expect(await refusalOf('policy.pdf', pdfFile(Array.from({ length: 501 }, () => text)))).toMatch(
      /^The PDF has 501 pages; at most 500 are read\./,
    );
  });

  test('with bytes overwritten anywhere is read or refused, never worse', async () => {
    const whole = pdfFile([column(['One line of text that is long enough.', 'And one more of them.'], 50, 100)]);
    for (let place = 0; place < whole.length; place += 23) {
      const damaged = Buffer.from(whole);
      damaged.fill(0x21, place, place + 3);
      const answer = await refusalOf('policy.pdf', damaged);
      expect(answer === 'taken' || answer.endsWith('.')).toBe(true);
    }
  });
});
