import { Button, Modal, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { Outcome, Problem } from '../../src/contract/problem.ts';
import { Notice } from '../ui/index.ts';
import { closedButton } from './closed-button.ts';
import { words } from './words.ts';

export type Decline = (reason: string) => Promise<Outcome<null>>;

export interface DeclineDialogProps {
  opened: boolean;
  connected: boolean;
  onClose: () => void;
  decline: Decline;
}

/** Says what declining does, asks why, and records it. */
export function DeclineDialog({ opened, connected, onClose, decline }: DeclineDialogProps) {
  const [reason, setReason] = useState('');
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const closed = sending || !connected;
  const send = async () => {
    setSending(true);
    setProblem(null);
    const outcome = await decline(reason.trim());
    setSending(false);
    if (!outcome.ok) setProblem(outcome.problem);
  };
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      closeOnClickOutside={false}
      title={words.decline.title}
      closeButtonProps={{ 'aria-label': words.decline.back }}
      size="38rem"
      padding="xl"
      centered
      transitionProps={{ duration: 120 }}
      classNames={{ content: 'card', header: 'card-head', title: 'card-title', body: 'card-body' }}
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
          <strong>{words.decline.what}</strong> {words.decline.then}
        </p>
        <Textarea
          label={words.decline.reason}
          size="md"
          autosize
          minRows={3}
          maxRows={8}
          maxLength={1_000}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
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
    </Modal>
  );
}
