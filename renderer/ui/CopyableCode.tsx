import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { uiWords } from './words.ts';
import './CopyableCode.css';

export interface CopyableCodeProps {
  /** Copied whole. */
  value: string;
  /** Shown instead of the whole value. */
  short?: string;
  /** What it is, for the button's name: "Copy the policy’s hash". */
  what: string;
}

/** A hash or code, shown short and copied whole. */
export function CopyableCode({ value, short, what }: CopyableCodeProps) {
  const [outcome, setOutcome] = useState<'none' | 'copied' | 'failed'>('none');
  const copy = () => {
    navigator.clipboard.writeText(value).then(
      () => setOutcome('copied'),
      () => setOutcome('failed'),
    );
  };
  return (
    <span className="copyable">
      <code title={value}>{outcome === 'failed' ? value : (short ?? value)}</code>
      <button type="button" className="copyable-button" onClick={copy}>
        {outcome === 'copied' ? <Check aria-hidden /> : <Copy aria-hidden />}
        <span className="visually-hidden">{uiWords.copy(what)}</span>
      </button>
      <span role="status" className="copyable-outcome">
        {outcome === 'copied' ? uiWords.copied : outcome === 'failed' ? uiWords.copyFailed : ''}
      </span>
    </span>
  );
}

/** The first twelve characters of a hash: enough to tell two apart by eye. */
export const shortHash = (hash: string): string => `${hash.slice(0, 12)}…`;
