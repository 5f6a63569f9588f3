/** One item of a list, such as a form's statement, in both versions. */
export interface ComparedItem<T> {
  /** Undefined where it was added. */
  older: T | undefined;
  /** Undefined where it was removed. */
  newer: T | undefined;
}

/** Sets the items of two lists side by side by their key, in the newer order; what was removed comes last. */
export function compareItems<T>(
  older: readonly T[],
  newer: readonly T[],
  keyOf: (item: T) => string,
): ComparedItem<T>[] {
  const before = new Map(older.map((item) => [keyOf(item), item]));
  const after = new Set(newer.map(keyOf));
  return [
    ...newer.map((item) => ({ older: before.get(keyOf(item)), newer: item })),
    ...older.filter((item) => !after.has(keyOf(item))).map((item) => ({ older: item, newer: undefined })),
  ];
}
