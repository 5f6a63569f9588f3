import { useQuery } from '@tanstack/react-query';
import { Button } from '@mantine/core';
import { RotateCw, TriangleAlert } from 'lucide-react';
import { useEffect } from 'react';
import { Redirect, useSearchParams } from 'wouter';
import { failureOf } from '../api/client.ts';
import { meQuery } from '../api/queries.ts';
import { Mark } from '../frame/Mark.tsx';
import { ErrorState } from '../parts/States.tsx';
import styles from './sign-in.module.css';

/** How to get in: the one-time link, where it is printed, and what to do when it was used. */
export function SignInPage() {
  const me = useQuery({ ...meQuery, refetchOnWindowFocus: 'always' });
  const [search] = useSearchParams();
  useEffect(() => {
    document.title = 'Sign in · Usher';
  }, []);
  if (me.isSuccess) return <Redirect to="/" replace />;
  const linkUsed = search.get('problem') === 'linkUsed';
  const failed = me.isError && failureOf(me.error).kind !== 'notSignedIn';
  return (
    <main className={styles['page']}>
      <div className={styles['card']}>
        <p className={styles['brand']}>
          <Mark size={28} /> Usher
        </p>
        {failed ? (
          <ErrorState error={me.error} onRetry={() => void me.refetch()} />
        ) : (
          <>
            <h1>Sign in with the link</h1>
            {linkUsed ? (
              <div className={styles['problem']} role="alert">
                <TriangleAlert size={20} aria-hidden />
                <p>
                  <strong>That link does not work any more.</strong> Each link signs in once, within an hour of being
                  made. You need a new one.
                </p>
              </div>
            ) : (
              <p>
                There is no password here. When Usher starts, it prints a link that signs an administrator in, once.
              </p>
            )}
            <ol className={styles['steps']}>
              {linkUsed ? (
                <li>
                  Go to the terminal where Usher runs, stop it with <kbd>Ctrl</kbd> <kbd>C</kbd> and start it again with{' '}
                  <code>npm start</code>. Everything recorded stays.
                </li>
              ) : (
                <li>
                  Go to the terminal where Usher was started with <code>npm start</code>.
                </li>
              )}
              <li>
                Find {linkUsed ? 'the new' : 'the'} line with the sign-in link. It begins with{' '}
                <code>{window.location.origin}/sign-in/link/</code>
              </li>
              <li>Open it in this browser. You come back to the page you wanted.</li>
            </ol>
            {linkUsed ? null : (
              <p className={styles['aside']}>
                Link used, or older than an hour? Stop Usher there with <kbd>Ctrl</kbd> <kbd>C</kbd> and start it again:
                it prints a new one, and everything recorded stays.
              </p>
            )}
            <Button
              variant="default"
              loading={me.isFetching}
              leftSection={<RotateCw size={16} aria-hidden />}
              onClick={() => void me.refetch()}
            >
              I have opened it: go on
            </Button>
          </>
        )}
      </div>
    </main>
  );
}
