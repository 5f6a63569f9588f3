import { SquareCheckBig } from 'lucide-react';
import type { FieldValue } from '../../../src/contract/acceptance.ts';
import type { EventData } from '../../../src/contract/event.ts';
import { RichText, uiWords } from '../../ui/index.ts';
import { dateWords } from '../parts/moment.ts';
import { Signature } from './Signature.tsx';
import styles from './acceptances.module.css';

export interface SignedPaperProps {
  data: EventData<'policy.accepted'>;
  schoolName: string | null;
}

/** What was on the form when it was signed: the statements and labels in the words shown, and what was put in. */
export function SignedPaper({ data, schoolName }: SignedPaperProps) {
  return (
    <article className={styles['paper']} aria-label="What was signed">
      {schoolName === null ? null : <p className={styles['school']}>{schoolName}</p>}
      <p className={styles['paperTitle']}>{data.policyTitle}</p>
      <p className={styles['as']}>
        Accepted as {uiWords.audiences[data.audience].toLowerCase()}
        {data.teaching ? ', with a teaching role' : ''}
      </p>
      <ul className={styles['statements']}>
        {data.statements.map((statement) => (
          <li key={statement.id}>
            <SquareCheckBig size={20} role="img" aria-label="Agreed:" />
            <p>
              <RichText text={statement.text} />
            </p>
          </li>
        ))}
      </ul>
      <dl className={styles['fields']}>
        {data.fields.map((field) => (
          <div key={field.id} data-kind={field.value.kind}>
            <dt>{field.label}</dt>
            <dd>
              <SignedValue value={field.value} />
            </dd>
          </div>
        ))}
      </dl>
    </article>
  );
}

function SignedValue({ value }: { value: FieldValue }) {
  switch (value.kind) {
    case 'text':
      return value.value === '' ? <span className={styles['blank']}>left blank</span> : value.value;
    case 'date':
      return <time dateTime={value.value}>{dateWords(value.value)}</time>;
    case 'signature':
      return <Signature signature={value.value} />;
  }
}
