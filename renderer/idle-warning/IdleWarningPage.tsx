import { Button } from '@mantine/core';
import type { LockView } from '../../src/contract/lock.ts';
import { usePageView } from '../ui/bridge.ts';
import { Notice } from '../ui/index.ts';
import { useCall } from '../ui/use-call.ts';
import { useSecondsLeft } from '../ui/use-seconds-left.ts';
import { Ring } from './Ring.tsx';
import { spokenAt, words } from './words.ts';
import './idle-warning.css';

type Warning = Extract<LockView, { phase: 'warning' }>;

/** Stands on every display before the screen locks. It names nobody and shows nothing of anybody's work. */
export function IdleWarningPage() {
  const lock = usePageView()?.view?.lock;
  return lock?.phase === 'warning' ? <Countdown warning={lock} /> : <main className="idle-warning" />;
}

function Countdown({ warning }: { warning: Warning }) {
  const secondsLeft = useSecondsLeft(warning.endsAt);
  const ofSeconds = Math.round((Date.parse(warning.endsAt) - Date.parse(warning.startedAt)) / 1_000);
  const signsOut = warning.action === 'signOut';
  const sentence = signsOut ? words.signsOut(secondsLeft) : words.locks(secondsLeft);
  const call = useCall();
  const { mayExtendSeconds, programs, clause } = warning;
  return (
    <main className="idle-warning" data-action={warning.action}>
      <Ring secondsLeft={secondsLeft} ofSeconds={ofSeconds} />
      <div className="idle-warning-words">
        <h1>{signsOut ? words.save : words.stay}</h1>
        <p className="idle-warning-what">{sentence}</p>
        {signsOut && <p className="idle-warning-what">{words.touch}</p>}
        {programs.length > 0 && (
          <section aria-labelledby="still-open">
            <h2 id="still-open">{words.stillOpen}</h2>
            <ul>
              {programs.map((program) => (
                <li key={program}>{program}</li>
              ))}
            </ul>
          </section>
        )}
        {mayExtendSeconds !== null && (
          <div className="idle-warning-more">
            <Button size="xl" loading={call.busy} onClick={() => void call.run((shell) => shell.extend({}))}>
              {words.moreTime(mayExtendSeconds)}
            </Button>
            <p>{words.moreTimeOnce}</p>
          </div>
        )}
        {call.problem !== null && (
          <Notice tone="refusal" role="alert">
            {call.problem.detail}
          </Notice>
        )}
        <p className="idle-warning-clause">
          <strong>{words.clause(clause.number)}</strong> {clause.text.replaceAll('**', '')}
        </p>
      </div>
      <p className="spoken" role="timer" aria-live="assertive" aria-atomic>
        {spokenAt.includes(secondsLeft) || secondsLeft === ofSeconds ? sentence : ''}
      </p>
    </main>
  );
}
