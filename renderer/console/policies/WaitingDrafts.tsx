import { useQuery } from '@tanstack/react-query';
import { address } from '../api/address.ts';
import { Moment } from '../parts/Moment.tsx';
import { TextLink } from '../parts/TextLink.tsx';
import { DraftState } from './draft-words.tsx';
import { draftsQuery } from './policy-queries.ts';
import form from '../parts/form.module.css';
import styles from './policies.module.css';

/** Drafts that wait for somebody; nothing where none do. */
export function WaitingDrafts() {
  const waiting = (useQuery(draftsQuery).data?.items ?? []).filter(
    ({ state }) => state === 'draft' || state === 'approved',
  );
  if (waiting.length === 0) return null;
  return (
    <section aria-labelledby="drafts" className={styles['drafts']}>
      <h2 id="drafts">Drafts</h2>
      <ul className={form['rows']}>
        {waiting.map(({ id, title, state, createdAt, createdBy, note }) => (
          <li key={id} className={form['row']}>
            <div>
              <TextLink href={address('/policies/drafts/:id', { id })}>{title}</TextLink>
              <p className={form['soft']}>
                Put forward <Moment at={createdAt} /> by {createdBy}
                {note === '' ? '' : `: ${note}`}
              </p>
            </div>
            <DraftState state={state} />
          </li>
        ))}
      </ul>
    </section>
  );
}
