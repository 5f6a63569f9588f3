import { ArrowRight, CircleAlert, TriangleAlert } from 'lucide-react';
import { Link } from 'wouter';
import type { Overview } from '../../../src/contract/console.ts';
import styles from './overview.module.css';

type Kind = Overview['attention'][number]['kind'];

/** What kind of thing needs somebody, in a word, and whether the record itself is in doubt. */
const kindWords: Record<Kind, { word: string; grave: boolean }> = {
  fork: { word: 'Forked record', grave: true },
  integrity: { word: 'Not sound', grave: true },
  rejectedBatch: { word: 'Records refused', grave: true },
  lockFailed: { word: 'Does not lock', grave: true },
  deviceNotBlocked: { word: 'USB not blocked', grave: true },
  deviceControl: { word: 'USB control', grave: true },
  alertNotDelivered: { word: 'Alert not sent', grave: true },
  feedBehind: { word: 'Feed stopped', grave: false },
  deviceRequest: { word: 'USB request', grave: false },
  idleDetection: { word: 'Idle clock', grave: false },
  sameAccount: { word: 'Two machines', grave: false },
  posture: { word: 'Protection', grave: false },
  holdReview: { word: 'Legal hold', grave: false },
  clonedMachine: { word: 'Cloned machine', grave: true },
  rolledBackMachine: { word: 'Machine set back', grave: true },
  untrustedMachine: { word: 'Not its signature', grave: true },
  reinstalledMachine: { word: 'Set up again?', grave: false },
  machinesWaiting: { word: 'Waiting machines', grave: false },
  goneMachine: { word: 'Probably gone', grave: false },
  silentMachine: { word: 'Silent machine', grave: false },
  counterSignature: { word: 'Second signature', grave: false },
  leaverSeen: { word: 'Leaver’s account', grave: true },
  equipment: { word: 'Equipment', grave: false },
  notAccepted: { word: 'Not accepted', grave: false },
  noMachines: { word: 'First step', grave: false },
  noPolicy: { word: 'First step', grave: false },
  reviewOverdue: { word: 'Review overdue', grave: false },
  draftWaiting: { word: 'Draft', grave: false },
};

/** What needs a person, gravest first, each leading to where it is settled. */
export function AttentionList({ attention }: { attention: Overview['attention'] }) {
  if (attention.length === 0) return null;
  const ordered = [...attention].sort(
    (one, other) => Number(kindWords[other.kind].grave) - Number(kindWords[one.kind].grave),
  );
  return (
    <section aria-labelledby="needs-you">
      <h2 id="needs-you" className={styles['quietHeading']} tabIndex={-1}>
        Needs you
      </h2>
      <ul className={styles['attention']}>
        {ordered.map((one) => {
          const { word, grave } = kindWords[one.kind];
          const Icon = grave ? CircleAlert : TriangleAlert;
          return (
            <li key={`${one.kind} ${one.href} ${one.sentence}`} data-grave={grave ? 'yes' : undefined}>
              <Icon size={20} aria-hidden />
              <span className={styles['attentionText']}>
                <span className={styles['attentionKind']}>{word}</span>
                <Link href={one.href} className={styles['attentionLink']}>
                  {one.sentence}
                </Link>
              </span>
              <ArrowRight size={18} aria-hidden className={styles['arrow']} />
            </li>
          );
        })}
      </ul>
    </section>
  );
}
