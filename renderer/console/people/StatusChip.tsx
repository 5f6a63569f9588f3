import { Chip } from '../parts/Chip.tsx';
import { statusWords, type PersonStatus } from './status-words.ts';

export function StatusChip({ status }: { status: PersonStatus }) {
  const { word, icon, tone } = statusWords[status];
  return (
    <Chip icon={icon} tone={tone}>
      {word}
    </Chip>
  );
}
