import { ChevronDown, ChevronUp, Search as SearchIcon, X } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import { ToolButton } from '../AppearanceTools.tsx';
import { readingWords as words } from '../words.ts';
import type { Search } from './use-search.ts';

/** Search within the policy: Enter and Shift+Enter step through the matches, Escape clears. */
export function SearchBox({ search }: { search: Search }) {
  const { query, count, current, setQuery, go, box } = search;
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'Enter') {
      event.preventDefault();
      go(event.shiftKey ? -1 : 1);
    }
    if (event.key === 'Escape') setQuery('');
  };
  const asked = query.trim() !== '';
  return (
    <div className="search" role="search">
      <div className="search-line">
        <SearchIcon aria-hidden className="search-icon" />
        <input
          ref={box}
          type="text"
          className="search-input"
          aria-label={words.search}
          placeholder={words.search}
          title={words.searchHint}
          autoComplete="off"
          spellCheck={false}
          maxLength={100}
          value={query}
          onChange={(event) => setQuery(event.currentTarget.value)}
          onKeyDown={keys}
        />
        {asked ? (
          <ToolButton
            name={words.clear}
            onPress={() => {
              setQuery('');
              box.current?.focus();
            }}
          >
            <X aria-hidden />
          </ToolButton>
        ) : (
          <kbd className="search-key" aria-hidden>
            /
          </kbd>
        )}
      </div>
      {asked && (
        <div className="search-outcome">
          <span aria-hidden>{count === 0 ? words.noMatches : words.matches(current + 1, count)}</span>
          <ToolButton name={words.previous} disabled={count < 2} onPress={() => go(-1)}>
            <ChevronUp aria-hidden />
          </ToolButton>
          <ToolButton name={words.next} disabled={count < 2} onPress={() => go(1)}>
            <ChevronDown aria-hidden />
          </ToolButton>
        </div>
      )}
      <p role="status" className="visually-hidden">
        {asked ? words.matchesSpoken(current + 1, count) : ''}
      </p>
    </div>
  );
}
