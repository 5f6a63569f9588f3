import { Button } from '@mantine/core';
import styles from './load-more.module.css';

export interface LoadMoreProps {
  /** "40 people", said when everything is there. */
  allOf: string;
  hasMore: boolean;
  loading: boolean;
  failed: boolean;
  onMore: () => void;
}

/** The end of a list: more, or that this is all. */
export function LoadMore({ allOf, hasMore, loading, failed, onMore }: LoadMoreProps) {
  return (
    <div className={styles['foot']}>
      {hasMore ? (
        <>
          {failed ? <span role="alert">The next rows could not be loaded.</span> : null}
          <Button variant="default" size="xs" loading={loading} onClick={onMore}>
            {failed ? 'Try again' : 'Load more'}
          </Button>
        </>
      ) : (
        <span>{allOf}</span>
      )}
    </div>
  );
}
