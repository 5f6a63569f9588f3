import type { GateView } from '../../src/contract/session.ts';
import { dateOf, Notice, uiWords } from '../ui/index.ts';
import type { Reader } from '../ui/reading/index.ts';
import { words } from './words.ts';

export interface IntroProps {
  gate: Extract<GateView, { phase: 'asking' }>;
  minutes: number;
  reader: Reader;
  restored: boolean;
  replaced: boolean;
  recordedBefore: string | null;
  onChangeReader?: () => void;
}

/** What this is, what it wants and how long it takes. */
export function Intro({ gate, minutes, reader, restored, replaced, recordedBefore, onChangeReader }: IntroProps) {
  const { policy } = gate.policy;
  const who = [uiWords.audiences[reader.audience], ...(reader.teaching ? [words.intro.teaching] : [])].join(', ');
  return (
    <div className="policy-intro">
      <h1 id="policy-title" tabIndex={-1}>
        {policy.title}
      </h1>
      <p className="policy-lead">{words.intro.lead(minutes)}</p>
      <p className="policy-small">
        {reasonToAsk(gate)} {words.intro.kept}
      </p>
      {onChangeReader !== undefined && (
        <p className="policy-small">
          {words.intro.readingAs(who)}{' '}
          <button type="button" className="text-button" onClick={onChangeReader}>
            {words.intro.change}
          </button>
        </p>
      )}
      {recordedBefore !== null && (
        <Notice tone="good" title={words.intro.recordedBefore(recordedBefore)} role="status">
          {words.intro.next(gate.place.number, gate.place.of)}
        </Notice>
      )}
      {restored && <Notice tone="plain" title={words.intro.backThere} role="status" />}
      {replaced && (
        <Notice tone="plain" title={words.intro.replaced.title} role="status">
          {words.intro.replaced.text}
        </Notice>
      )}
    </div>
  );
}

function reasonToAsk({ why, previous }: IntroProps['gate']): string {
  if (why === 'first') return words.intro.first;
  if (why === 'changed') {
    return previous === null ? words.intro.changedFirst : words.intro.changed(dateOf(previous.acceptedAt));
  }
  return previous === null ? words.intro.renewalFirst : words.intro.renewal(dateOf(previous.acceptedAt));
}
