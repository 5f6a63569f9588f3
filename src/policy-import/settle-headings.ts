import type { FormRole } from './form-roles.ts';
import type { HeadingRank } from './headings.ts';
import type { Paragraph } from './paragraphs.ts';
import type { Questions } from './questions.ts';

const sentence = /[.;:!?]["'”’)]?$/u;
const fewestWords = 5;

/**
 * Looks again at headings that have nothing under them. A sentence is no heading, though Word's heading styles are
 * often used for numbered points; of any other the school is asked.
 */
export function settleHeadings(
  paragraphs: readonly Paragraph[],
  ranks: readonly (HeadingRank | null)[],
  formRoles: ReadonlyMap<number, FormRole>,
  questions: Questions,
): (HeadingRank | null)[] {
  return ranks.map((rank, index) => {
    const paragraph = paragraphs[index];
    if (rank === null || paragraph === undefined || formRoles.has(index)) return rank;
    const next = ranks[index + 1];
    const isEmpty = index + 1 >= ranks.length || (typeof next === 'number' && next <= rank);
    if (!isEmpty) return rank;
    if (sentence.test(paragraph.body) && paragraph.body.split(' ').length >= fewestWords) return null;
    const answer = questions.ask({
      kind: 'heading',
      at: paragraph.lines[0],
      saw: paragraph.text,
      asks: 'Nothing stands under this heading. Is it one?',
      choices: [
        { answer: 'heading', means: 'it is a heading without text of its own' },
        { answer: 'text', means: 'it is a point of the section before it' },
      ],
      assumed: 'heading',
    });
    return answer === 'heading' ? rank : null;
  });
}
