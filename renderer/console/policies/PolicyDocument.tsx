import type { Clause, Policy, Section, Variable } from '../../../src/contract/policy.ts';
import { RichText, uiWords } from '../../ui/index.ts';
import { variableRuns } from './variable-runs.ts';
import styles from './policies.module.css';

/** The whole document as published, for everybody: nothing filled in, nothing left out. */
export function PolicyDocument({ policy }: { policy: Policy }) {
  return (
    <article className={styles['document']} lang={policy.language} aria-label="Text of the policy">
      {policy.sections.map((section) => (
        <SectionText key={section.id} section={section} level={2} variables={policy.variables} />
      ))}
    </article>
  );
}

function SectionText({ section, level, variables }: { section: Section; level: 2 | 3 | 4; variables: Variable[] }) {
  const Heading = level === 2 ? 'h2' : level === 3 ? 'h3' : 'h4';
  return (
    <section className={styles['section']}>
      <Heading id={`at-${section.id}`}>
        {section.number === undefined ? null : <span className={styles['number']}>{section.number}</span>}
        {section.title}
      </Heading>
      {section.clauses.map((clause) => (
        <ClauseText key={clause.id} clause={clause} variables={variables} />
      ))}
      {(section.sections ?? []).map((inner) => (
        <SectionText key={inner.id} section={inner} level={level === 2 ? 3 : 4} variables={variables} />
      ))}
    </section>
  );
}

function onlyFor(clause: Clause): string | null {
  const people = [
    ...(clause.audience ?? []).map((one) => uiWords.audiences[one].toLowerCase()),
    ...(clause.teachingOnly === true ? ['teaching roles'] : []),
  ];
  return people.length === 0 ? null : `Only for ${people.join(', ')}`;
}

function ClauseText({ clause, variables }: { clause: Clause; variables: Variable[] }) {
  const audience = onlyFor(clause);
  return (
    <div className={styles['clause']} id={`at-${clause.id}`}>
      {clause.number === undefined ? null : <span className={styles['number']}>{clause.number}</span>}
      <p>
        {variableRuns(clause.text, variables).map((run, place) =>
          run.variable === null ? (
            <RichText key={place} text={run.text} />
          ) : (
            <span key={place} className={styles['variable']} title={run.variable.label}>
              {run.text}
            </span>
          ),
        )}
        {audience === null ? null : <span className={styles['audience']}>{audience}</span>}
      </p>
    </div>
  );
}
