import { styleText } from 'node:util';
import { changeKindWords, type ChangeItem, type SaidComparison } from '../words/change-items.ts';

/**
 * A comparison as lines for a terminal. What went stands in `[-…-]`, what came in `{+…+}`, as `git diff --word-diff`
 * marks them; with `colours` they are coloured besides.
 */
export function* comparisonLines({ items, renumbered, same }: SaidComparison, colours: boolean): Generator<string> {
  if (same) return yield 'They say the same.';
  for (const item of items) {
    yield '';
    yield `${changeKindWords[item.kind]}: ${item.where}`;
    yield `  ${wordsOf(item, colours).replaceAll('\n', '\n  ')}`;
    if (item.note !== null) yield `  ${item.note}`;
  }
  yield '';
  if (renumbered > 0) {
    yield renumbered === 1
      ? '1 clause only has another number.'
      : `${String(renumbered)} clauses only have another number.`;
  }
  yield items.length === 1 ? '1 change.' : `${String(items.length)} changes.`;
}

const wordsOf = ({ runs }: ChangeItem, colours: boolean): string =>
  runs
    .map(({ kind, text }) => {
      if (kind === 'same') return text;
      const marked = kind === 'added' ? `{+${text}+}` : `[-${text}-]`;
      return colours ? styleText(kind === 'added' ? 'green' : 'red', marked) : marked;
    })
    .join('');
