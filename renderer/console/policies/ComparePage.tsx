import { Button, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ArrowLeft, ArrowLeftRight } from 'lucide-react';
import { Link, useLocation, useSearch } from 'wouter';
import type { PolicySummary } from '../../../src/contract/console.ts';
import { longDateWords } from '../../../src/words/policy-words.ts';
import { address } from '../api/address.ts';
import { policiesQuery, policyQuery } from '../api/queries.ts';
import { usePageTitle } from '../frame/page-title.ts';
import { ErrorState, LoadingLines } from '../parts/States.tsx';
import { Comparison } from './Comparison.tsx';
import styles from './compare.module.css';

/** Two versions set against each other; which ones is in the address. */
export function ComparePage() {
  usePageTitle('Compare versions');
  const query = useQuery(policiesQuery);
  const chosen = new URLSearchParams(useSearch());
  return (
    <div className={styles['page']}>
      <Link href="/policies" className={styles['back']}>
        <ArrowLeft size={16} aria-hidden /> All policies
      </Link>
      <h1>Compare versions</h1>
      {query.isPending ? (
        <LoadingLines lines={10} label="the versions" />
      ) : query.data === undefined ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <Chosen versions={query.data.items} older={chosen.get('older')} newer={chosen.get('newer')} />
      )}
    </div>
  );
}

interface ChosenProps {
  /** Newest first. */
  versions: readonly PolicySummary[];
  older: string | null;
  newer: string | null;
}

function Chosen({ versions, older, newer }: ChosenProps) {
  const [, navigate] = useLocation();
  const is = versions.find(({ hash }) => hash === newer) ?? versions.find(({ current }) => current) ?? versions[0];
  const was = versions.find(({ hash }) => hash === older) ?? versionBefore(versions, is);
  if (is === undefined || was === undefined) {
    return (
      <p>
        There is nothing to compare yet: it takes two versions. Publish a second one, or compare files with{' '}
        <code>usher policy compare</code>.
      </p>
    );
  }
  const go = (from: string, to: string): void => {
    navigate(address('/policies/compare', {}, { older: from, newer: to }), { replace: true });
  };
  const options = versions.map((one) => ({ value: one.hash, label: versionWords(one) }));
  return (
    <>
      <div className={styles['choice']}>
        <NativeSelect
          label="Older"
          data={options}
          value={was.hash}
          onChange={(event) => {
            go(event.currentTarget.value, is.hash);
          }}
        />
        <Button
          variant="default"
          leftSection={<ArrowLeftRight size={16} aria-hidden />}
          onClick={() => {
            go(is.hash, was.hash);
          }}
        >
          Swap
        </Button>
        <NativeSelect
          label="Newer"
          data={options}
          value={is.hash}
          onChange={(event) => {
            go(was.hash, event.currentTarget.value);
          }}
        />
      </div>
      <Texts older={was} newer={is} />
    </>
  );
}

function Texts({ older, newer }: { older: PolicySummary; newer: PolicySummary }) {
  const was = useQuery(policyQuery(older.hash));
  const is = useQuery(policyQuery(newer.hash));
  const failed = [was, is].find(({ isError }) => isError);
  if (failed !== undefined) return <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />;
  if (was.data === undefined || is.data === undefined) return <LoadingLines lines={12} label="both versions" />;
  const names = { older: `Version ${String(older.version)}`, newer: `Version ${String(newer.version)}` };
  return <Comparison older={was.data.policy} newer={is.data.policy} names={names} />;
}

/** The version of the same policy before this one. @param versions newest first */
export function versionBefore(
  versions: readonly PolicySummary[],
  of: PolicySummary | undefined,
): PolicySummary | undefined {
  return versions.find((one) => one.id === of?.id && one.version < of.version);
}

const versionWords = ({ title, version, current, publishedAt }: PolicySummary): string =>
  `${title}, version ${String(version)}${current ? ', in force' : ''} (${longDateWords(publishedAt.slice(0, 10))})`;
