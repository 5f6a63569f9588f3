import type { ReactNode } from 'react';
import { Link } from 'wouter';
import styles from './parts.module.css';

/** A link inside the console. */
export function TextLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Link href={href} className={styles['link']}>
      {children}
    </Link>
  );
}
