import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { createColumnHelper } from '@tanstack/react-table';
import { ShieldCheck } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import { machinePaths, type ChangeFinding, type FindingRow } from '../../../src/contract/console-machines.ts';
import { findingKind, findingState } from '../../../src/contract/machine-standing.ts';
import { findingWords } from '../../../src/words/finding-words.ts';
import { address } from '../api/address.ts';
import { meQuery } from '../api/queries.ts';
import { Refusal } from '../parts/Refusal.tsx';
import { usePageTitle } from '../frame/page-title.ts';
import { useAddressEntries } from '../parts/address-entry.ts';
import { DataTable, type Column, type features } from '../parts/DataTable.tsx';
import { Fact, Facts } from '../parts/Facts.tsx';
import { LoadMore } from '../parts/LoadMore.tsx';
import { Moment } from '../parts/Moment.tsx';
import { PanelPart, SidePanel } from '../parts/SidePanel.tsx';
import { EmptyState, ErrorState, LoadingLines } from '../parts/States.tsx';
import { TextLink } from '../parts/TextLink.tsx';
import { Workspace } from '../parts/Workspace.tsx';
import { findingsQuery, nothing, useSend, type FindingFilters } from './machine-queries.ts';
import { MachineViews } from './MachineViews.tsx';
import { FindingChip, kindFrom } from './standing-words.tsx';
import form from '../parts/form.module.css';

const stateWords = { open: 'Open', acknowledged: 'Somebody is on it', resolved: 'Resolved' } as const;

const helper = createColumnHelper<typeof features, FindingRow>();
const columns: Column<FindingRow>[] = [
  helper.display({
    id: 'machine',
    header: 'Machine',
    cell: ({ row }) => row.original.machine,
    meta: { width: '17%', card: 'link' },
  }),
  helper.display({
    id: 'kind',
    header: 'Found',
    cell: ({ row }) => <FindingChip kind={row.original.kind} />,
    meta: { width: '190px', card: 'line' },
  }),
  helper.display({
    id: 'detail',
    header: 'What was seen',
    cell: ({ row }) => row.original.detail,
    meta: { card: 'line' },
  }),
  helper.display({
    id: 'owner',
    header: 'Looked after by',
    cell: ({ row }) => row.original.owner ?? 'nobody',
    meta: { width: '150px', card: 'line', cardLabel: 'Looked after by:' },
  }),
  helper.display({
    id: 'at',
    header: 'Found',
    cell: ({ row }) => <Moment at={row.original.foundAt} as="ago" />,
    meta: { width: '112px', card: 'corner' },
  }),
];

/** What was found about machines, who looks after it, and what it turned out to be. */
export function FindingsPage({ openId }: { openId: string | null }) {
  usePageTitle('Findings about machines');
  const [, navigate] = useLocation();
  const [entries, change] = useAddressEntries();
  const filters: FindingFilters = {
    state: findingState.safeParse(entries.get('state')).data ?? null,
    kind: kindFrom(entries.get('kind')),
    school: entries.get('school'),
  };
  const query = useInfiniteQuery(findingsQuery(filters));
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const orNone = (value: string): string | null => (value === '' ? null : value);
  const toList = () => {
    navigate(address('/machines/findings', {}, { ...filters }));
  };
  return (
    <Workspace
      title="Machines"
      lead="Copies, machines that were set back, and machines that went silent: each with what to do about it."
      toolbar={
        <>
          <MachineViews here="findings" />
          <NativeSelect
            label="Kind"
            w={200}
            value={filters.kind ?? ''}
            onChange={(event) => {
              change({ kind: orNone(event.currentTarget.value) });
            }}
            data={[
              { value: '', label: 'Everything' },
              ...findingKind.options.map((value) => ({ value, label: findingWords[value].word })),
            ]}
          />
          <NativeSelect
            label="State"
            w={180}
            value={filters.state ?? ''}
            onChange={(event) => {
              change({ state: orNone(event.currentTarget.value) });
            }}
            data={[
              { value: '', label: 'Not resolved' },
              ...findingState.options.map((value) => ({ value, label: stateWords[value] })),
            ]}
          />
        </>
      }
      panel={
        openId === null
          ? null
          : {
              rowKey: openId,
              content: (
                <FindingPanel
                  key={openId}
                  finding={rows.find(({ id }) => id === openId)}
                  loading={query.isPending}
                  onClose={toList}
                />
              ),
            }
      }
    >
      {query.isPending ? (
        <LoadingLines label="findings" />
      ) : query.data === undefined ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : rows.length === 0 ? (
        <EmptyState icon={ShieldCheck} title="Nothing needs you here">
          <p>
            Copied and set-back machines appear here when they next exchange with the server, silent ones after the
            school days set under <TextLink href="/settings/school-hours">School hours</TextLink>.
          </p>
        </EmptyState>
      ) : (
        <DataTable
          label="Findings"
          columns={columns}
          rows={rows}
          keyOf={(finding) => finding.id}
          hrefOf={(finding) => address('/machines/findings/:id', { id: finding.id }, { ...filters })}
          openKey={openId}
          foot={
            <LoadMore
              allOf={rows.length === 1 ? 'That is all: 1 finding.' : `That is all: ${String(rows.length)} findings.`}
              hasMore={query.hasNextPage}
              loading={query.isFetchingNextPage}
              failed={query.isFetchNextPageError}
              onMore={() => void query.fetchNextPage()}
            />
          }
        />
      )}
    </Workspace>
  );
}

interface FindingPanelProps {
  finding: FindingRow | undefined;
  loading: boolean;
  onClose: () => void;
}

function FindingPanel({ finding, loading, onClose }: FindingPanelProps) {
  const mayManage = useQuery(meQuery).data?.permissions.includes('machines.manage') ?? false;
  return (
    <SidePanel
      kind="Found"
      title={finding === undefined ? 'Finding' : findingWords[finding.kind].word}
      onClose={onClose}
    >
      {finding === undefined ? (
        loading ? (
          <LoadingLines lines={6} label="this finding" />
        ) : (
          <p>It is not in this list any more: it was resolved, or another state is chosen above.</p>
        )
      ) : (
        <>
          <p>{finding.detail}</p>
          <PanelPart title="What to do">
            <p>{finding.whatToDo}</p>
          </PanelPart>
          <Facts>
            <Fact label="Machine">
              <TextLink href={address('/machines/:id', { id: finding.machineId })}>{finding.machine}</TextLink>
            </Fact>
            <Fact label="School">{finding.school}</Fact>
            <Fact label="First found">
              <Moment at={finding.foundAt} as="full" />
            </Fact>
            <Fact label="Last">
              <Moment at={finding.lastAt} as="full" />
              {finding.times === 1 ? '' : `, ${String(finding.times)} times`}
            </Fact>
            <Fact label="State">{stateWords[finding.state]}</Fact>
            <Fact label="Looked after by">{finding.owner ?? 'nobody'}</Fact>
            {finding.note === '' ? null : <Fact label="Note">{finding.note}</Fact>}
            {finding.changedAt === null ? null : (
              <Fact label="Changed">
                <Moment at={finding.changedAt} /> by {finding.changedBy}
              </Fact>
            )}
          </Facts>
          {mayManage && finding.state !== 'resolved' ? <ChangeForm finding={finding} /> : null}
        </>
      )}
    </SidePanel>
  );
}

function ChangeForm({ finding }: { finding: FindingRow }) {
  const send = useSend(nothing);
  const [note, setNote] = useState('');
  const change = (body: Partial<ChangeFinding> & Pick<ChangeFinding, 'state'>) => {
    send.mutate(
      { path: address(machinePaths.finding, { id: finding.id }), body: { ...body, note } },
      {
        onSuccess: () => {
          setNote('');
        },
      },
    );
  };
  return (
    <form
      className={form['form']}
      onSubmit={(event) => {
        event.preventDefault();
        change({ state: 'resolved' });
      }}
    >
      <TextInput
        label="Note"
        description="What it is, or what it turned out to be. Needed to resolve it."
        value={note}
        maxLength={1_000}
        onChange={(event) => {
          setNote(event.currentTarget.value);
        }}
      />
      <Refusal error={send.error} />
      <div className={form['formFoot']}>
        {finding.ownerIsYou ? (
          <Button
            variant="default"
            loading={send.isPending}
            onClick={() => {
              change({ state: 'open', owner: 'nobody' });
            }}
          >
            Hand it back
          </Button>
        ) : (
          <Button
            loading={send.isPending}
            onClick={() => {
              change({ state: 'acknowledged', owner: 'me' });
            }}
          >
            I look after it
          </Button>
        )}
        <Button type="submit" variant="default" loading={send.isPending}>
          Resolved
        </Button>
      </div>
    </form>
  );
}
