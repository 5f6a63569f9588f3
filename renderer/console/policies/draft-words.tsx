import { CircleCheck, CircleX, PenLine, Stamp } from 'lucide-react';
import type { PolicyDraft } from '../../../src/contract/console-policies.ts';
import { Chip } from '../parts/Chip.tsx';

const states = {
  draft: { word: 'Waits for approval', icon: PenLine, tone: 'warning' },
  approved: { word: 'Approved', icon: Stamp, tone: 'good' },
  published: { word: 'Published', icon: CircleCheck, tone: 'plain' },
  discarded: { word: 'Discarded', icon: CircleX, tone: 'plain' },
} as const;

export function DraftState({ state }: { state: PolicyDraft['state'] }) {
  const { word, icon, tone } = states[state];
  return (
    <Chip icon={icon} tone={tone}>
      {word}
    </Chip>
  );
}
