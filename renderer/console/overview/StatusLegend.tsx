import { Link } from 'wouter';
import { address } from '../api/address.ts';
import { statusOrder, statusWords, type PersonStatus } from '../people/status-words.ts';
import styles from './overview.module.css';

/** The donut's numbers in words, each leading to the people it counts. */
export function StatusLegend({ statuses }: { statuses: Record<PersonStatus, number> }) {
  return (
    <ul className={styles['legend']}>
      {statusOrder.map((status) => {
        const { word, icon: Icon } = statusWords[status];
        return (
          <li key={status}>
            <span className={styles['swatch']} data-status={status} aria-hidden />
            <Link href={address('/people', {}, { status })}>
              <strong>{statuses[status].toLocaleString('en-GB')}</strong>
              <Icon size={15} aria-hidden /> {word}
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
