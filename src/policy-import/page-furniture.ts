import { hasWords, leaveOut, type SourceLine } from './source-line.ts';

const pageNumber = /^(?:[-–—|\s]*(?:page|p\.?|pg\.?)\s*)?[-–—|\s]*\d{1,3}\s*(?:(?:of|\/)\s*\d{1,3})?[-–—|\s.]*$/iu;
const saysPage = /\bpage\s+\d{1,3}(?:\s*(?:of|\/)\s*\d{1,3})?\b/iu;
const timesPrinted = 3;

/** "Page 3 of 9", "- 3 -" or a number standing alone. */
export function isPageNumber(text: string): boolean {
  return pageNumber.test(text) && !/^\d{1,3}[.)]$/u.test(text);
}

/** What stays the same of a header or footer from page to page. */
export function withoutNumbers(text: string): string {
  return text.toLowerCase().replace(/\d+/gu, '#').replace(/\s+/gu, ' ').trim();
}

/**
 * Lines a printed page repeats: page numbers, and headers and footers. A footer is a line that is printed three
 * times or more and either says "Page 3", or ends or begins with a number that grows, or touches a page number; twice
 * is enough where it touches a page number every time.
 */
export function markPageFurniture(lines: readonly SourceLine[]): SourceLine[] {
  const numbered = lines.map((line) => isPageNumber(line.text) && line.marks.tableRow !== true);
  const printed = new Map<string, number[]>();
  lines.forEach((line, index) => {
    const key = withoutNumbers(line.text);
    const places = printed.get(key);
    if (places === undefined) printed.set(key, [index]);
    else places.push(index);
  });
  const repeated = new Set<number>();
  for (const places of printed.values()) {
    const oncePerPage =
      places.length > 1 && places.every((place) => numbered[place - 1] === true || numbered[place + 1] === true);
    if (oncePerPage || (places.length >= timesPrinted && isRepeatedByPage(lines, numbered, places))) {
      for (const place of places) repeated.add(place);
    }
  }
  return lines.map((line, index) => {
    if (line.marks.leftOut !== undefined) return line;
    if (!hasWords(line.text)) return isBulletAlone(line.text) ? line : leaveOut(line, 'no words on the line');
    if (numbered[index] === true) return leaveOut(line, 'page number');
    if (saysPage.test(line.text) && line.text.length <= 80 && isOnlyPageWords(line.text))
      return leaveOut(line, 'page header or footer');
    if (repeated.has(index)) return leaveOut(line, 'page header or footer', !saysPage.test(line.text));
    return line;
  });
}

function isBulletAlone(text: string): boolean {
  return /^[·•●▪◦‣∙■□➢➤►✓✔❖\uf000-\uf0ff]$/u.test(text);
}

function isOnlyPageWords(text: string): boolean {
  return /^(?:.{0,60}[|\s–-])?page\s+\d{1,3}\s*(?:of|\/)\s*\d{1,3}(?:[|\s–-].{0,60})?$/iu.test(text);
}

function isRepeatedByPage(lines: readonly SourceLine[], numbered: readonly boolean[], places: readonly number[]) {
  const texts = places.map((place) => lines[place]?.text ?? '');
  if (texts.every((text) => saysPage.test(text))) return true;
  const touching = places.filter((place) => numbered[place - 1] === true || numbered[place + 1] === true).length;
  if (touching >= Math.max(2, places.length - 1)) return true;
  const numbers = texts.map((text) =>
    Number(/(?:^(\d{1,3})\s+\D)|(?:\D\s(\d{1,3})$)/u.exec(text)?.slice(1).find(Boolean)),
  );
  const growing = numbers.every((value, index) => index === 0 || value > (numbers[index - 1] ?? Infinity));
  const spread = (places.at(-1) ?? 0) - (places[0] ?? 0) >= places.length * 4;
  return growing && spread && !texts.some((text) => /[.:;]$/u.test(text));
}
