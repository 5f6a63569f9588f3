import { useQuery } from '@tanstack/react-query';
import { Split } from 'lucide-react';
import type { MachineSummary, PolicySummary } from '../../../src/contract/console.ts';
import { address } from '../api/address.ts';
import { machineQuery } from '../api/queries.ts';
import { Fact, Facts } from '../parts/Facts.tsx';
import { Hash } from '../parts/Hash.tsx';
import { Moment } from '../parts/Moment.tsx';
import { PanelPart, SidePanel } from '../parts/SidePanel.tsx';
import { ErrorState, LoadingLines } from '../parts/States.tsx';
import { TextLink } from '../parts/TextLink.tsx';
import { MachineActions } from './MachineActions.tsx';
import { MachineCondition } from './MachineCondition.tsx';
import { MachineFindings } from './MachineFindings.tsx';
import { ClockState, PolicyOnMachine } from './machine-columns.tsx';
import { policyOn } from './machine-words.ts';
import { StandingChip } from './standing-words.tsx';
import styles from './machines.module.css';

export interface MachinePanelProps {
  id: string;
  policies: readonly PolicySummary[];
  onClose: () => void;
}

/** One machine: where it stands, what it is, how far its record goes, what is wrong with it, and what can be done. */
export function MachinePanel({ id, policies, onClose }: MachinePanelProps) {
  const query = useQuery(machineQuery(id));
  const machine = query.data;
  return (
    <SidePanel kind="Machine" title={machine?.name ?? 'Machine'} onClose={onClose}>
      {machine !== undefined ? (
        <MachineFacts machine={machine} policies={policies} />
      ) : query.isPending ? (
        <LoadingLines lines={6} label="this machine" />
      ) : (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      )}
    </SidePanel>
  );
}

function MachineFacts({ machine, policies }: { machine: MachineSummary; policies: readonly PolicySummary[] }) {
  const { hash } = policyOn(machine, policies);
  return (
    <>
      {machine.forks === 0 ? null : <ForkWarning forks={machine.forks} />}
      <MachineFindings id={machine.deviceId} />
      <Facts>
        <Fact label="State">
          <StandingChip standing={machine.standing} />
          <StandingWhy machine={machine} />
        </Fact>
        <Fact label="School">{machine.school}</Fact>
        {machine.name === machine.hostname ? null : <Fact label="Hostname">{machine.hostname}</Fact>}
        <Fact label="Last seen">{machine.lastSeenAt === null ? 'never' : <Moment at={machine.lastSeenAt} />}</Fact>
        <Fact label="Policy">
          <PolicyOnMachine machine={machine} policies={policies} />
          {hash === null ? null : (
            <>
              {' '}
              <TextLink href={address('/policies/:hash', { hash })}>the text</TextLink>
            </>
          )}
        </Fact>
        <Fact label="Clock">
          <ClockState offsetMs={machine.clockOffsetMs} />
        </Fact>
        <Fact label="System">{machine.operatingSystem}</Fact>
        <Fact label="Model">{machine.model ?? 'not known'}</Fact>
        <Fact label="Serial">{machine.serial ?? 'not known'}</Fact>
        <Fact label="Usher">{machine.agentVersion}</Fact>
        <Fact label="Enrolled">
          <Moment at={machine.enrolledAt} />
        </Fact>
      </Facts>
      <MachineActions machine={machine} />
      <MachineCondition id={machine.deviceId} />
      <PanelPart title="Its record">
        <Facts>
          <Fact label="Newest record">
            {machine.epoch === null || machine.head === null
              ? 'none received yet'
              : `${String(machine.epoch)}·${String(machine.head)}`}
          </Fact>
          <Fact label="Machine id">
            <Hash value={machine.deviceId} what="the machine id" />
          </Fact>
          <Fact label="Key fingerprint">
            <Hash value={machine.keyFingerprint} what="the key’s fingerprint" />
          </Fact>
        </Facts>
      </PanelPart>
      <p>
        <TextLink href={address('/events', {}, { machine: machine.deviceId })}>Events of this machine</TextLink>
      </p>
    </>
  );
}

/** Who decided, when and why. */
function StandingWhy({ machine }: { machine: MachineSummary }) {
  const { standingAt, standingBy, standingReason } = machine;
  if (standingAt === null || standingBy === null) return null;
  return (
    <p className={styles['detail']}>
      <Moment at={standingAt} /> by {standingBy}
      {standingReason === '' ? '' : `: ${standingReason}`}
    </p>
  );
}

function ForkWarning({ forks }: { forks: number }) {
  return (
    <div className={styles['fork']} role="note">
      <Split size={20} aria-hidden />
      <p>
        <strong>Two records with the same number.</strong> This machine sent{' '}
        {forks === 1 ? 'a record' : `${String(forks)} records`} that differs from what it had sent before. Both are
        kept. It happens when a disk is copied or restored from a backup, or when someone changed the record: find out
        which, then enrol the machine anew.
      </p>
    </div>
  );
}
