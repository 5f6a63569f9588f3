import { Button } from '@mantine/core';
import { CalendarClock, KeyRound, MonitorDot, Usb, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import type { NoticeAnswer, SessionNotice } from '../../src/contract/lock.ts';
import { usePageView } from '../ui/bridge.ts';
import { ClauseQuote } from '../ui/ClauseQuote.tsx';
import { Notice } from '../ui/index.ts';
import { useCall } from '../ui/use-call.ts';
import { words } from './words.ts';
import { DevicePart, type DeviceStep } from './DevicePart.tsx';
import './notice-page.css';
import { focusOnMount } from '../ui/focus-on-mount.ts';

const icons: Record<SessionNotice['kind'], LucideIcon> = {
  sameAccount: MonitorDot,
  passwordAge: KeyRound,
  endOfDay: CalendarClock,
  usb: Usb,
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
  const [step, setStep] = useState<DeviceStep | null>(null);
  const call = useCall();
  const answer = (given: NoticeAnswer) =>
    void call.run((shell) => shell.answerNotice({ id: notice.id, answer: given })).then(() => setAsking(null));
  const Icon = icons[notice.kind];
  return (
    <main
      className="notice-page"
      data-tone={toneOf(notice)}
      role="alertdialog"
      aria-labelledby="notice-title"
      aria-describedby="notice-text"
    >
      <header>
        <Icon aria-hidden />
        <h1 id="notice-title">{notice.title}</h1>
        {count > 1 && <span className="notice-count">{words.of(1, count)}</span>}
      </header>
      <div className="notice-body">
        <p id="notice-text">{notice.text}</p>
        {notice.clause !== null && step === null && <ClauseQuote clause={notice.clause} folded />}
        {notice.device !== undefined && step !== null && (
          <DevicePart key={step} device={notice.device} step={step} onBack={() => setStep(null)} />
        )}
        {call.problem !== null && (
          <Notice tone="refusal" role="alert">
            {call.problem.detail}
          </Notice>
        )}
      </div>
      {step !== null ? null : asking === null ? (
        <footer>
          {notice.actions.map((action) => (
            <Button key={action} variant="default" onClick={() => setAsking(action)}>
              {words.actions[action]}
            </Button>
          ))}
          {notice.device !== undefined && notice.device.deviceCode !== null && (
            <Button variant="subtle" onClick={() => setStep('code')}>
              {words.device.haveCode}
            </Button>
          )}
          {notice.device?.mayAsk === true && (
            <Button variant="default" onClick={() => setStep('ask')}>
              {words.device.ask}
            </Button>
          )}
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

/** Amber for what was stopped, red for what could not be; always beside an icon and words. */
function toneOf({ device }: SessionNotice): 'plain' | 'warning' | 'refusal' {
  if (device === undefined || device.state === 'allowed' || device.state === 'asked') return 'plain';
  return device.state === 'blockFailed' ? 'refusal' : 'warning';
}
