const storageKey = 'usher-wanted-address';

/** After this long the person has gone on to something else. */
const keptMilliseconds = 15 * 60_000;

/** Remembers where someone wanted to go before signing in. The sign-in link often opens in another tab. */
export function keepWantedAddress(storage: Pick<Storage, 'setItem'>, wanted: string, nowMilliseconds: number): void {
  if (wanted === '/') return;
  try {
    storage.setItem(storageKey, JSON.stringify({ wanted, at: nowMilliseconds }));
  } catch {
    return;
  }
}

/** The remembered address, once; null when there is none, it is old, or it leads off this site. */
export function takeWantedAddress(
  storage: Pick<Storage, 'getItem' | 'removeItem'>,
  nowMilliseconds: number,
): string | null {
  try {
    const text = storage.getItem(storageKey);
    if (text === null) return null;
    storage.removeItem(storageKey);
    const kept: unknown = JSON.parse(text);
    if (typeof kept !== 'object' || kept === null || !('wanted' in kept) || !('at' in kept)) return null;
    const { wanted, at } = kept;
    if (typeof wanted !== 'string' || typeof at !== 'number') return null;
    const fresh = nowMilliseconds - at < keptMilliseconds;
    return fresh && wanted.startsWith('/') && !wanted.startsWith('//') ? wanted : null;
  } catch {
    return null;
  }
}
