import type { AccessSettings, OpeningState } from '../contract/console-access.ts';

/** A request that nobody answered for so long lapses. */
export const answerWithinHours = 24;

/** What of a case decides whether the record may be looked at. Instants as ISO text. */
export interface OpeningCase {
  userId: string;
  /** Null where no second person was needed. */
  answerBefore: string | null;
  answer: 'approved' | 'refused' | null;
  until: string | null;
}

/** How a case stands now. */
export function openingState({ answerBefore, answer, until }: OpeningCase, now: string): OpeningState {
  if (answer === 'refused') return 'refused';
  if (until !== null) return now < until ? 'open' : 'ended';
  return answerBefore !== null && now < answerBefore ? 'pending' : 'lapsed';
}

/** When a case made now can be looked into, or must be answered by. */
export function begunOpening(
  { secondPerson, openingMinutes }: AccessSettings,
  nowMs: number,
): Pick<OpeningCase, 'answerBefore' | 'until'> {
  return secondPerson
    ? { answerBefore: after(nowMs, answerWithinHours * 60), until: null }
    : { answerBefore: null, until: after(nowMs, openingMinutes) };
}

/** Until when a case is open that is agreed to now. */
export const approvedUntil = ({ openingMinutes }: AccessSettings, nowMs: number): string =>
  after(nowMs, openingMinutes);

/** Why somebody may not answer a case now; null when they may. */
export function answerFault(one: OpeningCase, answererId: string, now: string): 'own' | 'answered' | 'lapsed' | null {
  if (one.userId === answererId) return 'own';
  const state = openingState(one, now);
  if (state === 'pending') return null;
  return state === 'lapsed' ? 'lapsed' : 'answered';
}

const after = (nowMs: number, minutes: number): string => new Date(nowMs + minutes * 60_000).toISOString();
