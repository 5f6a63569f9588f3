import type { ClauseReference } from '../../src/contract/lock.ts';
import { RichText } from './RichText.tsx';
import './ClauseQuote.css';

/** The clause that allows what just happened, word for word; folded up where there is little room. */
export function ClauseQuote({ clause, folded = false }: { clause: ClauseReference; folded?: boolean }) {
  const name = clause.number === null ? 'The policy says' : `Clause ${clause.number}`;
  if (!folded) {
    return (
      <figure className="clause-quote">
        <figcaption>{name}</figcaption>
        <blockquote>
          <RichText text={clause.text} />
        </blockquote>
      </figure>
    );
  }
  return (
    <details className="clause-quote">
      <summary>{name}</summary>
      <blockquote>
        <RichText text={clause.text} />
      </blockquote>
    </details>
  );
}
