/** What a maker wrote into the firmware, or null for the fillers that stand where nobody wrote anything. */
export function knownText(value: string | undefined, longest: number): string | null {
  const text = (value ?? '').trim().slice(0, longest);
  return text === '' || text === '-' || /^(unknown|none|default string|to be filled)/i.test(text) ? null : text;
}
