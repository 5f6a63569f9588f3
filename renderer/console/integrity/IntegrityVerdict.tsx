import { Button } from '@mantine/core';
import { CircleCheck, CircleX, RotateCw, ShieldAlert, ShieldCheck, ShieldQuestionMark } from 'lucide-react';
import type { IntegrityState } from '../../../src/contract/console-integrity.ts';
import { Refusal } from '../parts/Refusal.tsx';
import { Fact, Facts } from '../parts/Facts.tsx';
import { Hash } from '../parts/Hash.tsx';
import { Moment } from '../parts/Moment.tsx';
import { TextLink } from '../parts/TextLink.tsx';
import { useCheckNow } from './integrity-queries.ts';
import form from '../parts/form.module.css';
import styles from './integrity.module.css';

/** The state in one sentence, what does not verify, and what was checked. */
export function IntegrityVerdict({ state }: { state: IntegrityState }) {
  const check = useCheckNow();
  const open = state.findings.filter(({ resolvedAt }) => resolvedAt === null);
  const settled = state.findings.filter(({ resolvedAt }) => resolvedAt !== null);
  const Icon = state.state === 'sound' ? ShieldCheck : state.state === 'unsound' ? ShieldAlert : ShieldQuestionMark;
  return (
    <>
      <section className={styles['verdict']} data-state={state.state} aria-label="State">
        <Icon size={32} aria-hidden />
        <div>
          <h2>
            <Sentence state={state} open={open.length} />
          </h2>
          <p>{explanation(state)}</p>
        </div>
        <Button
          variant="default"
          loading={check.isPending}
          leftSection={<RotateCw size={16} aria-hidden />}
          onClick={() => {
            check.mutate();
          }}
        >
          Check now
        </Button>
      </section>
      <Refusal error={check.error} />
      {open.length === 0 ? null : <Findings title="What does not verify" findings={open} />}
      <Facts>
        <Fact label="Machines">{state.machines.toLocaleString('en-GB')}</Fact>
        <Fact label="Records">{state.records.toLocaleString('en-GB')}</Fact>
        <Fact label="Arrived, not yet checked again">{state.uncheckedRecords.toLocaleString('en-GB')}</Fact>
        <Fact label="Last full check">
          {state.lastFullCheck === null ? (
            'None has ended yet'
          ) : (
            <>
              <Moment at={state.lastFullCheck.finishedAt} />
              {state.lastFullCheck.records === null
                ? null
                : `, ${state.lastFullCheck.records.toLocaleString('en-GB')} records`}
            </>
          )}
        </Fact>
        {state.underWay === null ? null : (
          <Fact label="Under way">
            {state.underWay.records.toLocaleString('en-GB')} of {state.underWay.ofRecords.toLocaleString('en-GB')}{' '}
            records
          </Fact>
        )}
        <Fact label="Forks">
          {state.forks === 0 ? 'None' : <TextLink href="/integrity/forks">{state.forks} to look at</TextLink>}
        </Fact>
        <Fact label="Refused batches">{state.rejectedBatches.toLocaleString('en-GB')}</Fact>
        <Fact label="Witness">
          <WitnessWords witness={state.witness} />
        </Fact>
        <Fact label="Fingerprint of the server's key">
          <Hash value={state.serverKeyFingerprint} what="the fingerprint of the server's key" shown={16} />
        </Fact>
      </Facts>
      {settled.length === 0 ? null : <Findings title="Settled" findings={settled} />}
    </>
  );
}

function Sentence({ state, open }: { state: IntegrityState; open: number }) {
  if (state.state === 'unsound') return open === 1 ? 'One thing does not verify' : `${open} things do not verify`;
  if (state.state === 'empty') return 'Nothing is held yet';
  if (state.soundAsOf === null) return 'The first full check is still under way';
  return (
    <>
      Everything the server holds is sound as of <Moment at={state.soundAsOf} />
    </>
  );
}

function explanation(state: IntegrityState): string {
  switch (state.state) {
    case 'sound':
      return 'Every record, signature, receipt and log entry was gone over, and all of it is as the machines sent it.';
    case 'unsound':
      return 'Do not rely on the records named here before you know why. Keep a copy of the database, then compare it with the last backup in which this was sound.';
    case 'checking':
      return 'What arrived is checked as it comes; nothing has failed so far.';
    case 'empty':
      return 'Enrol a machine: its records are checked as they arrive, and again and again from then on.';
  }
}

function WitnessWords({ witness }: { witness: IntegrityState['witness'] }) {
  if (witness === null)
    return <>None. Set USHER_WITNESS_URL and USHER_WITNESS_KEY to have somebody outside watch the log.</>;
  if (witness.refused) return <>{witness.name} refused to sign</>;
  if (witness.newestAt === null) return <>{witness.name} has not signed yet</>;
  return (
    <>
      {witness.name} signed the log of {witness.newestSize.toLocaleString('en-GB')} entries,{' '}
      <Moment at={witness.newestAt} as="ago" />
    </>
  );
}

function Findings({ title, findings }: { title: string; findings: IntegrityState['findings'] }) {
  return (
    <section>
      <h3>{title}</h3>
      <ul className={styles['findings']}>
        {findings.map(({ id, detail, foundAt, resolvedAt, deviceId }) => (
          <li key={id} data-open={resolvedAt === null ? 'yes' : undefined}>
            {resolvedAt === null ? <CircleX size={18} aria-hidden /> : <CircleCheck size={18} aria-hidden />}
            <div>
              <p>{detail}</p>
              <p className={form['soft']}>
                Found <Moment at={foundAt} />
                {resolvedAt === null ? null : (
                  <>
                    , sound again <Moment at={resolvedAt} />
                  </>
                )}
                {deviceId === null ? null : (
                  <>
                    {' · '}
                    <TextLink href={`/machines/${deviceId}`}>the machine</TextLink>
                  </>
                )}
              </p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
