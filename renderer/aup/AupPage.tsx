import './aup.css';
import { Hourglass } from 'lucide-react';
import { useState } from 'react';
import type { AcceptanceReceipt, GateView, SessionView } from '../../src/contract/session.ts';
import { ask, usePageView } from '../ui/bridge.ts';
import { CalmPage } from '../ui/CalmPage.tsx';
import { AppearanceTools, calendarDateOf, uiWords } from '../ui/index.ts';
import { draftFor, type FormDraft } from './form-draft.ts';
import { Gate } from './Gate.tsx';
import { Recorded } from './Recorded.tsx';
import type { Submit } from './SignForm.tsx';
import { words } from './words.ts';

/** The gate: what the service asks for decides what is on screen. */
export function AupPage() {
  const pageView = usePageView();
  const view = pageView?.view ?? null;
  if (pageView === null || view === null) return <Waiting {...uiWords.waiting} />;
  if (view.gate.phase === 'noPolicy') return <Waiting {...uiWords.noPolicy} />;
  return <GateOrReceipt gate={view.gate} account={view.account} connected={pageView.service === 'connected'} />;
}

interface GateOrReceiptProps {
  gate: Exclude<GateView, { phase: 'noPolicy' }>;
  account: SessionView['account'];
  connected: boolean;
}

function GateOrReceipt({ gate, account, connected }: GateOrReceiptProps) {
  const { policy, hash } = gate.policy;
  const [recorded, setRecorded] = useState<AcceptanceReceipt | null>(null);
  const [recording, setRecording] = useState(false);
  const [firstHash] = useState(hash);
  const [kept, setKept] = useState<{ hash: string; draft: FormDraft } | null>(null);
  const school = policy.schoolName ?? words.yourSchool;

  const submit: Submit = async (submission) => {
    setRecording(true);
    const outcome = await ask((shell) => shell.accept(submission));
    setRecording(false);
    if (outcome.ok) setRecorded(outcome.value);
    return outcome;
  };

  // The view may say "open" a moment before Accept is answered; "Recorded" waits for the answer.
  if (gate.phase === 'open' && recording) return <Waiting title={words.form.submitting} />;
  if (gate.phase === 'open') return <Recorded receipt={gate.receipt} school={school} />;
  if (recorded !== null && recorded.policyHash === hash) return <Recorded receipt={recorded} school={school} />;

  const draft =
    kept?.hash === hash
      ? kept.draft
      : draftFor(policy, account.fullName, calendarDateOf(new Date()), kept?.draft ?? null);
  return (
    <Gate
      key={hash}
      gate={gate}
      account={account}
      connected={connected}
      replaced={hash !== firstHash}
      draft={draft}
      onDraft={(changed) => setKept({ hash, draft: changed })}
      submit={submit}
    />
  );
}

function Waiting({ title, text }: { title: string; text?: string }) {
  return (
    <CalmPage title={title} icon={<Hourglass />} tools={<AppearanceTools />}>
      {text !== undefined && <p role="status">{text}</p>}
    </CalmPage>
  );
}
