import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { copyText } from './copy-text.ts';
import styles from './parts.module.css';

export interface CopyButtonProps {
  text: string;
  /** What is copied, such as "the record’s hash". */
  what: string;
  /** Shown beside the icon. */
  label?: string;
}

/** Copies a text whole and says so. */
export function CopyButton({ text, what, label }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<'idle' | 'copied' | 'failed'>('idle');
  useEffect(() => {
    if (outcome === 'idle') return;
    const back = setTimeout(() => {
      setOutcome('idle');
    }, 2_000);
    return () => {
      clearTimeout(back);
    };
  }, [outcome]);
  const said = outcome === 'copied' ? 'Copied' : outcome === 'failed' ? 'Could not copy' : '';
  return (
    <>
      <button
        type="button"
        className={styles['copy']}
        title={`Copy ${what}`}
        aria-label={`Copy ${what}`}
        onClick={() => {
          void copyText(text).then((copied) => {
            setOutcome(copied ? 'copied' : 'failed');
          });
        }}
      >
        {outcome === 'copied' ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
        {label === undefined ? null : <span>{said === '' ? label : said}</span>}
      </button>
      <span role="status" className="visually-hidden">
        {said}
      </span>
    </>
  );
}
