import { Button } from '@mantine/core';
import { Lock, LogOut, ShieldAlert } from 'lucide-react';
import { useState } from 'react';
import type { LockView } from '../../src/contract/lock.ts';
import { CalmPage } from '../ui/CalmPage.tsx';
import { usePageView } from '../ui/bridge.ts';
import { ClauseQuote } from '../ui/ClauseQuote.tsx';
import { Notice } from '../ui/index.ts';
import { useCall } from '../ui/use-call.ts';
import { words } from './words.ts';
import './lock-cover.css';
import { focusOnMount } from '../ui/focus-on-mount.ts';

type Covered = Extract<LockView, { phase: 'covered' }>;

/** Covers a computer whose system did not lock. Only the system's lock or a sign-out takes it away. */
export function LockCoverPage() {
  const lock = usePageView()?.view?.lock;
  if (lock?.phase === 'covered') return <Cover lock={lock} />;
  return <CalmPage title={words.locking} icon={<Lock />} />;
}

function Cover({ lock }: { lock: Covered }) {
  const [asking, setAsking] = useState(false);
  const call = useCall();
  return (
    <CalmPage title={words.title} icon={<ShieldAlert />} tone="refusal">
      <p>{words.covered}</p>
      <dl className="lock-cover-facts">
        <dt>{words.why}</dt>
        <dd>{lock.why}.</dd>
        <dt>{words.todo}</dt>
        <dd>{words.lockHelp}</dd>
      </dl>
      {lock.clause !== null && <ClauseQuote clause={lock.clause} />}
      {call.problem !== null && (
        <Notice tone="refusal" role="alert" title={words.refused}>
          {call.problem.detail}
        </Notice>
      )}
      {asking ? (
        <div className="calm-actions" role="group" aria-label={words.sure}>
          <p className="lock-cover-sure">{words.sure}</p>
          <Button size="lg" variant="default" ref={focusOnMount} onClick={() => setAsking(false)}>
            {words.back}
          </Button>
          <Button
            size="lg"
            color="red"
            variant="outline"
            loading={call.busy}
            onClick={() => void call.run((shell) => shell.signOut({})).then(() => setAsking(false))}
          >
            {words.yes}
          </Button>
        </div>
      ) : (
        <div className="calm-actions">
          <Button
            size="lg"
            leftSection={<Lock aria-hidden />}
            ref={focusOnMount}
            loading={call.busy}
            onClick={() => void call.run((shell) => shell.lockNow({}))}
          >
            {words.lock}
          </Button>
          <Button size="lg" variant="default" leftSection={<LogOut aria-hidden />} onClick={() => setAsking(true)}>
            {words.signOut}
          </Button>
        </div>
      )}
      <p className="lock-cover-tell">{words.tell}</p>
    </CalmPage>
  );
}
