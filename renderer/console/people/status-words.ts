import { CircleCheck, CircleDashed, CircleX, History, type LucideIcon } from 'lucide-react';
import type { PersonSummary } from '../../../src/contract/console.ts';
import type { Tone } from '../parts/Chip.tsx';

export type PersonStatus = PersonSummary['status'];

/** Each status as an icon, a word and a tone, in the order of how well it is. */
export const statusWords: Record<PersonStatus, { word: string; icon: LucideIcon; tone: Tone }> = {
  accepted: { word: 'Accepted', icon: CircleCheck, tone: 'good' },
  outdated: { word: 'Older version', icon: History, tone: 'warning' },
  declined: { word: 'Declined', icon: CircleX, tone: 'refusal' },
  notAccepted: { word: 'Not yet', icon: CircleDashed, tone: 'plain' },
};

export const statusOrder = ['accepted', 'outdated', 'declined', 'notAccepted'] as const;

export const statusFrom = (text: string | null): PersonStatus | null =>
  statusOrder.find((status) => status === text) ?? null;
