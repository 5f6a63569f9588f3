import { CircleCheck, CircleX, Clock, History, Hourglass, type LucideIcon } from 'lucide-react';
import { openingCategory, type OpeningCategory, type OpeningState } from '../../../src/contract/console-access.ts';
import type { Tone } from '../parts/Chip.tsx';

export const categoryWords: Record<OpeningCategory, string> = {
  incident: 'Something that happened',
  safeguarding: 'Safeguarding',
  policyQuestion: 'A question about the policy',
  rightsRequest: 'They asked for their data',
  technicalFault: 'A technical fault',
  audit: 'An audit',
  other: 'Something else',
};

export const categoryFrom = (text: string): OpeningCategory => openingCategory.safeParse(text).data ?? 'other';

export const openingWords: Record<OpeningState, { word: string; icon: LucideIcon; tone: Tone }> = {
  pending: { word: 'Waits', icon: Hourglass, tone: 'warning' },
  open: { word: 'Open', icon: Clock, tone: 'good' },
  ended: { word: 'Ended', icon: CircleCheck, tone: 'plain' },
  refused: { word: 'Refused', icon: CircleX, tone: 'refusal' },
  lapsed: { word: 'Lapsed', icon: History, tone: 'plain' },
};
