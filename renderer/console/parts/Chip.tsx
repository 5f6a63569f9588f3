import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './parts.module.css';

export type Tone = 'good' | 'plain' | 'warning' | 'refusal';

/** A state as an icon and a word; the colour only repeats what they say. */
export function Chip({ icon: Icon, tone, children }: { icon: LucideIcon; tone: Tone; children: ReactNode }) {
  return (
    <span className={styles['chip']} data-tone={tone}>
      <Icon size={15} aria-hidden />
      {children}
    </span>
  );
}
