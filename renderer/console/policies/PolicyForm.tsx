import type { Policy } from '../../../src/contract/policy.ts';
import { fieldKindWords } from '../../../src/words/policy-words.ts';
import { RichText } from '../../ui/index.ts';
import styles from './policies.module.css';

/** What people agree to and fill in. */
export function PolicyForm({ form }: { form: Policy['form'] }) {
  return (
    <section className={styles['form']} aria-label="The form">
      <h2>The form</h2>
      <ul className={styles['statements']}>
        {form.statements.map((statement) => (
          <li key={statement.id}>
            <RichText text={statement.text} />
          </li>
        ))}
      </ul>
      <dl className={styles['fields']}>
        {form.fields.map((field) => (
          <div key={field.id}>
            <dt>{field.label}</dt>
            <dd>
              {fieldKindWords[field.kind]}
              {field.required ? '' : ', may stay blank'}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
