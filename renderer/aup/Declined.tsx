import { Button } from '@mantine/core';
import { BookOpen, MessageCircleQuestionMark } from 'lucide-react';
import type { Policy } from '../../src/contract/policy.ts';
import { CalmPage } from '../ui/CalmPage.tsx';
import { AppearanceTools } from '../ui/index.ts';
import { Contacts } from '../ui/reading/index.ts';
import { words } from './words.ts';

/** After "I do not accept": what happened, and the way back. */
export function Declined({ policy, onReadAgain }: { policy: Policy; onReadAgain: () => void }) {
  return (
    <CalmPage
      over={policy.schoolName ?? words.yourSchool}
      icon={<MessageCircleQuestionMark />}
      tone="refusal"
      title={words.declined.title}
      tools={<AppearanceTools />}
      focusTitle
    >
      <p>
        <strong>{words.declined.what}</strong>
      </p>
      <p>{words.declined.then}</p>
      <Contacts contacts={policy.contacts.filter((contact) => contact.purpose === 'questions')} />
      <div className="calm-actions">
        <Button size="lg" leftSection={<BookOpen aria-hidden size={20} />} onClick={onReadAgain}>
          {words.declined.again}
        </Button>
      </div>
    </CalmPage>
  );
}
