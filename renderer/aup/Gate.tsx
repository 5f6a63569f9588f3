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
import { words } from './words.ts';

export interface GateProps {
  gate: Extract<GateView, { phase: 'asking' }>;
  account: SessionView['account'];
  connected: boolean;
  /** This policy came while another version was being read. */
  replaced: boolean;
  /** Title of the policy that was accepted just before this one came up; null where this is the first. */
  recordedBefore: string | null;
  draft: FormDraft;
  onDraft: (draft: FormDraft) => void;
  submit: Submit;
}

/** From who somebody is, through reading, to their answer. */
export function Gate(props: GateProps) {
  const { gate } = props;
  const { policy, hash } = gate.policy;
  const asks = policyAsksWhoYouAre(policy) || gate.roles.length > 1;
  const only = policy.audiences[0];
  const said = gate.role !== null && policy.audiences.includes(gate.role.audience) ? gate.role : null;
  const [reader, setReader] = useState<Reader | null>(
    asks || only === undefined ? said : { audience: only, teaching: false },
  );
  const [choosing, setChoosing] = useState(asks && said === null);
  const [reading, setReading] = useState<Reading>(gate.reading);
  const [declinedHere, setDeclinedHere] = useState(gate.declined);

  if (declinedHere) return <Declined policy={policy} onReadAgain={() => setDeclinedHere(false)} />;
  if (choosing || reader === null) {
    return (
      <WhoCard
        school={policy.schoolName ?? words.yourSchool}
        roles={gate.roles}
        asksTeaching={gate.teachingMatters}
        start={reader ?? gate.role ?? gate.previous}
        onChosen={async (chosen) => {
          const outcome = await ask((shell) => shell.chooseRole(chosen));
          if (!outcome.ok) return outcome.problem;
          // Another policy is for this role: it comes up by itself.
          if (!policy.audiences.includes(chosen.audience)) return null;
          const changed =
            reader !== null && (reader.audience !== chosen.audience || reader.teaching !== chosen.teaching);
          // Other clauses are on the page now: the end has to be reached again.
          if (changed) setReading({ ...reading, depthPercent: 0, sectionsRead: [] });
          setReader(chosen);
          setChoosing(false);
          return null;
        }}
      />
    );
  }
  return (
    <GateReading
      {...props}
      reader={reader}
      start={reading}
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
          // Where the policy says what follows, that comes up by itself.
          setDeclinedHere(policy.decline === undefined);
        }
        return outcome;
      }}
    />
  );
}
