import { Button, TextInput } from '@mantine/core';
import { ArrowRight, IdCard } from 'lucide-react';
import { useState } from 'react';
import type { NamedPerson } from '../../src/contract/acceptance.ts';
import type { VisitorQuestion } from '../../src/contract/policy-rules.ts';
import type { Problem } from '../../src/contract/problem.ts';
import type { GateView } from '../../src/contract/session.ts';
import { ask } from '../ui/bridge.ts';
import { CalmPage } from '../ui/CalmPage.tsx';
import { ClauseQuote } from '../ui/ClauseQuote.tsx';
import { AppearanceTools, Notice, ReconnectingNotice } from '../ui/index.ts';
import { closedButton } from './closed-button.ts';
import { words } from './words.ts';

export interface NameCardProps {
  gate: Extract<GateView, { phase: 'identifying' }>;
  connected: boolean;
}

/** On an account that several people share: who is it? Recorded for this session. */
export function NameCard({ gate, connected }: NameCardProps) {
  const [name, setName] = useState('');
  const [answers, setAnswers] = useState<Partial<Record<VisitorQuestion, string>>>({});
  const [missing, setMissing] = useState<readonly string[]>([]);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const closed = busy || !connected;

  const go = async () => {
    const person: NamedPerson = {
      name: name.trim(),
      answers: Object.fromEntries(gate.ask.map((question) => [question, (answers[question] ?? '').trim()])),
    };
    const empty = [
      ...(person.name.length < 2 ? ['name'] : []),
      ...gate.ask.filter((question) => (person.answers[question] ?? '') === ''),
    ];
    setMissing(empty);
    setProblem(null);
    const [first] = empty;
    if (first !== undefined) return document.getElementById(`who-${first}`)?.focus();
    setBusy(true);
    const outcome = await ask((shell) => shell.namePerson(person));
    setBusy(false);
    if (!outcome.ok) setProblem(outcome.problem);
  };

  return (
    <CalmPage
      over={gate.policy.policy.schoolName ?? words.yourSchool}
      icon={<IdCard />}
      title={words.name.title}
      tools={<AppearanceTools />}
      focusTitle
    >
      <p>{words.name.lead}</p>
      <form
        noValidate
        className="sign-form name-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!closed) void go();
        }}
      >
        <TextInput
          id="who-name"
          label={words.name.name}
          size="md"
          required
          maxLength={200}
          autoComplete="off"
          value={name}
          error={missing.includes('name') ? words.name.missingName : null}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {gate.ask.map((question) => (
          <TextInput
            key={question}
            id={`who-${question}`}
            label={words.name.questions[question]}
            size="md"
            required
            maxLength={300}
            autoComplete="off"
            value={answers[question] ?? ''}
            error={missing.includes(question) ? words.name.missing : null}
            onChange={(event) => {
              const { value } = event.currentTarget;
              setAnswers((before) => ({ ...before, [question]: value }));
            }}
          />
        ))}
        <ClauseQuote clause={gate.clause} folded />
        {problem !== null && (
          <Notice tone="refusal" role="alert">
            {problem.detail}
          </Notice>
        )}
        {!connected && <ReconnectingNotice />}
        <div className="calm-actions">
          <Button type="submit" size="lg" rightSection={<ArrowRight aria-hidden size={20} />} {...closedButton(closed)}>
            {words.name.go}
          </Button>
        </div>
      </form>
    </CalmPage>
  );
}
