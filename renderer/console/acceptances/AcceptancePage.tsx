import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ArrowLeft, Printer } from 'lucide-react';
import type { AcceptanceDetail } from '../../../src/contract/console.ts';
import { OpenFirst } from '../access/OpenFirst.tsx';
import { useRecordToOpen } from '../access/OpenPerson.tsx';
import { address } from '../api/address.ts';
import { acceptanceQuery } from '../api/queries.ts';
import { usePageTitle } from '../frame/page-title.ts';
import { Fact, Facts } from '../parts/Facts.tsx';
import { Hash } from '../parts/Hash.tsx';
import { Moment } from '../parts/Moment.tsx';
import { durationWords } from '../parts/moment.ts';
import { ErrorState, LoadingLines } from '../parts/States.tsx';
import { TextLink } from '../parts/TextLink.tsx';
import { SignedPaper } from './SignedPaper.tsx';
import { Verification } from './Verification.tsx';
import styles from './acceptances.module.css';

/** One acceptance: exactly what was signed, what proves it, and whether the proof holds. */
export function AcceptancePage({ id }: { id: string }) {
  usePageTitle('Acceptance');
  const query = useQuery(acceptanceQuery(id));
  const toOpen = useRecordToOpen(query);
  if (toOpen !== null) return <OpenFirst personId={toOpen} onOpen={() => void query.refetch()} />;
  if (query.isPending) return <LoadingLines lines={10} label="this acceptance" />;
  if (query.data === undefined) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  return <Acceptance detail={query.data} />;
}

function Acceptance({ detail }: { detail: AcceptanceDetail }) {
  const { event, policy } = detail;
  const body = event.body?.type === 'policy.accepted' ? event.body : null;
  return (
    <div className={styles['page']}>
      <div className={styles['top']}>
        <button
          type="button"
          className={styles['back']}
          onClick={() => {
            window.history.back();
          }}
        >
          <ArrowLeft size={16} aria-hidden /> Back
        </button>
        <Button
          variant="default"
          size="xs"
          leftSection={<Printer size={16} aria-hidden />}
          onClick={() => {
            window.print();
          }}
        >
          Print
        </Button>
      </div>
      <header className={styles['header']}>
        <p className={styles['kind']}>Acceptance</p>
        <h1>{policy.policy.title}</h1>
        <p className={styles['lead']}>
          Version {policy.version}, accepted by <strong>{event.account?.name ?? 'somebody'}</strong> on {event.machine},{' '}
          <Moment at={event.at} as="full" />.
        </p>
      </header>
      <div className={styles['columns']}>
        <div className={styles['signed']}>
          {body === null ? (
            <p className={styles['removed']}>
              What was signed was removed when its retention period ended. Its place in the record still verifies.
            </p>
          ) : (
            <SignedPaper data={body.data} schoolName={policy.policy.schoolName ?? null} />
          )}
        </div>
        <div className={styles['proof']}>
          <Verification verification={detail.verification} />
          {body === null ? null : (
            <section className={styles['part']}>
              <h2>How it was read</h2>
              <Facts>
                <Fact label="Reading time">{durationWords(body.data.reading.readSeconds)}</Fact>
                <Fact label="Read as far as">{body.data.reading.depthPercent} %</Fact>
                {body.data.reading.changesPercent === undefined ? null : (
                  <Fact label="Of what changed">{body.data.reading.changesPercent} %</Fact>
                )}
                <Fact label="Open for">{durationWords(body.data.openSeconds)}</Fact>
              </Facts>
            </section>
          )}
          <section className={styles['part']}>
            <h2>The policy</h2>
            <Facts>
              <Fact label="Version">
                <TextLink href={address('/policies/:hash', { hash: policy.hash })}>
                  {policy.version}: the text by its hash
                </TextLink>
              </Fact>
              <Fact label="Hash">
                <Hash value={policy.hash} what="the policy’s hash" />
              </Fact>
              <Fact label="Published">
                <Moment at={policy.publishedAt} />
              </Fact>
            </Facts>
          </section>
          <RecordPart detail={detail} />
        </div>
      </div>
    </div>
  );
}

function RecordPart({ detail }: { detail: AcceptanceDetail }) {
  const { event, record, receipt } = detail;
  return (
    <section className={styles['part']}>
      <h2>The record</h2>
      <Facts>
        <Fact label="Machine">
          <TextLink href={address('/machines/:id', { id: event.deviceId })}>{event.machine}</TextLink>
        </Fact>
        <Fact label="Record">
          {record.epoch}·{record.seq}, <TextLink href={address('/events', {}, { event: event.id })}>the event</TextLink>
        </Fact>
        <Fact label="Hash">
          <Hash value={record.hash} what="the record’s hash" />
        </Fact>
        <Fact label="Body hash">
          <Hash value={record.bodyHash} what="the hash of the body" />
        </Fact>
        <Fact label="Previous">
          <Hash value={record.prev} what="the hash of the record before" />
        </Fact>
        <Fact label="Received">
          <Moment at={event.receivedAt} as="seconds" />
        </Fact>
        <Fact label="Receipt">
          {receipt === null ? (
            'none yet'
          ) : (
            <>
              up to {receipt.epoch}·{receipt.seq}, <Moment at={receipt.at} />
              <br />
              <Hash value={receipt.signature} what="the receipt’s signature" />
            </>
          )}
        </Fact>
      </Facts>
    </section>
  );
}
