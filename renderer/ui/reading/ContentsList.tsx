import { Check } from 'lucide-react';
import type { MouseEvent } from 'react';
import type { ContentsEntry } from '../../../src/rules/contents.ts';
import { readingWords as words } from '../words.ts';
import { placeOf } from './PolicyText.tsx';

export interface ContentsListProps {
  contents: readonly ContentsEntry[];
  /** Id of the section on screen, at any depth. */
  current: string | null;
  /** Ids of sections read; null where reading is not measured. */
  sectionsRead: readonly string[] | null;
  depthPercent: number;
  onGo?: () => void;
}

/** The contents list: what was read has a tick, where the person is has a dot. */
export function ContentsList({ contents, current, sectionsRead, depthPercent, onGo }: ContentsListProps) {
  const read = new Set(sectionsRead ?? []);
  const go = (event: MouseEvent, id: string) => {
    event.preventDefault();
    onGo?.();
    const heading = document.getElementById(placeOf(id));
    heading?.scrollIntoView({ block: 'start' });
    heading?.focus({ preventScroll: true });
  };
  return (
    <>
      <ol className="contents">
        {contents.map((entry) => {
          const done = sectionsRead !== null && entry.covers.every((id) => read.has(id));
          const here = current !== null && entry.covers.includes(current);
          return (
            <li key={entry.id}>
              <a
                href={`#${placeOf(entry.id)}`}
                className="contents-entry"
                aria-current={here ? 'location' : undefined}
                data-done={done ? true : undefined}
                onClick={(event) => go(event, entry.id)}
              >
                <span className="contents-mark" aria-hidden>
                  {done ? <Check /> : here ? <span className="contents-dot" /> : null}
                </span>
                <span className="contents-title">
                  {entry.number !== undefined && <span className="contents-number">{entry.number} </span>}
                  {entry.title}
                  {done && <span className="visually-hidden"> ({words.read})</span>}
                </span>
              </a>
            </li>
          );
        })}
      </ol>
      {sectionsRead !== null && (
        <div className="contents-progress">
          <div
            className="progress"
            role="progressbar"
            aria-label={words.progress}
            aria-valuenow={depthPercent}
            aria-valuemin={0}
            aria-valuemax={100}
          >
            <div className="progress-done" style={{ width: `${depthPercent}%` }} />
          </div>
          <span aria-hidden>{words.percent(depthPercent)}</span>
        </div>
      )}
    </>
  );
}
