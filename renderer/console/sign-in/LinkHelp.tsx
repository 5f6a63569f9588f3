import { Button } from '@mantine/core';
import { RotateCw } from 'lucide-react';
import styles from './sign-in.module.css';

/** Where the one-time link is, for the first administrator and for whoever lost every other way. */
export function LinkHelp({ open, checking, onCheck }: { open: boolean; checking: boolean; onCheck: () => void }) {
  return (
    <details className={styles['link']} open={open}>
      <summary>Sign in with the link</summary>
      <p>
        The first time, and when every other way is lost: the computer Usher runs on prints a link that signs an
        administrator in, once, within an hour.
      </p>
      <ol className={styles['steps']}>
        <li>
          Go to the terminal where Usher runs. Is the link used or too old? Stop Usher with <kbd>Ctrl</kbd> <kbd>C</kbd>{' '}
          and start it again: it prints a new one, and everything recorded stays.
        </li>
        <li>
          Find the line with the sign-in link. It begins with <code>{window.location.origin}/sign-in/link/</code>
        </li>
        <li>Open it in this browser. You come back to the page you wanted.</li>
      </ol>
      <Button variant="default" loading={checking} leftSection={<RotateCw size={16} aria-hidden />} onClick={onCheck}>
        I have opened it: go on
      </Button>
    </details>
  );
}
