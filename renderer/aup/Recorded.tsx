import { Button } from '@mantine/core';
import { ArrowRight, Check, FileDown } from 'lucide-react';
import { useState } from 'react';
import type { Problem } from '../../src/contract/problem.ts';
import type { AcceptanceReceipt, PolicyStanding } from '../../src/contract/session.ts';
import { ask } from '../ui/bridge.ts';
import { CalmPage } from '../ui/CalmPage.tsx';
import { AppearanceTools, CopyableCode, dateAndTimeOf, Facts, Notice, shortHash, timeOf } from '../ui/index.ts';
import { words } from './words.ts';

export interface RecordedProps {
  /** Oldest first; at least one. */
  receipts: readonly AcceptanceReceipt[];
  policies: readonly PolicyStanding[];
  school: string;
}

/** "Recorded": shown only once the service has said that the acceptance is on disk. */
export function Recorded({ receipts, policies, school }: RecordedProps) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [saved, setSaved] = useState(false);
  const text = words.recorded;
  const newest = receipts.at(-1);
  if (newest === undefined) return null;
  const waits = receipts.some(
    (one) => policies.find(({ hash }) => hash === one.policyHash)?.counterSignature === 'waiting',
  );
  const act = async (what: 'finish' | 'print') => {
    setProblem(null);
    setSaved(false);
    const outcome = await ask((shell) => shell[what]({}));
    if (!outcome.ok) setProblem(outcome.problem);
    else if (what === 'print') setSaved(true);
  };
  return (
    <CalmPage
      over={school}
      icon={<Check />}
      tone="good"
      title={text.title(timeOf(newest.acceptedAt))}
      tools={<AppearanceTools />}
      focusTitle
    >
      <p className="recorded-where" role="status">
        {newest.syncedAt === null ? text.waiting : text.synced}
      </p>
      {waits && (
        <Notice tone="plain" title={text.second}>
          {text.secondText}
        </Notice>
      )}
      {receipts.map((receipt) => (
        <Receipt key={receipt.record.hash} receipt={receipt} headed={receipts.length > 1} />
      ))}
      <p className="policy-small">{text.keep}</p>
      {problem !== null && (
        <Notice tone="refusal" role="alert">
          {problem.detail}
        </Notice>
      )}
      <div className="calm-actions">
        <Button size="lg" rightSection={<ArrowRight aria-hidden size={20} />} onClick={() => void act('finish')}>
          {text.continue}
        </Button>
        <Button
          size="lg"
          variant="default"
          leftSection={<FileDown aria-hidden size={20} />}
          onClick={() => void act('print')}
        >
          {text.save}
        </Button>
        <span role="status" className="saved">
          {saved ? text.saved : ''}
        </span>
      </div>
    </CalmPage>
  );
}

function Receipt({ receipt, headed }: { receipt: AcceptanceReceipt; headed: boolean }) {
  const text = words.recorded;
  return (
    <section className="receipt" aria-label={headed ? `${text.receipt}: ${receipt.policyTitle}` : text.receipt}>
      <p className="receipt-code">
        <span>{text.code}</span>
        <CopyableCode value={receipt.verificationCode} what={text.codeName} />
      </p>
      <Facts
        facts={[
          { name: text.policy, value: receipt.policyTitle },
          { name: text.version, value: String(receipt.policyVersion) },
          { name: text.signedAs, value: receipt.signedAs },
          { name: text.when, value: dateAndTimeOf(receipt.acceptedAt) },
          {
            name: text.hash,
            value: (
              <CopyableCode value={receipt.policyHash} short={shortHash(receipt.policyHash)} what={text.hashName} />
            ),
          },
        ]}
      />
    </section>
  );
}
