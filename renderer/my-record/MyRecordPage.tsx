import { Button } from '@mantine/core';
import { CloudCheck, HardDrive, ReceiptText, RotateCw } from 'lucide-react';
import { useState } from 'react';
import type { AcceptanceReceipt } from '../../src/contract/session.ts';
import { usePageView } from '../ui/bridge.ts';
import { dateAndTimeOf, Notice } from '../ui/index.ts';
import { OrdinaryPage } from '../ui/OrdinaryPage.tsx';
import { Receipt } from './Receipt.tsx';
import { useReceipts } from './use-receipts.ts';
import { words } from './words.ts';
import './my-record.css';

/** Everything this person accepted on this computer, and one receipt to look at, save or print. */
export function MyRecordPage() {
  const pageView = usePageView();
  const { outcome, again } = useReceipts(pageView);
  return (
    <OrdinaryPage title={words.title} {...(outcome?.ok && outcome.value.length > 0 ? { lead: words.lead } : {})}>
      {outcome === null && <p role="status">{words.loading}</p>}
      {outcome?.ok === false && (
        <>
          <Notice tone="refusal" title={words.failed} role="alert">
            {outcome.problem.detail}
          </Notice>
          <div className="page-actions">
            <Button size="lg" variant="default" leftSection={<RotateCw aria-hidden size={20} />} onClick={again}>
              {words.again}
            </Button>
          </div>
        </>
      )}
      {outcome?.ok === true && outcome.value.length === 0 && <NothingYet />}
      {outcome?.ok === true && outcome.value.length > 0 && (
        <Receipts receipts={outcome.value} hostname={pageView?.view?.hostname ?? ''} />
      )}
    </OrdinaryPage>
  );
}

function NothingYet() {
  return (
    <div className="nothing-yet">
      <ReceiptText aria-hidden />
      <h2>{words.empty.title}</h2>
      <p>{words.empty.text}</p>
    </div>
  );
}

const keyOf = ({ record }: AcceptanceReceipt): string => `${record.epoch}/${record.seq}`;

function Receipts({ receipts, hostname }: { receipts: AcceptanceReceipt[]; hostname: string }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const shown = receipts.find((receipt) => keyOf(receipt) === chosen) ?? receipts[0];
  return (
    <div className="record-columns">
      <nav aria-label={words.list}>
        <ul className="record-list">
          {receipts.map((receipt) => (
            <li key={keyOf(receipt)}>
              <button
                type="button"
                className="record-entry"
                aria-current={receipt === shown ? 'true' : undefined}
                onClick={() => setChosen(keyOf(receipt))}
              >
                <strong>{words.accepted(receipt.policyTitle, receipt.policyVersion)}</strong>
                <span>{dateAndTimeOf(receipt.acceptedAt)}</span>
                <span className="record-state">
                  {receipt.syncedAt === null ? <HardDrive aria-hidden /> : <CloudCheck aria-hidden />}
                  {receipt.syncedAt === null ? words.waiting : words.synced}
                </span>
              </button>
            </li>
          ))}
        </ul>
      </nav>
      {shown !== undefined && <Receipt receipt={shown} hostname={hostname} />}
    </div>
  );
}
