import { Button } from '@mantine/core';
import { CalendarClock, KeyRound, MonitorDot, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import type { NoticeAnswer, SessionNotice } from '../../src/contract/lock.ts';
import { usePageView } from '../ui/bridge.ts';
import { ClauseQuote } from '../ui/ClauseQuote.tsx';
import { Notice } from '../ui/index.ts';
import { useCall } from '../ui/use-call.ts';
import { words } from './words.ts';
import './notice-page.css';
import { focusOnMount } from '../ui/focus-on-mount.ts';

const icons: Record<SessionNotice['kind'], LucideIcon> = {
  sameAccount: MonitorDot,
  passwordAge: KeyRound,
  endOfDay: CalendarClock,
};

/** What a person is told in a corner of their display. It stays until they close it. */
export function NoticePage() {
  const notices = usePageView()?.view?.notices ?? [];
  const [first] = notices;
  return first === undefined ? (
    <main className="notice-page" />
  ) : (
    <OneNotice key={first.id} notice={first} count={notices.length} />
  );
}

type Action = SessionNotice['actions'][number];

function OneNotice({ notice, count }: { notice: SessionNotice; count: number }) {
  const [asking, setAsking] = useState<Action | null>(null);
  const call = useCall();
  const answer = (given: NoticeAnswer) =>
    void call.run((shell) => shell.answerNotice({ id: notice.id, answer: given })).then(() => setAsking(null));
  const Icon = icons[notice.kind];
  return (
    <main className="notice-page" role="alertdialog" aria-labelledby="notice-title" aria-describedby="notice-text">
      <header>
        <Icon aria-hidden />
        <h1 id="notice-title">{notice.title}</h1>
        {count > 1 && <span className="notice-count">{words.of(1, count)}</span>}
      </header>
      <div className="notice-body">
        <p id="notice-text">{notice.text}</p>
        {notice.clause !== null && <ClauseQuote clause={notice.clause} folded />}
        {call.problem !== null && (
          <Notice tone="refusal" role="alert">
            {call.problem.detail}
          </Notice>
        )}
      </div>
      {asking === null ? (
        <footer>
          {notice.actions.map((action) => (
            <Button key={action} variant="default" onClick={() => setAsking(action)}>
              {words.actions[action]}
            </Button>
          ))}
          <Button loading={call.busy} onClick={() => answer('dismissed')}>
            {words.close}
          </Button>
        </footer>
      ) : (
        <footer role="group" aria-label={words.sure[asking]}>
          <p>{words.sure[asking]}</p>
          <Button variant="default" ref={focusOnMount} onClick={() => setAsking(null)}>
            {words.back}
          </Button>
          <Button loading={call.busy} onClick={() => answer(asking)}>
            {words.yes}
          </Button>
        </footer>
      )}
    </main>
  );
}
