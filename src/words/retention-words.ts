import type { KeepFor } from '../contract/retention.ts';

const spoken = (months: number): string => {
  if (months % 12 === 0) return months === 12 ? '1 year' : `${months / 12} years`;
  return months === 1 ? '1 month' : `${months} months`;
};

/** "6 months", "6 years after the person was last seen". */
export function keepWords({ from, months }: KeepFor): string {
  return from === 'received' ? spoken(months) : `${spoken(months)} after the person was last seen`;
}
