import { CircleCheck, CircleX, Clock, type LucideIcon } from 'lucide-react';
import type { CounterSignatureRow } from '../../../src/contract/console-standing.ts';
import type { CounterSigner } from '../../../src/contract/policy-asking.ts';
import { Chip, type Tone } from '../parts/Chip.tsx';

type State = CounterSignatureRow['state'];

const stateWords: Record<State, { word: string; icon: LucideIcon; tone: Tone }> = {
  waiting: { word: 'Waiting', icon: Clock, tone: 'warning' },
  given: { word: 'Signed', icon: CircleCheck, tone: 'good' },
  refused: { word: 'Refused', icon: CircleX, tone: 'refusal' },
};

export const officeWords: Record<CounterSigner, string> = {
  headteacher: 'headteacher',
  businessManager: 'business manager',
};

export const officesInWords = (by: readonly CounterSigner[]): string =>
  by.map((office) => officeWords[office]).join(' or ');

export function SignatureChip({ state }: { state: State }) {
  const { word, icon, tone } = stateWords[state];
  return (
    <Chip icon={icon} tone={tone}>
      {word}
    </Chip>
  );
}
