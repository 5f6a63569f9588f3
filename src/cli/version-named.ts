import type { PolicySummary } from '../contract/console.ts';

/**
 * The published version that somebody means by `2`, `staff-aup@2` or the first letters of a hash.
 * @throws Error with one sentence that names what there is.
 */
export function versionNamed(name: string, published: readonly PolicySummary[]): PolicySummary {
  const [, id, number] = /^(?:(.+)@)?v?(\d{1,6})$/.exec(name) ?? [];
  const ids = [...new Set(published.map((one) => one.id))];
  if (number !== undefined) {
    const of = id ?? (ids.length === 1 ? ids[0] : undefined);
    if (of === undefined && ids.length > 1) {
      throw new Error(`There are several policies. Say which: ${ids.map((one) => `${one}@${number}`).join(', ')}.`);
    }
    const found = published.find((one) => one.id === of && one.version === Number(number));
    if (found !== undefined) return found;
  }
  if (/^[0-9a-f]{6,64}$/.test(name)) {
    const found = published.filter(({ hash }) => hash.startsWith(name));
    const [first] = found;
    if (first !== undefined && new Set(found.map(({ hash }) => hash)).size === 1) return first;
    if (first !== undefined) throw new Error(`Several hashes begin with ${name}. Give more of its letters.`);
  }
  const known = published.slice(0, 12).map((one) => `${one.id}@${String(one.version)}`);
  throw new Error(
    known.length === 0
      ? 'Nothing is published yet, so there is no version to name.'
      : `No published version is called "${name}". There is ${known.join(', ')}. A file needs its ending, such as .json.`,
  );
}
