import { useEffect, useMemo, useRef, useState, type RefObject } from 'react';
import { everySection, type Section } from '../../../src/contract/policy.ts';
import { countMatches } from '../text-segments.ts';

export interface Search {
  query: string;
  count: number;
  /** The match the person is at, from 0; -1 where there is none. */
  current: number;
  /** Number of the first match in the text of this section title or clause. */
  firstMatchIn(id: string): number;
  setQuery(query: string): void;
  go(step: 1 | -1): void;
  box: RefObject<HTMLInputElement | null>;
}

/** Finds words in a policy; Ctrl+F, Cmd+F and `/` go to the search box. `paused` while a dialog is open. */
export function useSearch(sections: readonly Section[], paused: boolean): Search {
  const [query, setQuery] = useState('');
  const [position, setPosition] = useState(0);
  const box = useRef<HTMLInputElement>(null);
  const { firsts, count } = useMemo(() => numbered(sections, query), [sections, query]);
  const current = count === 0 ? -1 : Math.min(position, count - 1);

  useEffect(() => {
    if (paused) return;
    const toBox = (event: KeyboardEvent) => {
      const find = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'f';
      const slash = event.key === '/' && !isTyping(event.target);
      if (!find && !slash) return;
      event.preventDefault();
      box.current?.focus();
      box.current?.select();
    };
    window.addEventListener('keydown', toBox);
    return () => window.removeEventListener('keydown', toBox);
  }, [paused]);

  useEffect(() => {
    if (current === -1) return;
    document.querySelector(`mark[data-match="${current}"]`)?.scrollIntoView({ block: 'center' });
  }, [current, query]);

  return {
    query,
    count,
    current,
    firstMatchIn: (id) => firsts.get(id) ?? 0,
    setQuery: (next) => {
      setQuery(next);
      setPosition(0);
    },
    go: (step) => {
      if (count > 0) setPosition((current + step + count) % count);
    },
    box,
  };
}

/** Counts every match of a query through a document, in the order of reading. */
export function numbered(sections: readonly Section[], query: string): { firsts: Map<string, number>; count: number } {
  const firsts = new Map<string, number>();
  let count = 0;
  for (const section of everySection(sections)) {
    for (const { id, text } of [{ id: section.id, text: section.title }, ...section.clauses]) {
      firsts.set(id, count);
      count += countMatches(text, query);
    }
  }
  return { firsts, count };
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
