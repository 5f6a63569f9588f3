/** Names shorter than this are words of every other sentence. */
const shortestName = 3;

/**
 * Finds a person's names in text that somebody wrote. Whole names only, in any case: "robin" is in "Robin took it home."
 * and neither in "robin-laptop" nor in "robin.hood".
 */
function namePattern(names: readonly string[]): RegExp | null {
  const told = names.map((name) => name.trim().normalize('NFC')).filter((name) => name.length >= shortestName);
  if (told.length === 0) return null;
  const longestFirst = [...told]
    .sort((one, other) => other.length - one.length)
    .map((name) => name.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`));
  return new RegExp(
    String.raw`(?<![\p{L}\p{N}]|[\p{L}\p{N}][._\\-])(?:${longestFirst.join('|')})(?![\p{L}\p{N}]|[._\\-][\p{L}\p{N}])`,
    'giu',
  );
}

/** Does a text name somebody? */
export const namesIn = (text: string, names: readonly string[]): boolean =>
  namePattern(names)?.test(text.normalize('NFC')) ?? false;

/** The text with others' words in place of the names. */
export function withoutNamesIn(text: string, names: readonly string[], instead: string): string {
  const pattern = namePattern(names);
  return pattern === null ? text : text.normalize('NFC').replaceAll(pattern, () => instead);
}
