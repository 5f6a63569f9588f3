import { Button, Skeleton } from '@mantine/core';
import { CircleAlert, RotateCw, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { failureOf, type Failure } from '../api/client.ts';
import styles from './parts.module.css';

export interface EmptyStateProps {
  icon: LucideIcon;
  title: string;
  /** What to do next. */
  children: ReactNode;
}

/** Nothing here yet, and the next step. */
export function EmptyState({ icon: Icon, title, children }: EmptyStateProps) {
  return (
    <div className={styles['state']}>
      <Icon size={28} strokeWidth={1.6} aria-hidden />
      <h2>{title}</h2>
      <div className={styles['stateText']}>{children}</div>
    </div>
  );
}

function failureWords(failure: Failure): { title: string; text: string; detail: string | null } {
  switch (failure.kind) {
    case 'notSignedIn':
      return { title: 'You are signed out', text: 'Sign in again to go on.', detail: null };
    case 'problem':
      return failure.problem.status === 404
        ? { title: 'Not here', text: failure.problem.detail, detail: null }
        : { title: 'The server could not answer', text: failure.problem.detail, detail: failure.problem.code };
    case 'mismatch':
      return {
        title: 'The answer could not be read',
        text: 'The server sent something this page does not understand, so nothing of it is shown. Reload the page; if it stays, the console and the server are of different versions.',
        detail: `${failure.path} · ${failure.detail}`,
      };
    case 'unreachable':
      return {
        title: 'The server cannot be reached',
        text: 'Check that Usher is running where it was started, and the network between. Nothing is lost meanwhile: machines keep their records and send them later.',
        detail: null,
      };
  }
}

/** Something went wrong: what, and a way to try again. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { title, text, detail } = failureWords(failureOf(error));
  return (
    <div className={styles['state']} role="alert">
      <CircleAlert size={28} strokeWidth={1.6} aria-hidden className={styles['stateRed'] ?? ''} />
      <h2>{title}</h2>
      <div className={styles['stateText']}>
        <p>{text}</p>
        {detail === null ? null : <code className={styles['stateDetail']}>{detail}</code>}
      </div>
      <Button variant="default" leftSection={<RotateCw size={16} aria-hidden />} onClick={onRetry}>
        Try again
      </Button>
    </div>
  );
}

/** Grey lines while an answer is on its way. */
export function LoadingLines({ lines = 8, label }: { lines?: number; label: string }) {
  return (
    <div className={styles['loading']} role="status">
      <span className="visually-hidden">Loading {label}…</span>
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} height={14} width={`${String(92 - ((line * 17) % 40))}%`} radius="sm" />
      ))}
    </div>
  );
}
