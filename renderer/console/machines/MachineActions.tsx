import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import type { MachineSummary } from '../../../src/contract/console.ts';
import { machinePaths } from '../../../src/contract/console-machines.ts';
import { address } from '../api/address.ts';
import { meQuery } from '../api/queries.ts';
import { Refusal } from '../parts/Refusal.tsx';
import { PanelPart } from '../parts/SidePanel.tsx';
import { TextLink } from '../parts/TextLink.tsx';
import { nothing, schoolsQuery, useSend } from './machine-queries.ts';
import form from '../parts/form.module.css';

type Deed = 'approve' | 'refuse' | 'revoke' | 'readmit' | 'rename' | 'move';

const deedsOf: Record<MachineSummary['standing'], readonly Deed[]> = {
  waiting: ['approve', 'refuse', 'rename', 'move'],
  approved: ['rename', 'move', 'revoke'],
  refused: ['readmit'],
  revoked: ['readmit'],
};

const deedWords: Record<Deed, string> = {
  approve: 'Approve',
  refuse: 'Refuse',
  revoke: 'Revoke',
  readmit: 'Let it in again',
  rename: 'Rename',
  move: 'Move to another school',
};

/** What can be done with a machine as it stands; what hurts asks for a reason first. */
export function MachineActions({ machine }: { machine: MachineSummary }) {
  const mayManage = useQuery(meQuery).data?.permissions.includes('machines.manage') ?? false;
  const schools = useQuery(schoolsQuery).data?.items ?? [];
  const [open, setOpen] = useState<Deed | null>(null);
  if (!mayManage) return null;
  const deeds = deedsOf[machine.standing].filter((deed) => deed !== 'move' || schools.length > 1);
  const close = () => {
    setOpen(null);
  };
  return (
    <PanelPart title="What you can do">
      {machine.replaces === null ? null : <ReplacementQuestion machine={machine} />}
      {open !== null && deeds.includes(open) ? (
        <DeedForm key={open} deed={open} machine={machine} schools={schools} onClose={close} />
      ) : (
        <div className={form['formFoot']}>
          {deeds.map((deed) => (
            <Button
              key={deed}
              variant={deed === 'approve' ? 'filled' : 'default'}
              size="sm"
              onClick={() => {
                setOpen(deed);
              }}
            >
              {deedWords[deed]}
            </Button>
          ))}
        </div>
      )}
    </PanelPart>
  );
}

const explained: Record<Exclude<Deed, 'rename'>, string> = {
  approve: 'The machine may send its records from now on, including what it recorded while it waited.',
  refuse: 'The machine is not let in. It is told so, keeps what it recorded, and sends nothing.',
  revoke:
    'The machine is told, stops sending and is trusted no longer. The policy it has stays in force there, and what it sent before stays in the record. Do this for a machine that was lost, stolen, copied or given away.',
  readmit: 'The machine waits for approval again. It asks every hour; restart it there to make it ask at once.',
  move: 'What it recorded stays with the school it was recorded under, because it is about people there. What it records from now on belongs to the new school.',
};

interface DeedFormProps {
  deed: Deed;
  machine: MachineSummary;
  schools: readonly { id: string; name: string }[];
  onClose: () => void;
}

function DeedForm({ deed, machine, schools, onClose }: DeedFormProps) {
  const send = useSend(nothing);
  const [reason, setReason] = useState('');
  const [name, setName] = useState(machine.name);
  const [schoolId, setSchoolId] = useState('');
  const others = schools.filter(({ id }) => id !== machine.schoolId);
  const body = (): unknown => {
    switch (deed) {
      case 'approve':
        return {};
      case 'rename':
        return { name: name.trim() === '' || name.trim() === machine.hostname ? null : name };
      case 'move':
        return { schoolId, reason };
      default:
        return { reason };
    }
  };
  return (
    <form
      className={form['form']}
      onSubmit={(event) => {
        event.preventDefault();
        const path = address(machinePaths[deed], { id: machine.deviceId });
        send.mutate({ path, body: body() }, { onSuccess: onClose });
      }}
    >
      {deed === 'rename' ? (
        <TextInput
          label="Name"
          description={`Shown beside its hostname, ${machine.hostname}. Leave it empty for the hostname alone.`}
          value={name}
          maxLength={100}
          onChange={(event) => {
            setName(event.currentTarget.value);
          }}
        />
      ) : (
        <p>{explained[deed]}</p>
      )}
      {deed === 'move' ? (
        <NativeSelect
          label="To which school"
          value={schoolId}
          required
          data={[
            { value: '', label: 'Choose …' },
            ...others.map(({ id, name: school }) => ({ value: id, label: school })),
          ]}
          onChange={(event) => {
            setSchoolId(event.currentTarget.value);
          }}
        />
      ) : null}
      {deed === 'approve' || deed === 'rename' ? null : (
        <Reason
          value={reason}
          onChange={setReason}
          hint={
            deed === 'move'
              ? 'Kept in the audit trail of both schools.'
              : 'Kept with the machine and in the audit trail.'
          }
        />
      )}
      <Refusal error={send.error} />
      <div className={form['formFoot']}>
        <Button
          type="submit"
          {...(deed === 'revoke' || deed === 'refuse' ? { color: 'red' } : {})}
          loading={send.isPending}
        >
          {deedWords[deed]}
        </Button>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

function Reason({ value, onChange, hint }: { value: string; onChange: (value: string) => void; hint: ReactNode }) {
  return (
    <TextInput
      label="Why"
      description={hint}
      value={value}
      maxLength={500}
      required
      onChange={(event) => {
        onChange(event.currentTarget.value);
      }}
    />
  );
}

/** Is it the same computer as the one that has its serial number? Only a person can say. */
function ReplacementQuestion({ machine }: { machine: MachineSummary }) {
  const send = useSend(nothing);
  const { replaces } = machine;
  if (replaces === null) return null;
  const answer = (sameComputer: boolean) => {
    send.mutate({ path: address(machinePaths.replacement, { id: machine.deviceId }), body: { sameComputer } });
  };
  return (
    <div className={form['form']}>
      <p>
        Replaces <TextLink href={address('/machines/:id', { id: replaces.deviceId })}>{replaces.name}</TextLink>? Both
        say the same serial number. If it is one computer that was set up again, the former key is revoked; both records
        stay.
      </p>
      <Refusal error={send.error} />
      <div className={form['formFoot']}>
        <Button
          size="sm"
          loading={send.isPending}
          onClick={() => {
            answer(true);
          }}
        >
          Yes, set up again
        </Button>
        <Button
          size="sm"
          variant="default"
          onClick={() => {
            answer(false);
          }}
        >
          No, two computers
        </Button>
      </div>
    </div>
  );
}
