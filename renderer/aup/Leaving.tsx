import { Button } from '@mantine/core';
import { BookOpen, LogOut } from 'lucide-react';
import type { GateView } from '../../src/contract/session.ts';
import { CalmPage } from '../ui/CalmPage.tsx';
import { AppearanceTools, Notice } from '../ui/index.ts';
import { Contacts } from '../ui/reading/index.ts';
import { useCall } from '../ui/use-call.ts';
import { useSecondsLeft } from '../ui/use-seconds-left.ts';
import { words } from './words.ts';

export interface LeavingProps {
  gate: Extract<GateView, { phase: 'leaving' }>;
  connected: boolean;
}

/** The policy was declined and its way is to sign out: how long that takes, and the two other ways on. */
export function Leaving({ gate, connected }: LeavingProps) {
  const { policy } = gate.policy;
  const left = useSecondsLeft(gate.signsOutAt);
  const call = useCall();
  const closed = call.busy || !connected;
  return (
    <CalmPage
      over={policy.schoolName ?? words.yourSchool}
      icon={<LogOut />}
      tone="refusal"
      title={words.leaving.title}
      tools={<AppearanceTools />}
      focusTitle
    >
      <p>
        <strong>{left > 0 ? words.leaving.in(left) : words.leaving.now}</strong>
      </p>
      <p>{words.leaving.then}</p>
      {gate.failure !== null && (
        <Notice tone="refusal" role="alert" title={words.leaving.failed}>
          {gate.failure}
        </Notice>
      )}
      {call.problem !== null && (
        <Notice tone="refusal" role="alert">
          {call.problem.detail}
        </Notice>
      )}
      <Contacts contacts={policy.contacts.filter((contact) => contact.purpose === 'questions')} />
      <div className="calm-actions">
        <Button
          size="lg"
          leftSection={<BookOpen aria-hidden size={20} />}
          disabled={closed}
          onClick={() => void call.run((shell) => shell.askAgain({}))}
        >
          {words.leaving.again}
        </Button>
        <Button
          size="lg"
          variant="default"
          leftSection={<LogOut aria-hidden size={20} />}
          disabled={closed}
          onClick={() => void call.run((shell) => shell.signOut({}))}
        >
          {words.leaving.signOut}
        </Button>
      </div>
    </CalmPage>
  );
}
