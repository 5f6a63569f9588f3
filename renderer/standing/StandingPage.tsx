import { Button } from '@mantine/core';
import { LogOut, ShieldOff } from 'lucide-react';
import type { ReactNode } from 'react';
import { usePageView } from '../ui/bridge.ts';
import { useCall } from '../ui/use-call.ts';
import { useSecondsLeft } from '../ui/use-seconds-left.ts';
import { words } from './words.ts';
import './standing.css';

/** A strip that stays while somebody works without having accepted: what that means, and the way out of it. */
export function StandingPage() {
  const view = usePageView()?.view ?? null;
  if (view?.gate.phase === 'leaving') return <LeavingStrip signsOutAt={view.gate.signsOutAt} />;
  const limited = view?.policies.filter(({ state }) => state === 'limited') ?? [];
  const [first] = limited;
  if (first === undefined) return <main className="standing" />;
  return (
    <Strip icon={<ShieldOff aria-hidden className="standing-icon" />} title={words.limited}>
      {limited.length === 1 ? words.notAccepted(first.title) : words.notAcceptedMany(limited.length)}
    </Strip>
  );
}

function LeavingStrip({ signsOutAt }: { signsOutAt: string }) {
  const left = useSecondsLeft(signsOutAt);
  return (
    <Strip icon={<LogOut aria-hidden className="standing-icon" />} title={words.leaving(left)} urgent>
      {words.save}
    </Strip>
  );
}

interface StripProps {
  icon: ReactNode;
  title: string;
  urgent?: boolean;
  children: string;
}

function Strip({ icon, title, urgent = false, children }: StripProps) {
  const call = useCall();
  return (
    <main className="standing" data-urgent={urgent}>
      {icon}
      <p>
        <strong>{title}</strong>
        <span className="standing-more" role="status">
          {call.problem?.detail ?? children}
        </span>
      </p>
      <Button size="compact-md" disabled={call.busy} onClick={() => void call.run((shell) => shell.askAgain({}))}>
        {words.again}
      </Button>
    </main>
  );
}
