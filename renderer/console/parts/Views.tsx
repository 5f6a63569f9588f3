import { Link } from 'wouter';
import styles from './views.module.css';

export interface View {
  href: string;
  word: string;
  here: boolean;
  /** Something waits there: how much. */
  waiting?: number;
}

export interface ViewsProps {
  label: string;
  views: readonly View[];
  /** These belong to one view of the page, whose own views stand above. */
  within?: boolean;
}

/** The views of one page, each with an address of its own. */
export function Views({ label, views, within = false }: ViewsProps) {
  return (
    <nav aria-label={label} className={styles['bar']} data-within={within || undefined}>
      <ul className={styles['views']}>
        {views.map(({ href, word, here, waiting = 0 }) => (
          <li key={href}>
            <Link href={href} className={styles['view']} aria-current={here ? 'page' : undefined}>
              {word}
              {waiting > 0 ? (
                <span className={styles['count']}>
                  {waiting}
                  <span className="visually-hidden"> waiting</span>
                </span>
              ) : null}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
