import { useCallback } from 'react';
import { useSearchParams } from 'wouter';

/** Sets entries of the address's query, null removes them; the rest of the address stays. */
export type ChangeEntries = (entries: Record<string, string | null>) => void;

/** The query of the address, and how to change it without adding to the browser's history. */
export function useAddressEntries(): [URLSearchParams, ChangeEntries] {
  const [search, setSearch] = useSearchParams();
  const change = useCallback<ChangeEntries>(
    (entries) => {
      setSearch(
        (before) => {
          const next = new URLSearchParams(before);
          for (const [name, value] of Object.entries(entries)) {
            if (value === null) next.delete(name);
            else next.set(name, value);
          }
          return next;
        },
        { replace: true },
      );
    },
    [setSearch],
  );
  return [search, change];
}
