import type { Policy } from '../../../src/contract/policy.ts';
import { ruleLines } from '../../../src/words/rule-words.ts';
import styles from './policies.module.css';

/** What machines do because of this version, each with the clause that says so. */
export function PolicyRules({ policy }: { policy: Policy }) {
  const lines = ruleLines(policy);
  return (
    <section>
      <h2>What machines enforce</h2>
      {lines.length === 0 ? (
        <p>Nothing: this version has no rules. Publish it with --rules to add some.</p>
      ) : (
        <ul className={styles['rules']}>
          {lines.map(({ key, sentence, clause }) => (
            <li key={key}>
              {sentence} <span className={styles['ruleClause']}>Clause {clause}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
