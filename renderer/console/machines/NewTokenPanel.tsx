import { Button, Checkbox, NativeSelect, NumberInput, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { machinePaths, madeToken, type MadeToken } from '../../../src/contract/console-machines.ts';
import { Refusal } from '../parts/Refusal.tsx';
import { CopyButton } from '../parts/CopyButton.tsx';
import { Moment } from '../parts/Moment.tsx';
import { SidePanel } from '../parts/SidePanel.tsx';
import { schoolsQuery, useSend } from './machine-queries.ts';
import { usesWords } from './TokenPanel.tsx';
import form from '../parts/form.module.css';
import styles from './machines.module.css';

const lifetimes = [
  { value: '1', label: '1 hour' },
  { value: '24', label: '1 day' },
  { value: '168', label: '1 week' },
  { value: '720', label: '30 days' },
  { value: '2160', label: '90 days' },
];

/** Makes a token and shows it, once. */
export function NewTokenPanel({ onClose }: { onClose: () => void }) {
  const send = useSend(madeToken);
  return (
    <SidePanel
      kind="Add machines"
      title={send.data === undefined ? 'A new token' : send.data.row.name}
      onClose={onClose}
    >
      {send.data === undefined ? (
        <TokenForm
          error={send.error}
          pending={send.isPending}
          onMake={(body) => {
            send.mutate({ path: machinePaths.tokens, body });
          }}
        />
      ) : (
        <Made made={send.data} />
      )}
    </SidePanel>
  );
}

function TokenForm({ error, pending, onMake }: { error: unknown; pending: boolean; onMake: (body: unknown) => void }) {
  const schools = useQuery(schoolsQuery).data?.items ?? [];
  const [name, setName] = useState('');
  const [school, setSchool] = useState('');
  const [hours, setHours] = useState('168');
  const [machines, setMachines] = useState<string | number>('');
  const [networks, setNetworks] = useState('');
  const [needsApproval, setNeedsApproval] = useState(true);
  const schoolId = school === '' ? schools[0]?.id : school;
  return (
    <form
      className={form['form']}
      onSubmit={(event) => {
        event.preventDefault();
        onMake({
          name,
          ...(schoolId === undefined ? {} : { schoolId }),
          hours: Number(hours),
          machines: machines === '' ? null : Number(machines),
          networks: networks.split(/[\s,]+/).filter((network) => network !== ''),
          needsApproval,
        });
      }}
    >
      <TextInput
        label="Name"
        description="What it is for, so that the list says something."
        placeholder="IT suite, summer 2026"
        value={name}
        maxLength={100}
        required
        onChange={(event) => {
          setName(event.currentTarget.value);
        }}
      />
      {schools.length < 2 ? null : (
        <NativeSelect
          label="School"
          value={schoolId ?? ''}
          data={schools.map(({ id, name: label }) => ({ value: id, label }))}
          onChange={(event) => {
            setSchool(event.currentTarget.value);
          }}
        />
      )}
      <NativeSelect
        label="Expires after"
        value={hours}
        data={lifetimes}
        onChange={(event) => {
          setHours(event.currentTarget.value);
        }}
      />
      <NumberInput
        label="For how many machines"
        description="Empty: any number until it expires. A machine that comes again does not count twice."
        value={machines}
        min={1}
        max={100_000}
        allowDecimal={false}
        onChange={setMachines}
      />
      <Textarea
        label="Only from these networks"
        description="One in each line, such as 10.20.0.0/16 or 2001:db8::/32. Empty: from anywhere."
        value={networks}
        autosize
        minRows={2}
        onChange={(event) => {
          setNetworks(event.currentTarget.value);
        }}
      />
      <Checkbox
        label="Its machines wait until somebody approves them"
        checked={needsApproval}
        onChange={(event) => {
          setNeedsApproval(event.currentTarget.checked);
        }}
      />
      <Refusal error={error} />
      <div className={form['formFoot']}>
        <Button type="submit" loading={pending}>
          Make the token
        </Button>
      </div>
    </form>
  );
}

function Made({ made }: { made: MadeToken }) {
  const { token, row, server } = made;
  const lines = [
    {
      title: 'Linux',
      text: `sudo env USHER_STATE=/var/lib/usher USHER_ENROLMENT_TOKEN=${token} node dist/service/main.js`,
    },
    {
      title: 'Windows (PowerShell, as administrator)',
      text: `$env:USHER_STATE = "$env:ProgramData\\Usher"; $env:USHER_ENROLMENT_TOKEN = '${token}'; node dist\\service\\main.js`,
    },
  ];
  return (
    <>
      <p>
        <strong>Copy it now.</strong> It is not kept and cannot be shown again. Whoever has it can add machines (
        {usesWords(row)}) until <Moment at={row.expiresAt} as="full" />.
      </p>
      <div className={styles['secret']}>
        <div className={styles['copyLine']}>
          <strong>The token</strong>
          <CopyButton text={token} what="the token" label="Copy" />
        </div>
        <code>{token}</code>
      </div>
      <h3>On each computer</h3>
      <p>
        Start the service once with the token, from the folder Usher is in. It finds this server ({server}) and knows
        its key from the token; afterwards the token is not needed there.
      </p>
      {lines.map(({ title, text }) => (
        <div key={title} className={styles['secret']}>
          <div className={styles['copyLine']}>
            <strong>{title}</strong>
            <CopyButton text={text} what={`the line for ${title}`} label="Copy" />
          </div>
          <code>{text}</code>
        </div>
      ))}
      {row.needsApproval ? (
        <p>The machines then wait under Machines until you approve them.</p>
      ) : (
        <p>The machines then appear under Machines by themselves.</p>
      )}
    </>
  );
}
