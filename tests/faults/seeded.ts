/** Random choices that come again with the same seed. */
export interface Seeded {
  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number;
  chance(probability: number): boolean;
  one<T>(choices: readonly [T, ...T[]]): T;
  /** Another generator whose choices do not depend on how often this one was asked. */
  fork(name: string): Seeded;
}

/** Mulberry32 (Tommy Ettinger, public domain): 32 bits of state, good enough to choose moments and sizes with. */
export function seeded(seed: number): Seeded {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  return {
    between,
    chance: (probability) => next() < probability,
    one: (choices) => choices[between(0, choices.length - 1)] ?? choices[0],
    fork(name) {
      let mixed = seed >>> 0;
      for (const letter of name) mixed = (Math.imul(mixed, 31) + letter.charCodeAt(0)) >>> 0;
      return seeded(mixed);
    },
  };
}
