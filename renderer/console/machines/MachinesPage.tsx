import { Button, NativeSelect } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Monitor } from 'lucide-react';
import { useMemo } from 'react';
import { useLocation } from 'wouter';
import { approvedMany, machinePaths } from '../../../src/contract/console-machines.ts';
import { findingKind, standing } from '../../../src/contract/machine-standing.ts';
import { findingWords } from '../../../src/words/finding-words.ts';
import { address } from '../api/address.ts';
import { meQuery, policiesQuery } from '../api/queries.ts';
import { Refusal } from '../parts/Refusal.tsx';
import { usePageTitle } from '../frame/page-title.ts';
import { useAddressEntries } from '../parts/address-entry.ts';
import { DataTable } from '../parts/DataTable.tsx';
import { LoadMore } from '../parts/LoadMore.tsx';
import { Search } from '../parts/Search.tsx';
import { EmptyState, ErrorState, LoadingLines } from '../parts/States.tsx';
import { TextLink } from '../parts/TextLink.tsx';
import { Workspace } from '../parts/Workspace.tsx';
import { machineColumns } from './machine-columns.tsx';
import { countsQuery, machinesQuery, schoolsQuery, useSend, type MachineFilters } from './machine-queries.ts';
import { MachinePanel } from './MachinePanel.tsx';
import { MachineViews } from './MachineViews.tsx';
import { kindFrom, severalSchools, standingFrom, standingWords } from './standing-words.tsx';
import styles from './machines.module.css';

/** Machines by name, a page at a time, and how each is. */
export function MachinesPage({ openId }: { openId: string | null }) {
  usePageTitle('Machines');
  const [, navigate] = useLocation();
  const [entries] = useAddressEntries();
  const finding = entries.get('finding');
  const filters: MachineFilters = {
    search: entries.get('search'),
    school: entries.get('school'),
    standing: standingFrom(entries.get('standing')),
    finding: finding === 'any' ? 'any' : kindFrom(finding),
  };
  const isFiltered = Object.values(filters).some((value) => value !== null);
  const query = useInfiniteQuery(machinesQuery(filters));
  const policies = useQuery(policiesQuery).data?.items;
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const columns = useMemo(() => machineColumns(policies ?? [], severalSchools(rows)), [policies, rows]);
  const counts = useQuery(countsQuery(filters.school)).data;
  return (
    <Workspace
      title="Machines"
      lead="Every machine that is enrolled, where it stands, and what was found about it."
      toolbar={
        <>
          <MachineViews here="list" />
          <MachineFilterBar filters={filters} />
        </>
      }
      panel={
        openId === null
          ? null
          : {
              rowKey: openId,
              content: (
                <MachinePanel
                  key={openId}
                  id={openId}
                  policies={policies ?? []}
                  onClose={() => {
                    navigate(address('/machines', {}, { ...filters }));
                  }}
                />
              ),
            }
      }
    >
      {query.isPending ? (
        <LoadingLines label="machines" />
      ) : query.data === undefined ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : rows.length === 0 ? (
        <NoMachines filtered={isFiltered} />
      ) : (
        <>
          {filters.standing === 'waiting' ? (
            <ApproveShown ids={rows.filter((one) => one.standing === 'waiting').map(({ deviceId }) => deviceId)} />
          ) : null}
          <DataTable
            label="Machines"
            columns={columns}
            rows={rows}
            keyOf={(machine) => machine.deviceId}
            hrefOf={(machine) => address('/machines/:id', { id: machine.deviceId }, { ...filters })}
            openKey={openId}
            foot={
              <LoadMore
                allOf={rows.length === 1 ? 'That is all: 1 machine.' : `That is all: ${String(rows.length)} machines.`}
                hasMore={query.hasNextPage}
                loading={query.isFetchingNextPage}
                failed={query.isFetchNextPageError}
                onMore={() => void query.fetchNextPage()}
              />
            }
          />
          {query.hasNextPage && !isFiltered && counts !== undefined ? (
            <p className={styles['total']}>
              {rows.length} of {counts.total} machines are shown. Search or choose a filter to narrow the list.
            </p>
          ) : null}
        </>
      )}
    </Workspace>
  );
}

function MachineFilterBar({ filters }: { filters: MachineFilters }) {
  const [, change] = useAddressEntries();
  const schools = useQuery(schoolsQuery).data?.items ?? [];
  const counts = useQuery(countsQuery(filters.school)).data;
  const withCount = (word: string, count: number | undefined): string =>
    count === undefined || count === 0 ? word : `${word} (${String(count)})`;
  const orNone = (value: string): string | null => (value === '' ? null : value);
  return (
    <>
      <Search
        label="Search"
        placeholder="Name, serial or model"
        value={filters.search}
        onChange={(value) => {
          change({ search: value });
        }}
      />
      {schools.length < 2 ? null : (
        <NativeSelect
          label="School"
          w={190}
          value={filters.school ?? ''}
          onChange={(event) => {
            change({ school: orNone(event.currentTarget.value) });
          }}
          data={[{ value: '', label: 'Every school' }, ...schools.map(({ id, name }) => ({ value: id, label: name }))]}
        />
      )}
      <NativeSelect
        label="State"
        w={160}
        value={filters.standing ?? ''}
        onChange={(event) => {
          change({ standing: orNone(event.currentTarget.value) });
        }}
        data={[
          { value: '', label: 'Any' },
          ...standing.options.map((value) => ({
            value,
            label: withCount(standingWords[value], counts?.standings[value]),
          })),
        ]}
      />
      <NativeSelect
        label="Found"
        w={190}
        value={filters.finding ?? ''}
        onChange={(event) => {
          change({ finding: orNone(event.currentTarget.value) });
        }}
        data={[
          { value: '', label: 'Everything' },
          { value: 'any', label: withCount('Anything found', counts?.withFindings) },
          ...findingKind.options.map((value) => ({
            value,
            label: withCount(findingWords[value].word, counts?.findings[value]),
          })),
        ]}
      />
    </>
  );
}

/** Approves every machine of the list at once, after asking. */
function ApproveShown({ ids }: { ids: readonly string[] }) {
  const mayManage = useQuery(meQuery).data?.permissions.includes('machines.manage') ?? false;
  const send = useSend(approvedMany);
  const now = ids.slice(0, 200);
  if (!mayManage || now.length === 0) return null;
  return (
    <div className={styles['approveAll']}>
      <Button
        variant="default"
        loading={send.isPending}
        onClick={() => {
          send.mutate({ path: machinePaths.approveMany, body: { ids: now } });
        }}
      >
        {now.length === 1 ? 'Approve this machine' : `Approve these ${String(now.length)} machines`}
      </Button>
      <Refusal error={send.error} />
    </div>
  );
}

function NoMachines({ filtered }: { filtered: boolean }) {
  if (filtered) {
    return (
      <EmptyState icon={Monitor} title="No machine matches">
        <p>Search for less of the name, or choose another state.</p>
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={Monitor} title="No machine is enrolled yet">
      <p>
        Make a token under <TextLink href="/machines/add">Add machines</TextLink> and start Usher with it on each
        computer. <code>npm start</code> enrols the computer it runs on by itself.
      </p>
    </EmptyState>
  );
}
