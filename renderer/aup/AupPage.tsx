import './aup.css';
import { Hourglass } from 'lucide-react';
import { useState } from 'react';
import type { AcceptanceReceipt, GateView, SessionView } from '../../src/contract/session.ts';
import { ask, usePageView } from '../ui/bridge.ts';
import { CalmPage } from '../ui/CalmPage.tsx';
import { AppearanceTools, calendarDateOf, uiWords } from '../ui/index.ts';
import { draftFor, type FormDraft } from './form-draft.ts';
import { Gate } from './Gate.tsx';
import { Leaving } from './Leaving.tsx';
import { NameCard } from './NameCard.tsx';
import { Recorded } from './Recorded.tsx';
import type { Submit } from './SignForm.tsx';
import { words } from './words.ts';

/** The gate: what the service asks for decides what is on screen. */
export function AupPage() {
  const pageView = usePageView();
  const view = pageView?.view ?? null;
  if (pageView === null || view === null) return <Waiting {...uiWords.waiting} />;
  const connected = pageView.service === 'connected';
  const { gate } = view;
  switch (gate.phase) {
    case 'noPolicy':
      return <Waiting {...uiWords.noPolicy} />;
    case 'identifying':
      return <NameCard gate={gate} connected={connected} />;
    case 'leaving':
      return <Leaving gate={gate} connected={connected} />;
    case 'asking':
    case 'open':
      return <GateOrReceipt gate={gate} view={view} connected={connected} />;
  }
}

interface GateOrReceiptProps {
  gate: Extract<GateView, { phase: 'asking' | 'open' }>;
  view: SessionView;
  connected: boolean;
}

function GateOrReceipt({ gate, view, connected }: GateOrReceiptProps) {
  const { policy, hash } = gate.policy;
  /** Accepted since this page came up, oldest first. */
  const [recorded, setRecorded] = useState<readonly AcceptanceReceipt[]>([]);
  const [recording, setRecording] = useState(false);
  const [first] = useState(gate.policy);
  const [kept, setKept] = useState<{ hash: string; draft: FormDraft } | null>(null);
  const school = policy.schoolName ?? words.yourSchool;

  const submit: Submit = async (submission) => {
    setRecording(true);
    const outcome = await ask((shell) => shell.accept(submission));
    setRecording(false);
    if (outcome.ok) {
      const receipt = outcome.value;
      setRecorded((before) => [...before.filter((one) => one.record.hash !== receipt.record.hash), receipt]);
    }
    return outcome;
  };

  // The view may say "open" a moment before Accept is answered; "Recorded" waits for the answer.
  if (gate.phase === 'open' && recording) return <Waiting title={words.form.submitting} />;
  const newest = recorded.at(-1);
  if (gate.phase === 'open') {
    const upToDate = view.policies.flatMap(({ receipt }) => receipt ?? []);
    const receipts = (newest === undefined ? upToDate.slice(0, 1) : recorded).map(
      (one) => upToDate.find(({ record }) => record.hash === one.record.hash) ?? one,
    );
    // Nothing was signed: whoever put it off goes on without a receipt.
    if (receipts.length === 0) return <Waiting title={words.goingOn} />;
    return <Recorded receipts={receipts} policies={view.policies} school={school} />;
  }
  if (newest !== undefined && newest.policyHash === hash && gate.place.number === gate.place.of) {
    return <Recorded receipts={recorded} policies={view.policies} school={school} />;
  }

  const draft =
    kept?.hash === hash
      ? kept.draft
      : draftFor(policy, gate.person ?? view.account.fullName, calendarDateOf(new Date()), kept?.draft ?? null);
  return (
    <Gate
      key={hash}
      gate={gate}
      account={view.account}
      connected={connected}
      replaced={hash !== first.hash && policy.id === first.policy.id}
      recordedBefore={newest?.policyTitle ?? null}
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
