import { Split } from 'lucide-react';
import type { MachineSummary, PolicySummary } from '../../../src/contract/console.ts';
import { address } from '../api/address.ts';
import { Fact, Facts } from '../parts/Facts.tsx';
import { Hash } from '../parts/Hash.tsx';
import { Moment } from '../parts/Moment.tsx';
import { PanelPart, SidePanel } from '../parts/SidePanel.tsx';
import { LoadingLines } from '../parts/States.tsx';
import { TextLink } from '../parts/TextLink.tsx';
import { MachineCondition } from './MachineCondition.tsx';
import { ClockState, PolicyOnMachine } from './machine-columns.tsx';
import { policyOn } from './machine-words.ts';
import styles from './machines.module.css';

export interface MachinePanelProps {
  machine: MachineSummary | undefined;
  loading: boolean;
  policies: readonly PolicySummary[];
  onClose: () => void;
}

/** One machine: what it is, how far its record goes, and what is wrong with it. */
export function MachinePanel({ machine, loading, policies, onClose }: MachinePanelProps) {
  return (
    <SidePanel kind="Machine" title={machine?.hostname ?? 'Machine'} onClose={onClose}>
      {machine !== undefined ? (
        <MachineFacts machine={machine} policies={policies} />
      ) : loading ? (
        <LoadingLines lines={6} label="this machine" />
      ) : (
        <p>No machine with this id is enrolled here.</p>
      )}
    </SidePanel>
  );
}

function MachineFacts({ machine, policies }: { machine: MachineSummary; policies: readonly PolicySummary[] }) {
  const { hash } = policyOn(machine, policies);
  return (
    <>
      {machine.forks === 0 ? null : <ForkWarning forks={machine.forks} />}
      <Facts>
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
        <Fact label="Usher">{machine.agentVersion}</Fact>
        <Fact label="Enrolled">
          <Moment at={machine.enrolledAt} />
        </Fact>
      </Facts>
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
