import { CircleAlert, CircleCheck, CircleOff, Clock, TriangleAlert } from 'lucide-react';
import type { MachineSummary } from '../../../src/contract/console.ts';
import { findingKind, standing, type FindingKind, type Standing } from '../../../src/contract/machine-standing.ts';
import { findingWords } from '../../../src/words/finding-words.ts';
import { Chip } from '../parts/Chip.tsx';

export const standingWords: Record<Standing, string> = {
  waiting: 'Waiting',
  approved: 'Trusted',
  refused: 'Refused',
  revoked: 'Revoked',
};

const looks = {
  waiting: { icon: Clock, tone: 'warning' },
  approved: { icon: CircleCheck, tone: 'good' },
  refused: { icon: CircleOff, tone: 'plain' },
  revoked: { icon: CircleOff, tone: 'refusal' },
} as const;

export function StandingChip({ standing: stands }: { standing: Standing }) {
  const { icon, tone } = looks[stands];
  return (
    <Chip icon={icon} tone={tone}>
      {standingWords[stands]}
    </Chip>
  );
}

export function FindingChip({ kind }: { kind: FindingKind }) {
  const { word, grave } = findingWords[kind];
  return (
    <Chip icon={grave ? CircleAlert : TriangleAlert} tone={grave ? 'refusal' : 'warning'}>
      {word}
    </Chip>
  );
}

export const standingFrom = (text: string | null): Standing | null => standing.safeParse(text).data ?? null;
export const kindFrom = (text: string | null): FindingKind | null => findingKind.safeParse(text).data ?? null;

/** Is it the school's own name that says most, or does the list mix several schools? */
export const severalSchools = (machines: readonly Pick<MachineSummary, 'schoolId'>[]): boolean =>
  new Set(machines.map(({ schoolId }) => schoolId)).size > 1;
