import type { Overview } from '../../../src/contract/console.ts';
import styles from './overview.module.css';

/** What to do first, while there is nothing to show. */
export function NextStep({ overview }: { overview: Overview }) {
  const { policy, machines, people } = overview;
  if (policy !== null && machines > 0 && people > 0) return null;
  const steps = [
    {
      done: policy !== null,
      title: 'Publish a policy',
      text: (
        <>
          Where the server runs: <code>usher policy publish FILE</code>. Your school’s own .docx, .md or .txt will do.
        </>
      ),
    },
    {
      done: machines > 0,
      title: 'Enrol a machine',
      text: (
        <>
          <code>npm start</code> enrols the machine it runs on. Others take part with the school’s enrolment token in{' '}
          <code>USHER_ENROLMENT_TOKEN</code>.
        </>
      ),
    },
    {
      done: people > 0,
      title: 'Let somebody sign in there',
      text: (
        <>They read the policy and accept it; their name appears here the moment the machine reaches this server.</>
      ),
    },
  ];
  return (
    <section className={styles['card']} aria-labelledby="next-steps">
      <h2 id="next-steps">From here to the first acceptance</h2>
      <ol className={styles['steps']}>
        {steps.map((step) => (
          <li key={step.title} data-done={step.done ? 'yes' : undefined}>
            <strong>
              {step.title}
              {step.done ? ' (done)' : ''}
            </strong>
            <p>{step.text}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}
