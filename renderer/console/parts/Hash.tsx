import { CopyButton } from './CopyButton.tsx';
import styles from './parts.module.css';

export interface HashProps {
  value: string;
  /** What it is the hash of, for the copy button: "the record’s hash". */
  what: string;
  /** Characters kept of the front. */
  shown?: number;
}

/** A hash, id or signature: short to look at, whole on hover and to copy. */
export function Hash({ value, what, shown = 10 }: HashProps) {
  return (
    <span className={styles['hash']}>
      <code title={value}>
        {value.slice(0, shown)}
        {value.length > shown ? '…' : ''}
      </code>
      <CopyButton text={value} what={what} />
    </span>
  );
}
