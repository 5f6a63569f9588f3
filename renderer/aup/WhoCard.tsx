import { Button } from '@mantine/core';
import { ArrowRight } from 'lucide-react';
import { useState } from 'react';
import type { Audience } from '../../src/contract/policy.ts';
import type { Problem } from '../../src/contract/problem.ts';
import { CalmPage } from '../ui/CalmPage.tsx';
import { AppearanceTools, Notice, uiWords } from '../ui/index.ts';
import type { Reader } from '../ui/reading/index.ts';
import { closedButton } from './closed-button.ts';
import { words } from './words.ts';

export interface WhoCardProps {
  school: string;
  /** Everybody that some policy here is for. */
  roles: readonly Audience[];
  /** Is something only for people who teach? */
  asksTeaching: boolean;
  /** What to start from: what they said last time, or a moment ago. */
  start: Reader | null;
  /** Answers with why the choice was refused; null when it holds. */
  onChosen: (reader: Reader) => Promise<Problem | null>;
}

/** "Who are you here as?": asked before a policy that says different things to different people. */
export function WhoCard({ school, roles, asksTeaching, start, onChosen }: WhoCardProps) {
  const only = roles.length === 1 ? roles[0] : undefined;
  const before = roles.find((one) => one === start?.audience);
  const [audience, setAudience] = useState<Audience | null>(only ?? before ?? null);
  const [teaching, setTeaching] = useState(start?.teaching ?? false);
  const [missing, setMissing] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  const go = async () => {
    if (audience === null) return setMissing(true);
    setBusy(true);
    setProblem(await onChosen({ audience, teaching: asksTeaching && teaching }));
    setBusy(false);
  };
  return (
    <CalmPage over={school} title={words.who.title} tools={<AppearanceTools />} focusTitle>
      <p>{words.who.lead}</p>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) void go();
        }}
      >
        {only === undefined && (
          <div className="choices" role="radiogroup" aria-label={words.who.title} aria-required>
            {roles.map((one) => (
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
        {problem !== null && (
          <div className="who-missing">
            <Notice tone="refusal" role="alert">
              {problem.detail}
            </Notice>
          </div>
        )}
        <div className="calm-actions">
          <Button type="submit" size="lg" {...closedButton(busy)} rightSection={<ArrowRight aria-hidden size={20} />}>
            {words.who.go}
          </Button>
        </div>
      </form>
    </CalmPage>
  );
}
