import { Button } from '@mantine/core';
import { CircleCheck } from 'lucide-react';
import { useState } from 'react';
import type { Outcome, Problem } from '../../src/contract/problem.ts';
import type { ReadingOutstanding } from '../../src/rules/reading-condition.ts';
import { closedButton } from './closed-button.ts';
import { words } from './words.ts';

export interface AnswerBarProps {
  outstanding: ReadingOutstanding;
  sectionsLeft: number;
  connected: boolean;
  /** Until when "Not now" holds; null where there is no such choice. */
  postponableUntil: string | null;
  postpone: () => Promise<Outcome<null>>;
  onAccept: () => void;
  onDecline: () => void;
}

/** What is left to do, and the two answers. Accept stays closed until the policy's reading condition is met. */
export function AnswerBar(props: AnswerBarProps) {
  const { outstanding, sectionsLeft, connected, postponableUntil, postpone, onAccept, onDecline } = props;
  const open = outstanding.met && connected;
  const [problem, setProblem] = useState<Problem | null>(null);
  return (
    <>
      <p className="answer-status" id="answer-status">
        {outstanding.met && connected && <CircleCheck aria-hidden className="answer-met" />}
        <span>
          {problem?.detail ?? statusWords(outstanding, sectionsLeft, connected)}
          {postponableUntil !== null && <span className="answer-grace">{words.footer.grace(postponableUntil)}</span>}
        </span>
      </p>
      <p role="status" className="visually-hidden">
        {open ? words.footer.metSpoken : ''}
      </p>
      <div className="answers" role="group" aria-label={words.footer.label}>
        <Button variant="default" size="lg" onClick={onDecline}>
          {words.footer.decline}
        </Button>
        {postponableUntil !== null && (
          <Button
            variant="default"
            size="lg"
            {...closedButton(!connected)}
            onClick={() => {
              if (!connected) return;
              void postpone().then((outcome) => setProblem(outcome.ok ? null : outcome.problem));
            }}
          >
            {words.footer.notNow}
          </Button>
        )}
        <Button
          size="lg"
          className="answer-accept"
          {...closedButton(!open)}
          aria-describedby="answer-status"
          onClick={(event) => {
            if (open) onAccept();
            else event.preventDefault();
          }}
        >
          {words.footer.accept}
        </Button>
      </div>
    </>
  );
}

function statusWords(outstanding: ReadingOutstanding, sectionsLeft: number, connected: boolean): string {
  if (!connected) return words.footer.reconnecting;
  if (outstanding.met) return words.footer.met;
  if (!outstanding.toEnd) return words.footer.seconds(outstanding.seconds);
  if (outstanding.of === 'changes') return words.footer.toEndOfChanges;
  return sectionsLeft === 0 ? words.footer.toEnd : `${words.footer.toEnd} · ${words.footer.sectionsLeft(sectionsLeft)}`;
}
