import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { ComprehensionCheck, Question } from '../../src/contract/policy-asking.ts';
import type { Policy } from '../../src/contract/policy.ts';
import type { Outcome, Problem } from '../../src/contract/problem.ts';
import type { CheckResult } from '../../src/contract/session.ts';
import { clauseOf, fillVariables } from '../../src/rules/policy-for-person.ts';
import { Notice, RichText, ReconnectingNotice } from '../ui/index.ts';
import { CardDialog } from './CardDialog.tsx';
import { closedButton } from './closed-button.ts';
import { words } from './words.ts';

export type AnswerCheck = (answers: Record<string, string[]>) => Promise<Outcome<CheckResult>>;

export interface CheckDialogProps {
  opened: boolean;
  policy: Policy;
  check: ComprehensionCheck;
  connected: boolean;
  onClose: () => void;
  answer: AnswerCheck;
  onPassed: () => void;
}

/** A few questions before the form. What was wrong is shown with the clause that has the answer, and may be tried again. */
export function CheckDialog(props: CheckDialogProps) {
  return (
    <CardDialog
      opened={props.opened}
      onClose={props.onClose}
      title={words.check.title(props.check.questions.length)}
      closeLabel={words.check.back}
      size="46rem"
    >
      <Questions {...props} />
    </CardDialog>
  );
}

function Questions({ policy, check, connected, onClose, answer, onPassed }: CheckDialogProps) {
  const [chosen, setChosen] = useState<Record<string, string[]>>({});
  const [result, setResult] = useState<CheckResult | null>(null);
  const [open, setOpen] = useState<readonly string[]>([]);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [sending, setSending] = useState(false);
  const told = useRef<HTMLDivElement>(null);
  const closed = sending || !connected;

  useEffect(() => {
    if (result !== null || open.length > 0) told.current?.focus();
  }, [result, open]);

  const send = async () => {
    const unanswered = check.questions.filter(({ id }) => (chosen[id] ?? []).length === 0).map(({ id }) => id);
    setOpen(unanswered);
    setResult(null);
    setProblem(null);
    if (unanswered.length > 0) return;
    setSending(true);
    const outcome = await answer(chosen);
    setSending(false);
    if (!outcome.ok) setProblem(outcome.problem);
    else if (outcome.value.passed) onPassed();
    else setResult(outcome.value);
  };

  return (
    <form
      noValidate
      className="sign-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!closed) void send();
      }}
    >
      <p>{words.check.lead}</p>
      <div ref={told} tabIndex={-1} className="form-problems">
        {open.length > 0 && <Notice tone="refusal" role="alert" title={words.check.unanswered(open.length)} />}
        {result !== null && (
          <Notice tone="warning" role="alert" title={words.check.wrong(result.wrong.length)}>
            {words.check.again}
          </Notice>
        )}
      </div>
      {check.questions.map((question, place) => (
        <OneQuestion
          key={question.id}
          number={place + 1}
          question={question}
          policy={policy}
          chosen={chosen[question.id] ?? []}
          wrong={result?.wrong.includes(question.id) ?? false}
          onChosen={(options) => setChosen((before) => ({ ...before, [question.id]: options }))}
        />
      ))}
      {problem !== null && (
        <Notice tone="refusal" role="alert" title={words.form.refused}>
          {problem.detail}
        </Notice>
      )}
      {!connected && <ReconnectingNotice />}
      <div className="card-actions">
        <Button variant="default" size="lg" onClick={onClose}>
          {words.check.back}
        </Button>
        <Button type="submit" size="lg" {...closedButton(closed)}>
          {sending ? words.form.submitting : words.check.send}
        </Button>
      </div>
    </form>
  );
}

interface OneQuestionProps {
  number: number;
  question: Question;
  policy: Policy;
  chosen: readonly string[];
  wrong: boolean;
  onChosen: (options: string[]) => void;
}

function OneQuestion({ number, question, policy, chosen, wrong, onChosen }: OneQuestionProps) {
  const several = question.right.length > 1;
  const clause = wrong ? clauseOf(policy, question.clause) : null;
  const filled = (text: string): string => fillVariables(text, policy.variables);
  return (
    <fieldset className="form-part question" data-wrong={wrong}>
      <legend>
        {number}. <RichText text={filled(question.text)} />
        {several && <span className="question-hint"> {words.check.several}</span>}
      </legend>
      {question.options.map((option) => (
        <label key={option.id} className="choice">
          <input
            type={several ? 'checkbox' : 'radio'}
            name={question.id}
            value={option.id}
            checked={chosen.includes(option.id)}
            onChange={(event) => {
              const others = several ? chosen.filter((id) => id !== option.id) : [];
              onChosen(event.currentTarget.checked ? [...others, option.id] : others);
            }}
          />
          <span>{filled(option.text)}</span>
        </label>
      ))}
      {clause !== null && (
        <Notice tone="warning" title={words.check.readAgain(clause.number ?? null)}>
          <RichText text={filled(clause.text)} />
        </Notice>
      )}
    </fieldset>
  );
}
