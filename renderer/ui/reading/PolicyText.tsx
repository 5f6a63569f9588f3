import type { Ref } from 'react';
import type { Clause, Section } from '../../../src/contract/policy.ts';
import { RichText } from '../RichText.tsx';
import { readingWords, uiWords } from '../words.ts';
import type { Search } from './use-search.ts';

export interface PolicyTextProps {
  sections: readonly Section[];
  /** BCP 47 tag of the policy's language. */
  language: string;
  search: Search;
  /** Id of the clause being read aloud. */
  speaking: string | null;
  /** Say beside a clause whom it is for: where the whole policy is shown to no reader in particular. */
  withAudiences: boolean;
  ref?: Ref<HTMLElement>;
}

/** The address of a section or clause within the page. */
export const placeOf = (id: string): string => `at-${id}`;

/** The words of a policy in one reading column, with clause numbers hanging outside the text. */
export function PolicyText({ sections, language, ref, ...shown }: PolicyTextProps) {
  return (
    <article className="policy-text" lang={language} ref={ref}>
      {sections.map((section) => (
        <SectionText key={section.id} section={section} level={2} {...shown} />
      ))}
    </article>
  );
}

type Shown = Pick<PolicyTextProps, 'search' | 'speaking' | 'withAudiences'>;

function SectionText({ section, level, ...shown }: { section: Section; level: number } & Shown) {
  const { search } = shown;
  const Heading = level === 2 ? 'h2' : level === 3 ? 'h3' : 'h4';
  return (
    <section
      className="policy-section"
      data-level={level}
      data-section={section.id}
      aria-labelledby={placeOf(section.id)}
    >
      <Heading className="policy-heading hanging" id={placeOf(section.id)} tabIndex={-1}>
        {section.number !== undefined && <span className="hanging-number">{section.number}</span>}
        <span className="hanging-text">
          <RichText
            text={section.title}
            query={search.query}
            firstMatch={search.firstMatchIn(section.id)}
            currentMatch={search.current}
          />
        </span>
      </Heading>
      {section.clauses.map((clause) => (
        <ClauseText key={clause.id} clause={clause} {...shown} />
      ))}
      <div className="policy-section-end" data-section-end={section.id} />
      {(section.sections ?? []).map((inner) => (
        <SectionText key={inner.id} section={inner} level={level + 1} {...shown} />
      ))}
    </section>
  );
}

function ClauseText({ clause, search, speaking, withAudiences }: { clause: Clause } & Shown) {
  const only = withAudiences ? audienceWords(clause) : null;
  return (
    <div
      className="policy-clause hanging"
      id={placeOf(clause.id)}
      data-speaking={speaking === clause.id ? true : undefined}
    >
      {clause.number !== undefined && <span className="hanging-number">{clause.number}</span>}
      <p className="hanging-text">
        <RichText
          text={clause.text}
          query={search.query}
          firstMatch={search.firstMatchIn(clause.id)}
          currentMatch={search.current}
        />
        {only !== null && <span className="policy-only">{only}</span>}
      </p>
    </div>
  );
}

function audienceWords(clause: Clause): string | null {
  const people = clause.audience?.map((one) => uiWords.audiences[one].toLowerCase()).join(', ');
  const parts = [
    ...(people === undefined ? [] : [readingWords.onlyFor(people)]),
    ...(clause.teachingOnly === true ? [readingWords.onlyTeaching] : []),
  ];
  return parts.length === 0 ? null : parts.join(' · ');
}
