import { Button } from '@mantine/core';
import { ArrowRight } from 'lucide-react';
import { useState } from 'react';
import { everySection, type Audience, type Policy } from '../../src/contract/policy.ts';
import { CalmPage } from '../ui/CalmPage.tsx';
import { AppearanceTools, Notice, uiWords } from '../ui/index.ts';
import type { Reader } from '../ui/reading/index.ts';
import { words } from './words.ts';

export interface WhoCardProps {
  policy: Policy;
  /** What to start from: what they said last time, or a moment ago. */
  start: Reader | null;
  onChosen: (reader: Reader) => void;
}

/** "Who are you here as?": asked before a policy that says different things to different people. */
export function WhoCard({ policy, start, onChosen }: WhoCardProps) {
  const only = policy.audiences.length === 1 ? policy.audiences[0] : undefined;
  const before = policy.audiences.find((one) => one === start?.audience);
  const [audience, setAudience] = useState<Audience | null>(only ?? before ?? null);
  const [teaching, setTeaching] = useState(start?.teaching ?? false);
  const [missing, setMissing] = useState(false);
  const asksTeaching = [...everySection(policy.sections)].some((section) =>
    section.clauses.some((clause) => clause.teachingOnly === true),
  );

  const go = () => {
    if (audience === null) setMissing(true);
    else onChosen({ audience, teaching: asksTeaching && teaching });
  };
  return (
    <CalmPage
      over={policy.schoolName ?? words.yourSchool}
      title={words.who.title}
      tools={<AppearanceTools />}
      focusTitle
    >
      <p>{words.who.lead}</p>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          go();
        }}
      >
        {only === undefined && (
          <div className="choices" role="radiogroup" aria-label={words.who.title} aria-required>
            {policy.audiences.map((one) => (
              <label key={one} className="choice">
                <input
                  type="radio"
                  name="audience"
                  value={one}
                  checked={audience === one}
                  onChange={() => {
                    setAudience(one);
                    setMissing(false);
                  }}
                />
                <strong>{uiWords.audiences[one]}</strong>
                <span className="choice-hint">{words.who.hints[one]}</span>
              </label>
            ))}
          </div>
        )}
        {asksTeaching && (
          <label className="choice choice-alone">
            <input type="checkbox" checked={teaching} onChange={(event) => setTeaching(event.currentTarget.checked)} />
            <strong>{words.who.teaching}</strong>
            <span className="choice-hint">{words.who.teachingHint}</span>
          </label>
        )}
        {missing && (
          <div className="who-missing">
            <Notice tone="refusal" title={words.who.choose} role="alert" />
          </div>
        )}
        <div className="calm-actions">
          <Button type="submit" size="lg" rightSection={<ArrowRight aria-hidden size={20} />}>
            {words.who.go}
          </Button>
        </div>
      </form>
    </CalmPage>
  );
}
