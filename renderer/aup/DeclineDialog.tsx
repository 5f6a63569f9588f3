import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { Decline as PolicyDecline } from '../../src/contract/policy-asking.ts';
import type { Outcome, Problem } from '../../src/contract/problem.ts';
import { Notice } from '../ui/index.ts';
import { CardDialog } from './CardDialog.tsx';
import { closedButton } from './closed-button.ts';
import { words } from './words.ts';

export type Decline = (reason: string) => Promise<Outcome<null>>;

export interface DeclineDialogProps {
  /** What the policy has follow; null: it stays on screen. */
  way: PolicyDecline | null;
  opened: boolean;
  connected: boolean;
  onClose: () => void;
  decline: Decline;
}

/** Says what declining does, asks why, and records it. */
export function DeclineDialog({ way, opened, connected, onClose, decline }: DeclineDialogProps) {
  const [reason, setReason] = useState('');
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [missing, setMissing] = useState(false);
  const mustSayWhy = way?.reason === 'required';
  const closed = sending || !connected;
  const send = async () => {
    if (mustSayWhy && reason.trim() === '') return setMissing(true);
    setSending(true);
    setProblem(null);
    const outcome = await decline(reason.trim());
    setSending(false);
    if (!outcome.ok) setProblem(outcome.problem);
  };
  return (
    <CardDialog
      opened={opened}
      onClose={onClose}
      title={words.decline.title}
      closeLabel={words.decline.back}
      size="38rem"
    >
      <form
        noValidate
        className="sign-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!closed) void send();
        }}
      >
        <p>
          <strong>{words.decline.what}</strong> {thenWords(way)}
        </p>
        <Textarea
          label={mustSayWhy ? words.decline.reasonRequired : words.decline.reason}
          required={mustSayWhy}
          error={missing ? words.decline.missing : null}
          size="md"
          autosize
          minRows={3}
          maxRows={8}
          maxLength={1_000}
          value={reason}
          onChange={(event) => {
            setReason(event.currentTarget.value);
            setMissing(false);
          }}
        />
        {problem !== null && (
          <Notice tone="refusal" role="alert" title={words.form.refused}>
            {problem.detail}
          </Notice>
        )}
        <div className="card-actions">
          <Button variant="default" size="lg" onClick={onClose}>
            {words.decline.back}
          </Button>
          <Button type="submit" color="red" variant="outline" size="lg" {...closedButton(closed)}>
            {sending ? words.decline.sending : words.decline.send}
          </Button>
        </div>
      </form>
    </CardDialog>
  );
}

function thenWords(way: PolicyDecline | null): string {
  if (way === null) return words.decline.then.stays;
  return way.mode === 'signOut' ? words.decline.then.signOut(way.saveWorkSeconds) : words.decline.then[way.mode];
}
