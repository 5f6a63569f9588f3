import { withoutNumbers } from './page-furniture.ts';
import type { Questions } from './questions.ts';
import { takeIn, type SourceLine } from './source-line.ts';

/** Asks once about each text that was left out on a guess, and takes it in again where the school says so. */
export function settleLeftOut(lines: readonly SourceLine[], questions: Questions): SourceLine[] {
  const answers = new Map<string, string>();
  return lines.map((line) => {
    const reason = line.marks.leftOut;
    if (reason === undefined || line.marks.unsure !== true) return line;
    const key = withoutNumbers(line.text);
    const answer =
      answers.get(key) ??
      questions.ask({
        kind: 'leftOut',
        at: line,
        saw: line.text,
        asks: `Was this rightly left out, as "${reason}"?`,
        choices: [
          { answer: 'leaveOut', means: 'it is no part of what staff read' },
          { answer: 'keep', means: 'it is text, wherever it is printed' },
        ],
        assumed: 'leaveOut',
      });
    answers.set(key, answer);
    return answer === 'keep' ? takeIn(line) : line;
  });
}
