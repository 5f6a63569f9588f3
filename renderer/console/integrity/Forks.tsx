import { useQuery } from '@tanstack/react-query';
import { GitFork } from 'lucide-react';
import type { z } from 'zod';
import type { forkRow } from '../../../src/contract/console-integrity.ts';
import { Hash } from '../parts/Hash.tsx';
import { Moment } from '../parts/Moment.tsx';
import { EmptyState, ErrorState, LoadingLines } from '../parts/States.tsx';
import { TextLink } from '../parts/TextLink.tsx';
import { forksQuery } from './integrity-queries.ts';
import form from '../parts/form.module.css';
import styles from './integrity.module.css';

type Version = z.infer<typeof forkRow>['held'];

/** Records of which a machine sent two versions: both, side by side. */
export function Forks() {
  const forks = useQuery(forksQuery);
  if (forks.isPending) return <LoadingLines label="forks" />;
  if (forks.isError) return <ErrorState error={forks.error} onRetry={() => void forks.refetch()} />;
  if (forks.data.items.length === 0)
    return (
      <EmptyState icon={GitFork} title="No machine sent two histories">
        <p>If one ever does, both versions are kept and shown here, and what was held first stays.</p>
      </EmptyState>
    );
  return (
    <>
      <p className={styles['lead']}>
        A fork means that one machine signed two different records with the same number: its disk was copied or put back
        from a backup, or somebody with its key wrote another history. The version held first counts. Find out which of
        the three it was, then enrol the machine anew.
      </p>
      <ul className={styles['forks']}>
        {forks.data.items.map((fork) => (
          <li key={`${fork.deviceId}/${fork.epoch}/${fork.seq}/${fork.given.hash}`}>
            <h3>
              <TextLink href={`/machines/${fork.deviceId}`}>{fork.hostname}</TextLink>, record {fork.seq} of epoch{' '}
              {fork.epoch}
            </h3>
            <p className={form['soft']}>
              Found <Moment at={fork.foundAt} />
            </p>
            <div className={styles['versions']}>
              <OneVersion label="Held first" version={fork.held} />
              <OneVersion label="Sent later" version={fork.given} />
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}

function OneVersion({ label, version }: { label: string; version: Version }) {
  return (
    <div className={styles['version']}>
      <strong>{label}</strong>
      <p>{version.summary ?? 'Known by its hash only'}</p>
      <p className={form['soft']}>
        {version.at === null ? null : (
          <>
            <Moment at={version.at} as="seconds" />{' '}
          </>
        )}
        <Hash value={version.hash} what="the record's hash" />
      </p>
    </div>
  );
}
