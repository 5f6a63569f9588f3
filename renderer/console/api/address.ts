/** Fills `:name` parts of a path, URL-encoded, and adds the query entries that have a value. */
export function address(
  path: string,
  parts: Record<string, string> = {},
  query: Record<string, string | number | null | undefined> = {},
): string {
  const filled = path.replace(/:([a-z]+)/g, (whole, name: string) => {
    const part = parts[name];
    return part === undefined ? whole : encodeURIComponent(part);
  });
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return text === '' ? filled : `${filled}?${text}`;
}
