import { Button } from '@mantine/core';
import { Presentation, TriangleAlert } from 'lucide-react';
import { usePageView } from '../ui/bridge.ts';
import { useCall } from '../ui/use-call.ts';
import { useSecondsLeft } from '../ui/use-seconds-left.ts';
import { words } from './words.ts';
import './presenting.css';

const soonSeconds = 120;

/** A slim strip on the presenter's own display: how long the screen stays open, and the way out. */
export function PresentingPage() {
  const running = usePageView()?.view?.presentation.running ?? null;
  return running === null ? <main className="presenting" /> : <Strip endsAt={running.endsAt} />;
}

function Strip({ endsAt }: { endsAt: string }) {
  const left = useSecondsLeft(endsAt);
  const soon = left <= soonSeconds;
  const call = useCall();
  const Icon = soon ? TriangleAlert : Presentation;
  return (
    <main className="presenting" data-soon={soon}>
      <Icon className="presenting-icon" aria-hidden />
      <p>
        <strong>{words.presenting}</strong>, <span className="presenting-left">{words.left(left)}</span>
        {call.problem !== null ? (
          <span className="presenting-more" role="alert">
            {call.problem.detail}
          </span>
        ) : (
          soon && (
            <span className="presenting-more" role="status">
              {words.soon}
            </span>
          )
        )}
      </p>
      <Button
        size="compact-md"
        variant="default"
        disabled={call.busy}
        onClick={() => void call.run((s) => s.lockNow({}))}
      >
        {words.lock}
      </Button>
      <Button size="compact-md" disabled={call.busy} onClick={() => void call.run((s) => s.endPresentation({}))}>
        {words.end}
      </Button>
    </main>
  );
}
