/** One measured figure. `baseline` was measured in the same run; `ratio` is value ÷ baseline. */
export interface Figure {
  value: number;
  unit: string;
  baseline?: number;
  ratio?: number;
  /** What we want it to be, for the table. */
  goal?: string;
}
export type Figures = Record<string, Figure>;

/** Nearest-rank percentile of a sample (0 < `percent` ≤ 100). */
export function percentile(sample: readonly number[], percent: number): number {
  if (sample.length === 0) throw new Error('A percentile needs at least one value');
  const sorted = [...sample].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN;
}

export const rounded = (value: number, places = 2): number => Number(value.toFixed(places));
