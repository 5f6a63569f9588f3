import type { PrintedLabel } from './printed-labels.ts';
import { labelOf } from './printed-labels.ts';
import type { Questions } from './questions.ts';
import { sourceLine, type SourceLine } from './source-line.ts';

const startsLower = /^\p{Ll}/u;

/**
 * Finds points whose words begin in lower case where the points around them do not: a point that was broken in two
 * and numbered again. Asks, and where the school says so, takes the number away and joins the two.
 */
export function settleBrokenPoints(lines: readonly SourceLine[], questions: Questions): SourceLine[] {
  let before: { line: SourceLine; label: PrintedLabel } | null = null;
  return lines.map((line) => {
    if (line.marks.leftOut !== undefined || line.marks.tableRow === true) return line;
    const label = labelOf(line.text);
    const previous = before;
    before = label === null || label.kind === 'bullet' ? null : { line, label };
    if (previous === null || before === null || !isBroken(previous.label, before.label)) return line;
    const answer = questions.ask({
      kind: 'joined',
      at: line,
      saw: line.text,
      asks: `This point begins in lower case. Is it the rest of the point before it, "${previous.line.text.slice(-80)}"?`,
      choices: [
        { answer: 'join', means: 'it is the rest of that point, and its number is left out' },
        { answer: 'apart', means: 'it is a point of its own' },
      ],
      assumed: 'apart',
    });
    return answer === 'join' ? withoutLabel(line, before.label) : line;
  });
}

function isBroken(previous: PrintedLabel, label: PrintedLabel): boolean {
  if (previous.kind !== label.kind || previous.path.length !== label.path.length) return false;
  if ((label.path.at(-1) ?? 0) - (previous.path.at(-1) ?? 0) !== 1) return false;
  return startsLower.test(label.rest) && !startsLower.test(previous.rest) && !/^(?:e-?\p{L}|i\p{Lu})/u.test(label.rest);
}

function withoutLabel(line: SourceLine, label: PrintedLabel): SourceLine {
  const at = line.raw.indexOf(label.text) + label.text.length;
  const segments = [
    { text: line.raw.slice(0, at), leftOut: 'number of a point that goes on' },
    { text: line.raw.slice(at) },
  ];
  return sourceLine(line.line, segments, false, { ...line.marks, goesOn: true });
}
