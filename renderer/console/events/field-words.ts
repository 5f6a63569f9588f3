/** Field names of event bodies whose plain words are not just the name taken apart. */
const knownWords: Partial<Record<string, string>> = {
  at: 'When',
  uptimeMs: 'Time since the machine started',
  deviceId: 'Machine id',
  seq: 'Record number',
  bySeconds: 'Moved by (seconds)',
  readSeconds: 'Reading time (seconds)',
  depthPercent: 'Read as far as (%)',
  openSeconds: 'Open for (seconds)',
  serverOrigin: 'Server',
  serverKeyFingerprint: 'Server’s key fingerprint',
  bootId: 'Boot id',
  previousStop: 'Stopped before',
  setAsideAs: 'Old record kept as',
  rule: 'Rule that allowed it',
  id: 'Id',
};

/** "policyVersion" → "Policy version". */
export function fieldWords(name: string): string {
  const known = knownWords[name];
  if (known !== undefined) return known;
  const words = name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}
