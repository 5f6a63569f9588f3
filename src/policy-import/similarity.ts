/** The words of a text and the pairs of neighbours among them, lower-case, each counted. */
export type WordProfile = ReadonlyMap<string, number>;

export function profileOf(text: string): WordProfile {
  const words = text
    .normalize('NFKC')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu);
  const profile = new Map<string, number>();
  (words ?? []).forEach((word, index) => {
    for (const part of index === 0 ? [word] : [word, `${words?.[index - 1] ?? ''} ${word}`])
      profile.set(part, (profile.get(part) ?? 0) + 1);
  });
  return profile;
}

/** From 0, no word in common, to 1, the same words in the same order (Sørensen–Dice over words and pairs of words). */
export function similarity(one: WordProfile, other: WordProfile): number {
  let shared = 0;
  for (const [part, count] of one) shared += Math.min(count, other.get(part) ?? 0);
  const all = sizeOf(one) + sizeOf(other);
  return all === 0 ? 0 : (2 * shared) / all;
}

function sizeOf(profile: WordProfile): number {
  let size = 0;
  for (const count of profile.values()) size += count;
  return size;
}
