import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Scale } from 'lucide-react';
import { useState } from 'react';
import { z } from 'zod';
import {
  created,
  holdKind,
  privacyPaths,
  type HoldRow,
  type PlaceHold,
} from '../../../../src/contract/console-privacy.ts';
import { Notice } from '../../../ui/index.ts';
import { address } from '../../api/address.ts';
import { Refusal } from '../../parts/Refusal.tsx';
import { DataTable, type Column } from '../../parts/DataTable.tsx';
import { MachineSelect } from '../../machines/MachineSelect.tsx';
import { Fact, Facts } from '../../parts/Facts.tsx';
import { dateWords } from '../../parts/moment.ts';
import { Moment } from '../../parts/Moment.tsx';
import { SidePanel } from '../../parts/SidePanel.tsx';
import { EmptyState, ErrorState, LoadingLines } from '../../parts/States.tsx';
import { PersonChoice } from './PersonChoice.tsx';
import { holdsQuery, retentionQuery, usePost } from './privacy-queries.ts';
import form from '../../parts/form.module.css';

/** The panel's place among the holds' addresses. */
export const newHoldKey = 'new';

const kindWords = { person: 'A person', machine: 'A machine', school: 'A school' } as const;
const stateWords = ({ endedAt, reviewOn }: HoldRow): string =>
  endedAt !== null ? 'Ended' : reviewOn < new Date().toISOString().slice(0, 10) ? 'To be looked at again' : 'On hold';

const columns: Column<HoldRow>[] = [
  { id: 'what', header: 'What', cell: ({ row }) => row.original.what, meta: { card: 'link', width: '24%' } },
  { id: 'reason', header: 'Why', cell: ({ row }) => row.original.reason, meta: { card: 'line' } },
  {
    id: 'owner',
    header: 'Answers for it',
    cell: ({ row }) => row.original.owner,
    meta: { card: 'line', width: '20%' },
  },
  {
    id: 'review',
    header: 'Look again on',
    cell: ({ row }) => dateWords(row.original.reviewOn),
    meta: { card: 'line', cardLabel: 'Look again on', width: '16%' },
  },
  { id: 'state', header: 'State', cell: ({ row }) => stateWords(row.original), meta: { card: 'corner', width: '18%' } },
];

export function HoldsPart({ open }: { open: string | null }) {
  const query = useQuery(holdsQuery);
  if (query.isPending) return <LoadingLines label="legal holds" />;
  if (query.data === undefined) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data.items.length === 0) {
    return (
      <EmptyState icon={Scale} title="Nothing is on hold">
        <p>Where a claim, a grievance or an investigation is open, a hold keeps its records from being removed.</p>
      </EmptyState>
    );
  }
  return (
    <DataTable
      label="Legal holds"
      columns={columns}
      rows={query.data.items}
      keyOf={({ id }) => id}
      hrefOf={({ id }) => `/settings/privacy/holds:${id}`}
      openKey={open}
    />
  );
}

export function HoldPanel({ id, mayManage, onClose }: { id: string; mayManage: boolean; onClose: () => void }) {
  const query = useQuery(holdsQuery);
  if (id === newHoldKey) {
    return (
      <SidePanel kind="Legal hold" title="Place a legal hold" onClose={onClose}>
        {mayManage ? <NewHold /> : <p>Your role does not allow this.</p>}
      </SidePanel>
    );
  }
  const hold = query.data?.items.find((one) => one.id === id);
  return (
    <SidePanel kind="Legal hold" title={hold?.what ?? 'Not here'} onClose={onClose}>
      {hold === undefined ? (
        query.isPending ? (
          <LoadingLines lines={6} label="this hold" />
        ) : (
          <p>There is no hold with this id.</p>
        )
      ) : (
        <>
          <Facts>
            <Fact label="State">{stateWords(hold)}</Fact>
            <Fact label="On">{kindWords[hold.kind]}</Fact>
            <Fact label="School">{hold.school}</Fact>
            {hold.from === null ? null : (
              <Fact label="From">
                <Moment at={hold.from} as="full" />
              </Fact>
            )}
            {hold.to === null ? null : (
              <Fact label="To">
                <Moment at={hold.to} as="full" />
              </Fact>
            )}
            <Fact label="Why">{hold.reason}</Fact>
            <Fact label="Answers for it">{hold.owner}</Fact>
            <Fact label="Look again on">{dateWords(hold.reviewOn)}</Fact>
            <Fact label="Placed">
              <Moment at={hold.createdAt} as="full" /> by {hold.createdBy}
            </Fact>
            {hold.endedAt === null ? null : (
              <Fact label="Ended">
                <Moment at={hold.endedAt} as="full" /> by {hold.endedBy}: {hold.endReason}
              </Fact>
            )}
          </Facts>
          {hold.endedAt === null && mayManage ? <EndHold id={hold.id} /> : null}
        </>
      )}
    </SidePanel>
  );
}

function EndHold({ id }: { id: string }) {
  const [reason, setReason] = useState('');
  const post = usePost<{ reason: string }, z.ZodType>(address(privacyPaths.endHold, { id }), z.object({}));
  return (
    <form
      className={form['form']}
      onSubmit={(event) => {
        event.preventDefault();
        post.mutate({ reason: reason.trim() });
      }}
    >
      <TextInput
        label="Why it may end"
        value={reason}
        minLength={5}
        maxLength={500}
        required
        onChange={(event) => {
          setReason(event.currentTarget.value);
        }}
      />
      <Refusal error={post.error} />
      <div className={form['formFoot']}>
        <Button type="submit" variant="default" loading={post.isPending}>
          End the hold
        </Button>
      </div>
      <p className={form['soft']}>What is due then goes with the next removal.</p>
    </form>
  );
}

const startOf = (date: string) => (date === '' ? null : new Date(`${date}T00:00:00`).toISOString());
const endOf = (date: string) => (date === '' ? null : new Date(`${date}T23:59:59.999`).toISOString());

function NewHold() {
  const schools = useQuery(retentionQuery).data?.schools ?? [];
  const [kind, setKind] = useState<HoldRow['kind']>('person');
  const [target, setTarget] = useState('');
  const [words, setWords] = useState({ reason: '', owner: '', reviewOn: '', from: '', to: '' });
  const post = usePost<PlaceHold, typeof created>(privacyPaths.holds, created);
  const field = (name: keyof typeof words, label: string, type: 'text' | 'date', required: boolean) => (
    <TextInput
      label={label}
      type={type}
      value={words[name]}
      required={required}
      {...(type === 'text' ? { maxLength: name === 'owner' ? 200 : 500 } : {})}
      onChange={(event) => {
        const { value } = event.currentTarget;
        setWords((before) => ({ ...before, [name]: value }));
      }}
    />
  );
  const terms = {
    reason: words.reason.trim(),
    owner: words.owner.trim(),
    reviewOn: words.reviewOn,
    from: startOf(words.from),
    to: endOf(words.to),
  };
  if (post.isSuccess) {
    return (
      <Notice tone="good" role="status">
        The hold is in force. Nothing it covers is removed until somebody ends it.
      </Notice>
    );
  }
  return (
    <form
      className={form['form']}
      onSubmit={(event) => {
        event.preventDefault();
        post.mutate(
          kind === 'person'
            ? { kind, personId: target, ...terms }
            : kind === 'machine'
              ? { kind, deviceId: target, ...terms }
              : { kind, schoolId: target, ...terms },
        );
      }}
    >
      <NativeSelect
        label="On"
        value={kind}
        data={holdKind.options.map((value) => ({ value, label: kindWords[value] }))}
        onChange={(event) => {
          setKind(holdKind.options.find((one) => one === event.currentTarget.value) ?? 'person');
          setTarget('');
        }}
      />
      {kind === 'person' ? (
        <PersonChoice value={target} onChange={setTarget} />
      ) : kind === 'machine' ? (
        <MachineSelect
          id={target === '' ? null : target}
          placeholder="Choose …"
          required
          onChange={(id) => {
            setTarget(id ?? '');
          }}
        />
      ) : (
        <NativeSelect
          label="School"
          value={target}
          required
          data={[{ value: '', label: 'Choose …' }, ...schools.map(({ id, name }) => ({ value: id, label: name }))]}
          onChange={(event) => {
            setTarget(event.currentTarget.value);
          }}
        />
      )}
      {field('reason', 'Why', 'text', true)}
      {field('owner', 'Who answers for it', 'text', true)}
      {field('reviewOn', 'Look at it again on', 'date', true)}
      {field('from', 'Only from (empty: from the beginning)', 'date', false)}
      {field('to', 'Only until (empty: without end)', 'date', false)}
      <Refusal error={post.error} />
      <div className={form['formFoot']}>
        <Button type="submit" loading={post.isPending} disabled={target === ''}>
          Place the hold
        </Button>
      </div>
    </form>
  );
}
