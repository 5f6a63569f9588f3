import { createHash } from 'node:crypto';

const longest = 64;

/** Lower-case words joined by hyphens, accents taken off; empty where nothing Latin is left. */
export function slug(text: string, mostCharacters = 40): string {
  const whole = text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f'’]/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, '-')
    .replace(/^-+|-+$/gu, '');
  if (whole.length <= mostCharacters) return whole;
  const cut = whole.slice(0, mostCharacters + 1);
  return cut.slice(0, Math.max(cut.lastIndexOf('-'), 0) || mostCharacters).replace(/-+$/u, '');
}

/** Letters and digits only: unchanged by spacing, case and punctuation. */
export function essenceOf(text: string): string {
  const essence = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
  return essence === '' ? text : essence;
}

/** Ten hexadecimal characters of SHA-256 over the essence of a text. */
export function fingerprint(text: string): string {
  return createHash('sha256').update(essenceOf(text)).digest('hex').slice(0, 10);
}

/**
 * Gives out ids, each once. Ids come from what is written, never from a position, so that
 * importing a revised file keeps the ids of everything that did not change.
 */
export class Identifiers {
  readonly #taken = new Set<string>(['title']);

  /** Id of a clause or statement: its first words and a fingerprint of all of them. */
  forText(text: string): string {
    const words = slug(text.split(/\s+/u, 6).join(' '), 32);
    return this.#claim(words === '' ? `text-${fingerprint(text)}` : `${words}-${fingerprint(text)}`);
  }

  /** Id of a section: its heading, after the ids of the headings it stands under. */
  forHeading(title: string, parentId: string | null): string {
    const own = slug(title, 48) || `section-${fingerprint(title)}`;
    const whole = parentId === null ? own : `${parentId}.${own}`;
    if (whole.length <= longest) return this.#claim(whole);
    return this.#claim(`${slug(own, 40)}-${fingerprint(whole)}`);
  }

  /** Id of a form field or variable: its name as given. */
  forName(name: string): string {
    return this.#claim(slug(name, longest) || `field-${fingerprint(name)}`);
  }

  #claim(wanted: string): string {
    let id = wanted;
    for (let copy = 2; this.#taken.has(id); copy += 1) {
      const suffix = `-${copy}`;
      id = `${wanted.slice(0, longest - suffix.length)}${suffix}`;
    }
    this.#taken.add(id);
    return id;
  }
}
