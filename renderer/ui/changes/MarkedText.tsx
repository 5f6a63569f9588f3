import type { WordRun } from '../../../src/rules/compare-policies/compare-texts.ts';
import './changes.css';
import { changesWords as words } from './words.ts';

/**
 * A text with what came underlined and what went crossed out; both are also said to screen readers, most of which pass
 * over `ins` and `del`. Emphasis is left out: `**` would tear across the marks.
 */
export function MarkedText({ runs }: { runs: readonly WordRun[] }) {
  return runs.map(({ kind, text }, place) => {
    const shown = text.replaceAll('**', '');
    if (shown === '') return null;
    if (kind === 'same') return <span key={place}>{shown}</span>;
    const Mark = kind === 'added' ? 'ins' : 'del';
    return (
      <Mark key={place} className="marked">
        <span className="visually-hidden">{kind === 'added' ? words.begins.added : words.begins.removed}</span>
        {shown}
        <span className="visually-hidden">{kind === 'added' ? words.ends.added : words.ends.removed}</span>
      </Mark>
    );
  });
}
