import { Button } from '@mantine/core';
import { FileDown } from 'lucide-react';
import { useState } from 'react';
import type { Problem } from '../../src/contract/problem.ts';
import type { AcceptanceReceipt } from '../../src/contract/session.ts';
import { ask } from '../ui/bridge.ts';
import { CopyableCode, dateAndTimeOf, Facts, Notice, shortHash } from '../ui/index.ts';
import { RichText } from '../ui/RichText.tsx';
import { words } from './words.ts';

/** One receipt: what was signed, when, and what proves it. Prints on one page. */
export function Receipt({ receipt, hostname }: { receipt: AcceptanceReceipt; hostname: string }) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [saved, setSaved] = useState(false);
  const { policyTitle, policyVersion, signedAs, acceptedAt, syncedAt, record } = receipt;
  const save = async () => {
    setProblem(null);
    setSaved(false);
    const outcome = await ask((shell) => shell.print({}));
    if (outcome.ok) setSaved(true);
    else setProblem(outcome.problem);
  };
  return (
    <article className="record-receipt" aria-label={words.receipt}>
      <h2>{words.sentence(signedAs, policyTitle, policyVersion)}</h2>
      <div className="record-code">
        <p>{words.code}</p>
        <CopyableCode value={receipt.verificationCode} what={words.codeName} />
        <p className="record-hint">{words.codeHint}</p>
      </div>
      <Facts
        facts={[
          { name: words.when, value: dateAndTimeOf(acceptedAt) },
          { name: words.where, value: hostname },
          {
            name: words.state,
            value: syncedAt === null ? words.waiting : words.arrived(dateAndTimeOf(syncedAt)),
          },
        ]}
      />
      <h3>{words.agreed}</h3>
      <ul className="record-statements">
        {receipt.statements.map((statement, index) => (
          <li key={index}>
            <RichText text={statement} />
          </li>
        ))}
      </ul>
      <h3>{words.proof}</h3>
      <p className="record-hint">{words.proofText}</p>
      <Facts
        facts={[
          { name: words.record, value: words.place(record.epoch, record.seq) },
          { name: words.recordHash, value: <Code value={record.hash} what={words.recordHashName} /> },
          { name: words.policyHash, value: <Code value={receipt.policyHash} what={words.policyHashName} /> },
          { name: words.device, value: <Code value={receipt.deviceId} what={words.deviceName} /> },
        ]}
      />
      {problem !== null && (
        <Notice tone="refusal" role="alert">
          {problem.detail}
        </Notice>
      )}
      <div className="page-actions">
        <Button size="lg" leftSection={<FileDown aria-hidden size={20} />} onClick={() => void save()}>
          {words.save}
        </Button>
        <span role="status">{saved ? words.saved : ''}</span>
      </div>
    </article>
  );
}

/** Short on screen, whole on paper. */
function Code({ value, what }: { value: string; what: string }) {
  return (
    <>
      <span className="on-screen">
        <CopyableCode value={value} short={shortHash(value)} what={what} />
      </span>
      <code className="on-paper">{value}</code>
    </>
  );
}
