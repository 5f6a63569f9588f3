import form from '../parts/form.module.css';
import { OpenPerson } from './OpenPerson.tsx';

/** In the place of a page about one person, until their record is open. */
export function OpenFirst({ personId, onOpen }: { personId: string; onOpen: () => void }) {
  return (
    <div className={form['stack']}>
      <section className={form['card']}>
        <h1>This is one person’s own record</h1>
        <OpenPerson personId={personId} onOpen={onOpen} />
      </section>
    </div>
  );
}
