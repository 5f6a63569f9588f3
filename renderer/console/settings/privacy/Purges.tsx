import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Eraser } from 'lucide-react';
import { privacyPaths, ranPurge, type PurgeRow } from '../../../../src/contract/console-privacy.ts';
import { retentionCategory } from '../../../../src/contract/retention.ts';
import { categoryWords } from '../../../../src/words/recorded-data.ts';
import { Notice } from '../../../ui/index.ts';
import { Refusal } from '../../parts/Refusal.tsx';
import { Hash } from '../../parts/Hash.tsx';
import { Moment } from '../../parts/Moment.tsx';
import { EmptyState, ErrorState, LoadingLines } from '../../parts/States.tsx';
import { counted } from '../../parts/counted.ts';
import { purgesQuery, usePost } from './privacy-queries.ts';
import form from '../../parts/form.module.css';
import styles from './privacy.module.css';

/** What was removed, with what proves it; and removing what is due at once. */
export function PurgesPart({ mayManage }: { mayManage: boolean }) {
  const query = useQuery(purgesQuery);
  const run = usePost<object, typeof ranPurge>(privacyPaths.purges, ranPurge);
  return (
    <section className={styles['part']} aria-labelledby="removed">
      <h2 id="removed">What was removed</h2>
      <p>
        What is due goes by itself, every ten minutes. Texts and everything personal go; hashes stay, so that every
        proof still holds.
      </p>
      {mayManage ? (
        <div className={form['formFoot']}>
          <Button
            variant="default"
            loading={run.isPending}
            onClick={() => {
              run.mutate({});
            }}
          >
            Remove what is due now
          </Button>
        </div>
      ) : null}
      <Refusal error={run.error} />
      {run.data === undefined ? null : (
        <Notice tone="good" role="status">
          {run.data.records + run.data.otherRows === 0
            ? 'Nothing was due.'
            : `${counted(run.data.records, 'record was', 'records were')} removed.`}
          {run.data.finished ? '' : ' There is more; the server goes on by itself.'}
        </Notice>
      )}
      {query.isPending ? (
        <LoadingLines label="removals" />
      ) : query.data === undefined ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data.items.length === 0 ? (
        <EmptyState icon={Eraser} title="Nothing was removed yet">
          <p>The first removal is listed here with its proof once something is older than it is kept for.</p>
        </EmptyState>
      ) : (
        <ul className={styles['purges']}>
          {query.data.items.map((one) => (
            <Purge key={one.id} purge={one} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Purge({ purge }: { purge: PurgeRow }) {
  const byCategory = retentionCategory.options.flatMap((category) => {
    const count = purge.counts[category] ?? 0;
    return count === 0 ? [] : [`${categoryWords[category].word} ${String(count)}`];
  });
  return (
    <li>
      <strong>
        {purge.kind === 'person' ? 'One person, ' : ''}
        {purge.school}: {counted(purge.records, 'record')}
        {purge.state === 'running' ? ', still going on' : ''}
      </strong>
      <span>
        <Moment at={purge.startedAt} as="full" /> by {purge.by}. {purge.reason}
      </span>
      <span className={form['soft']}>
        {byCategory.join(' · ')}
        {purge.otherRows === 0
          ? ''
          : `${byCategory.length === 0 ? '' : ' · '}${counted(purge.otherRows, 'row')} besides the record`}
        {purge.stillHeld === 0 ? '' : ` · ${String(purge.stillHeld)} left on hold`}
      </span>
      {purge.oldestAt === null || purge.newestAt === null ? null : (
        <span className={form['soft']}>
          Received between <Moment at={purge.oldestAt} as="full" /> and <Moment at={purge.newestAt} as="full" />
        </span>
      )}
      {purge.audit === null ? null : (
        <span className={form['soft']}>
          Entry {purge.audit.number} of the audit trail <Hash value={purge.audit.hash} what="the hash of the entry" />{' '}
          over <Hash value={purge.digest} what="the hash over what was removed" />
        </span>
      )}
    </li>
  );
}
