const softHyphen = /\u00ad/gu;
const brokenWord = /(\p{L}+(?:[-\u2010]\p{L}+)*)[-\u2010]$/u;
const restOfWord = /^\p{Ll}[\p{L}]*/u;
/** Written with a hyphen whatever follows. */
const hyphenated =
  /(?:^|-)(?:e|non|self|co|ex|anti|multi|cyber|cross|pre|re|sub|well|up|to|on|off|in|out|non|vice|all|half)$/iu;

/** Words a document uses, by which a word broken at a line's end is judged. */
export function vocabularyOf(texts: readonly string[]): ReadonlySet<string> {
  const words = new Set<string>();
  for (const text of texts) {
    const whole = text.replace(softHyphen, '').replace(brokenWord, '').toLowerCase();
    for (const word of whole.match(/\p{L}+(?:[-\u2010]\p{L}+)*/gu) ?? []) words.add(word.replace(/\u2010/gu, '-'));
  }
  return words;
}

/**
 * Joins two lines of one paragraph. A hyphen at the end of the first is taken away where it only breaks a word:
 * where the document writes the word without it, or where nothing says that it belongs there.
 */
export function joinLines(before: string, next: string, vocabulary: ReadonlySet<string>): string {
  if (before.endsWith('\u00ad')) return before.replace(/\u00ad$/u, '') + next;
  const start = brokenWord.exec(before)?.[1];
  const rest = restOfWord.exec(next)?.[0];
  if (start === undefined || rest === undefined)
    return /\p{L}[-\u2010/]$/u.test(before) && /^\p{L}/u.test(next) ? before + next : `${before} ${next}`;
  const plain = `${start}${rest}`.toLowerCase();
  const withHyphen = `${start}-${rest}`.toLowerCase();
  const keeps = !vocabulary.has(plain) && (vocabulary.has(withHyphen) || start.includes('-') || hyphenated.test(start));
  return keeps ? before + next : before.slice(0, -1) + next;
}

/** Takes soft hyphens out, which show only where a line breaks. */
export const withoutSoftHyphens = (text: string) => text.replace(softHyphen, '');
