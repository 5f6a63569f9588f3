import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { Link } from 'wouter';
import type { Overview } from '../../../src/contract/console.ts';
import { overviewQuery } from '../api/queries.ts';
import { usePageTitle } from '../frame/page-title.ts';
import { ErrorState, LoadingLines } from '../parts/States.tsx';
import { AttentionList } from './AttentionList.tsx';
import { LatestEvents } from './LatestEvents.tsx';
import { NextStep } from './NextStep.tsx';
import { stateSentence } from './state-sentence.ts';
import { StatusLegend } from './StatusLegend.tsx';
import styles from './overview.module.css';

const CoverageChart = lazy(() => import('./CoverageChart.tsx'));
const AcceptancesChart = lazy(() => import('./AcceptancesChart.tsx'));

/** How things stand: one sentence, what needs somebody, then pictures. */
export function OverviewPage() {
  usePageTitle('Overview');
  const query = useQuery(overviewQuery);
  if (query.isPending) return <LoadingLines label="the overview" />;
  if (query.data === undefined) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  return <OverviewBody overview={query.data} />;
}

function OverviewBody({ overview }: { overview: Overview }) {
  return (
    <div className={styles['page']}>
      <h1 className={styles['sentence']}>
        {stateSentence(overview).map((run, place) =>
          run.href === undefined ? (
            run.text
          ) : run.href.startsWith('#') ? (
            <a key={place} href={run.href}>
              {run.text}
            </a>
          ) : (
            <Link key={place} href={run.href}>
              {run.text}
            </Link>
          ),
        )}
      </h1>
      <AttentionList attention={overview.attention} />
      <NextStep overview={overview} />
      {overview.people === 0 ? null : <Pictures overview={overview} />}
      {overview.machines === 0 ? null : <LatestEvents eventsToday={overview.eventsToday} />}
    </div>
  );
}

function Pictures({ overview }: { overview: Overview }) {
  const days = overview.acceptancesByDay;
  const statuses = overview.statuses ?? {
    accepted: overview.accepted,
    outdated: 0,
    declined: 0,
    notAccepted: overview.people - overview.accepted,
  };
  return (
    <div className={styles['pictures']}>
      <section className={styles['card']} aria-labelledby="coverage">
        <h2 id="coverage">
          Who has accepted {overview.policy === null ? '' : `version ${String(overview.policy.version)}`}
        </h2>
        <div className={styles['coverage']}>
          <Suspense fallback={<div className={styles['donut']} />}>
            <CoverageChart statuses={statuses} />
          </Suspense>
          <StatusLegend statuses={statuses} />
        </div>
      </section>
      {days === undefined ? null : (
        <section className={styles['card']} aria-labelledby="acceptances">
          <h2 id="acceptances">Acceptances in the last 14 days</h2>
          <Suspense fallback={<div className={styles['bars']} />}>
            <AcceptancesChart days={days} />
          </Suspense>
        </section>
      )}
    </div>
  );
}
