import {
  ClockAlert,
  DoorOpen,
  FileCheck2,
  FileDown,
  FileWarning,
  FileX2,
  Link2,
  Play,
  RotateCcw,
  ShieldX,
  Square,
  Unplug,
  type LucideIcon,
} from 'lucide-react';
import { eventTypes, type EventType } from '../../../src/contract/event.ts';

export type EventTone = 'good' | 'plain' | 'warning' | 'refusal';

/** Each event type as a person calls it. */
export const eventWords: Record<EventType, { word: string; icon: LucideIcon; tone: EventTone }> = {
  'policy.accepted': { word: 'Policy accepted', icon: FileCheck2, tone: 'good' },
  'policy.declined': { word: 'Policy declined', icon: FileX2, tone: 'refusal' },
  'gate.shown': { word: 'Policy shown', icon: DoorOpen, tone: 'plain' },
  'gate.interrupted': { word: 'Reading interrupted', icon: Unplug, tone: 'warning' },
  'policy.received': { word: 'Policy received', icon: FileDown, tone: 'plain' },
  'policy.refused': { word: 'Policy refused', icon: FileWarning, tone: 'refusal' },
  'machine.enrolled': { word: 'Machine enrolled', icon: Link2, tone: 'plain' },
  'service.started': { word: 'Usher started', icon: Play, tone: 'plain' },
  'service.stopped': { word: 'Usher stopped', icon: Square, tone: 'plain' },
  'clock.moved': { word: 'Clock moved', icon: ClockAlert, tone: 'warning' },
  'journal.epochStarted': { word: 'Record begun', icon: RotateCcw, tone: 'plain' },
  'shell.refused': { word: 'Call turned away', icon: ShieldX, tone: 'warning' },
};

export const eventTypeFrom = (text: string | null): EventType | null =>
  eventTypes.find((type) => type === text) ?? null;
