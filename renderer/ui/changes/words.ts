/** What is said of changes between two versions, on the gate and on the console. */
export const changesWords = {
  begins: { added: ' [added: ', removed: ' [taken out: ' },
  ends: { added: ' end of added] ', removed: ' end of taken out] ' },
  legend: { added: 'underlined: new', removed: 'crossed out: no longer there' },
} as const;
