import { useState } from 'react';
import type { Reading } from '../../src/contract/acceptance.ts';
import type { GateView, SessionView } from '../../src/contract/session.ts';
import { policyAsksWhoYouAre } from '../../src/rules/policy-for-person.ts';
import { ask } from '../ui/bridge.ts';
import type { Reader } from '../ui/reading/index.ts';
import { Declined } from './Declined.tsx';
import type { FormDraft } from './form-draft.ts';
import { GateReading } from './GateReading.tsx';
import type { Submit } from './SignForm.tsx';
import { WhoCard } from './WhoCard.tsx';

export interface GateProps {
  gate: Extract<GateView, { phase: 'asking' }>;
  account: SessionView['account'];
  connected: boolean;
  /** This policy came while another version was being read. */
  replaced: boolean;
  draft: FormDraft;
  onDraft: (draft: FormDraft) => void;
  submit: Submit;
}

/** From who somebody is, through reading, to their answer. */
export function Gate({ gate, account, connected, replaced, draft, onDraft, submit }: GateProps) {
  const { policy, hash } = gate.policy;
  const asks = policyAsksWhoYouAre(policy);
  const only = policy.audiences[0];
  const [reader, setReader] = useState<Reader | null>(
    asks || only === undefined ? null : { audience: only, teaching: false },
  );
  const [choosing, setChoosing] = useState(asks);
  const [reading, setReading] = useState<Reading>(gate.reading);
  const [declinedHere, setDeclinedHere] = useState(gate.declined);

  if (declinedHere) return <Declined policy={policy} onReadAgain={() => setDeclinedHere(false)} />;
  if (choosing || reader === null) {
    return (
      <WhoCard
        policy={policy}
        start={reader ?? gate.previous}
        onChosen={(chosen) => {
          const changed =
            reader !== null && (reader.audience !== chosen.audience || reader.teaching !== chosen.teaching);
          // Other clauses are on the page now: the end has to be reached again.
          if (changed) setReading({ ...reading, depthPercent: 0, sectionsRead: [] });
          setReader(chosen);
          setChoosing(false);
        }}
      />
    );
  }
  return (
    <GateReading
      gate={gate}
      account={account}
      connected={connected}
      replaced={replaced}
      reader={reader}
      start={reading}
      draft={draft}
      onDraft={onDraft}
      submit={submit}
      {...(asks
        ? {
            onChangeReader: (latest: Reading) => {
              setReading(latest);
              setChoosing(true);
            },
          }
        : {})}
      decline={async (reason, latest) => {
        const outcome = await ask((shell) => shell.decline({ policyHash: hash, reason, reading: latest }));
        if (outcome.ok) {
          setReading(latest);
          setDeclinedHere(true);
        }
        return outcome;
      }}
    />
  );
}
