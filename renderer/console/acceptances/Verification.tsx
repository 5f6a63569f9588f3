import { CircleCheck, CircleX, ShieldAlert, ShieldCheck } from 'lucide-react';
import type { AcceptanceDetail } from '../../../src/contract/console.ts';
import { Moment } from '../parts/Moment.tsx';
import styles from './acceptances.module.css';

/** Does the stored evidence hold? The answer first, then every question that was asked. */
export function Verification({ verification }: { verification: AcceptanceDetail['verification'] }) {
  const { sound, checks, checkedAt } = verification;
  const failed = checks.filter((check) => !check.ok);
  const Icon = sound ? ShieldCheck : ShieldAlert;
  return (
    <section className={styles['verdict']} data-sound={sound ? 'yes' : 'no'} aria-label="Verification">
      <div className={styles['verdictHead']}>
        <Icon size={28} aria-hidden />
        <div>
          <h2>{sound ? 'Sound' : 'Not sound'}</h2>
          <p>
            {sound
              ? 'Nothing about this acceptance was changed since it was signed.'
              : `${failed.length === 1 ? 'One check' : `${String(failed.length)} checks`} failed. Do not rely on this acceptance before you know why.`}
          </p>
        </div>
      </div>
      <ul className={styles['checks']}>
        {[...failed, ...checks.filter((check) => check.ok)].map((check) => (
          <li key={check.name} data-ok={check.ok ? 'yes' : 'no'}>
            {check.ok ? (
              <CircleCheck size={18} role="img" aria-label="Holds:" />
            ) : (
              <CircleX size={18} role="img" aria-label="Failed:" />
            )}
            <div>
              <strong>{check.name}</strong>
              <p>{check.detail}</p>
            </div>
          </li>
        ))}
      </ul>
      <p className={styles['checkedAt']}>
        Checked <Moment at={checkedAt} as="seconds" />
      </p>
    </section>
  );
}
