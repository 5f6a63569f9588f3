import { useQuery } from '@tanstack/react-query';
import { usePageTitle } from '../frame/page-title.ts';
import { ErrorState, LoadingLines } from '../parts/States.tsx';
import { Views } from '../parts/Views.tsx';
import { Workspace } from '../parts/Workspace.tsx';
import { Checkpoints } from './Checkpoints.tsx';
import { Forks } from './Forks.tsx';
import { IntegrityVerdict } from './IntegrityVerdict.tsx';
import { integrityQuery } from './integrity-queries.ts';
import { PackForm } from './PackForm.tsx';
import { VerifyFile } from './VerifyFile.tsx';
import styles from './integrity.module.css';

/** The views of the page; the empty path is where it opens. */
export const integrityViews = [
  { path: '', word: 'State' },
  { path: 'forks', word: 'Forks' },
  { path: 'checkpoints', word: 'Checkpoints' },
  { path: 'packs', word: 'Evidence packs' },
] as const;
type ViewPath = (typeof integrityViews)[number]['path'];

/** Can what the server holds be relied on, and how is that proved to somebody else? */
export function IntegrityPage({ view }: { view: ViewPath }) {
  usePageTitle('Integrity');
  const state = useQuery(integrityQuery);
  const forks = state.data?.forks ?? 0;
  const views = integrityViews.map(({ path, word }) => ({
    href: path === '' ? '/integrity' : `/integrity/${path}`,
    word,
    here: path === view,
    ...(path === 'forks' ? { waiting: forks } : {}),
  }));
  return (
    <Workspace
      title="Integrity"
      lead="Whether anything the server holds was changed, and how to prove it to somebody else."
      toolbar={<Views label="Integrity" views={views} />}
    >
      <div className={styles['page']}>
        {state.isPending ? (
          <LoadingLines label="what was checked" />
        ) : state.isError ? (
          <ErrorState error={state.error} onRetry={() => void state.refetch()} />
        ) : view === 'forks' ? (
          <Forks />
        ) : view === 'checkpoints' ? (
          <Checkpoints state={state.data} />
        ) : view === 'packs' ? (
          <div className={styles['columns']}>
            <PackForm state={state.data} />
            <VerifyFile />
          </div>
        ) : (
          <IntegrityVerdict state={state.data} />
        )}
      </div>
    </Workspace>
  );
}
