import type { ReactNode } from 'react';
import styles from './parts.module.css';

/** Label and value pairs. */
export function Facts({ children, wide = false }: { children: ReactNode; wide?: boolean }) {
  return <dl className={`${styles['facts'] ?? ''} ${wide ? (styles['factsWide'] ?? '') : ''}`}>{children}</dl>;
}

export function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={styles['fact']}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
