import { Button, Checkbox, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { AcceptanceSubmission, Reading } from '../../src/contract/acceptance.ts';
import type { FormField, Policy } from '../../src/contract/policy.ts';
import type { Outcome, Problem } from '../../src/contract/problem.ts';
import type { SessionView } from '../../src/contract/session.ts';
import { fillVariables } from '../../src/rules/policy-for-person.ts';
import { Notice, RichText, ReconnectingNotice } from '../ui/index.ts';
import type { Reader } from '../ui/reading/index.ts';
import { CardDialog } from './CardDialog.tsx';
import { closedButton } from './closed-button.ts';
import { blamed, draftFaults, emptySignature, submissionOf, type FormDraft } from './form-draft.ts';
import { SignatureField } from './SignatureField.tsx';
import { words } from './words.ts';

/** Answers once the acceptance is durable, or with why it was refused. */
export type Submit = (submission: AcceptanceSubmission) => Promise<Outcome<unknown>>;

export interface SignFormProps {
  opened: boolean;
  policy: Policy;
  policyHash: string;
  account: SessionView['account'];
  reader: Reader;
  reading: Reading;
  /** What changed since the version accepted before stands before the policy. */
  changesShown: boolean;
  connected: boolean;
  draft: FormDraft;
  onDraft: (draft: FormDraft) => void;
  onClose: () => void;
  submit: Submit;
}

/** The school's form on one card. Closing it keeps everything that was filled in. */
export function SignForm(props: SignFormProps) {
  return (
    <CardDialog
      opened={props.opened}
      onClose={props.onClose}
      title={words.form.title}
      closeLabel={words.form.close}
      size="46rem"
    >
      <FormInside {...props} />
    </CardDialog>
  );
}

const place = (name: string): string => `form-${name}`;

function FormInside(props: SignFormProps) {
  const { policy, policyHash, account, reader, reading, connected, draft, onDraft, onClose, submit } = props;
  const { changesShown } = props;
  const [problems, setProblems] = useState<Problem[]>([]);
  const [refused, setRefused] = useState(false);
  const [recording, setRecording] = useState(false);
  const shown = useRef(false);

  useEffect(() => {
    if (problems.length === 0 || shown.current) return;
    shown.current = true;
    const first = problems.map((problem) => blamed(policy, problem)).find((name) => name !== null);
    document.getElementById(first === undefined || first === null ? 'form-problems' : place(first))?.focus();
  }, [policy, problems]);

  const blame = (found: Problem[], byService: boolean) => {
    shown.current = false;
    setRefused(byService);
    setProblems(found);
  };
  const problemOf = (name: string): string | null =>
    problems.find((problem) => blamed(policy, problem) === name)?.detail ?? null;
  /** Changes the draft and clears what was said about this part of it. */
  const change = (name: string, next: FormDraft) => {
    onDraft(next);
    setProblems(problems.filter((problem) => blamed(policy, problem) !== name));
  };

  const send = async () => {
    const submission = submissionOf(policy, policyHash, reader, draft, reading);
    const faults = draftFaults(policy, submission, changesShown);
    blame(faults, false);
    if (faults.length > 0) return;
    setRecording(true);
    const outcome = await submit(submission);
    setRecording(false);
    if (!outcome.ok) blame([outcome.problem], true);
  };

  const { statements, fields } = policy.form;
  return (
    <form
      noValidate
      className="sign-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!recording && connected) void send();
      }}
    >
      {problems.length > 0 && (
        <div id="form-problems" tabIndex={-1} className="form-problems">
          <Notice tone="refusal" role="alert" title={refused ? words.form.refused : words.form.faults(problems.length)}>
            <ul className="problem-list">
              {problems.map((problem, index) => (
                <li key={index}>
                  <ProblemLine problem={problem} name={blamed(policy, problem)} />
                </li>
              ))}
            </ul>
          </Notice>
        </div>
      )}
      <fieldset className="form-part">
        <legend>{words.form.agree}</legend>
        {statements.map((statement) => {
          const name = `statements.${statement.id}`;
          return (
            <Checkbox
              key={statement.id}
              id={place(name)}
              className="statement"
              size="md"
              label={<RichText text={fillVariables(statement.text, policy.variables)} />}
              checked={draft.statements.includes(statement.id)}
              error={problemOf(name)}
              onChange={(event) => {
                const others = draft.statements.filter((id) => id !== statement.id);
                const next = event.currentTarget.checked ? [...others, statement.id] : others;
                change(name, { ...draft, statements: next });
              }}
            />
          );
        })}
      </fieldset>
      {fields.length > 0 && (
        <fieldset className="form-part form-fields">
          <legend>{words.form.yourDetails}</legend>
          {fields.map((field) => {
            const name = `fields.${field.id}`;
            if (field.kind === 'signature') {
              return (
                <SignatureField
                  key={field.id}
                  id={place(name)}
                  label={field.label}
                  required={field.required}
                  draft={draft.signatures[field.id] ?? emptySignature}
                  error={problemOf(name)}
                  onChange={(signature) =>
                    change(name, { ...draft, signatures: { ...draft.signatures, [field.id]: signature } })
                  }
                />
              );
            }
            return (
              <TextInput
                key={field.id}
                id={place(name)}
                className="form-field"
                data-kind={field.kind}
                label={field.label}
                size="md"
                required={field.required}
                type={field.kind === 'date' ? 'date' : 'text'}
                maxLength={field.kind === 'date' ? undefined : 300}
                autoComplete={autoCompleteOf[field.kind]}
                description={field.kind === 'printedName' && account.fullName === '' ? words.form.noName : undefined}
                value={draft.texts[field.id] ?? ''}
                error={problemOf(name)}
                onChange={(event) =>
                  change(name, { ...draft, texts: { ...draft.texts, [field.id]: event.currentTarget.value } })
                }
              />
            );
          })}
        </fieldset>
      )}
      {!connected && <ReconnectingNotice />}
      <div className="card-actions">
        <Button variant="default" size="lg" onClick={onClose}>
          {words.form.back}
        </Button>
        <Button type="submit" size="lg" {...closedButton(recording || !connected)}>
          {recording ? words.form.submitting : words.form.submit}
        </Button>
      </div>
      <p role="status" className="visually-hidden">
        {recording ? words.form.submitting : ''}
      </p>
    </form>
  );
}

function ProblemLine({ problem, name }: { problem: Problem; name: string | null }) {
  if (name === null) return problem.detail;
  return (
    <a
      href={`#${place(name)}`}
      onClick={(event) => {
        event.preventDefault();
        document.getElementById(place(name))?.focus();
      }}
    >
      {problem.detail}
    </a>
  );
}

const autoCompleteOf: Record<Exclude<FormField['kind'], 'signature'>, string> = {
  printedName: 'name',
  jobTitle: 'organization-title',
  school: 'organization',
  text: 'off',
  date: 'off',
};
