import { NativeSelect } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { UsersRound } from 'lucide-react';
import { useMemo } from 'react';
import { useLocation } from 'wouter';
import { address } from '../api/address.ts';
import { peopleQuery } from '../api/queries.ts';
import { usePageTitle } from '../frame/page-title.ts';
import { useAddressEntries } from '../parts/address-entry.ts';
import { DataTable } from '../parts/DataTable.tsx';
import { LoadMore } from '../parts/LoadMore.tsx';
import { Search } from '../parts/Search.tsx';
import { EmptyState, ErrorState, LoadingLines } from '../parts/States.tsx';
import { Workspace } from '../parts/Workspace.tsx';
import { PeopleViews } from './PeopleViews.tsx';
import { PersonPanel } from './PersonPanel.tsx';
import { personColumns } from './person-columns.tsx';
import { statusFrom, statusOrder, statusWords } from './status-words.ts';

/** Everyone seen on an enrolled machine: who accepted what, when and where. */
export function PeoplePage({ openId }: { openId: string | null }) {
  usePageTitle('People');
  const [, navigate] = useLocation();
  const [entries, change] = useAddressEntries();
  const search = entries.get('search');
  const status = statusFrom(entries.get('status'));
  const filters = { search, status };
  const filtered = search !== null || status !== null;
  const query = useInfiniteQuery(peopleQuery(filters));
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const open = rows.find(({ id }) => id === openId);
  const hrefOf = (id: string) => address('/people/:id', { id }, filters);
  const toList = () => {
    navigate(address('/people', {}, filters));
  };
  return (
    <Workspace
      title="People"
      lead="Everyone who has signed in on an enrolled machine."
      toolbar={
        <PeopleViews view="people">
          <Search
            label="Search"
            placeholder="Account or printed name"
            value={search}
            onChange={(value) => {
              change({ search: value });
            }}
          />
          <NativeSelect
            label="Status"
            value={status ?? ''}
            onChange={(event) => {
              change({ status: event.currentTarget.value === '' ? null : event.currentTarget.value });
            }}
            data={[
              { value: '', label: 'Any' },
              ...statusOrder.map((value) => ({ value, label: statusWords[value].word })),
            ]}
          />
        </PeopleViews>
      }
      panel={
        openId === null
          ? null
          : {
              rowKey: openId,
              content: (
                <PersonPanel key={openId} id={openId} name={open?.printedName ?? open?.name ?? null} onClose={toList} />
              ),
            }
      }
    >
      {query.isPending ? (
        <LoadingLines label="people" />
      ) : query.data === undefined ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : rows.length === 0 ? (
        <NoPeople filtered={filtered} />
      ) : (
        <DataTable
          label="People"
          columns={personColumns}
          rows={rows}
          keyOf={(person) => person.id}
          hrefOf={(person) => hrefOf(person.id)}
          openKey={openId}
          foot={
            <LoadMore
              allOf={
                rows.length === 1 ? 'That is everyone: 1 person.' : `That is everyone: ${String(rows.length)} people.`
              }
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

function NoPeople({ filtered }: { filtered: boolean }) {
  if (filtered) {
    return (
      <EmptyState icon={UsersRound} title="Nobody matches">
        <p>Search for less of the name, or choose another status.</p>
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={UsersRound} title="Nobody has signed in yet">
      <p>People appear here by themselves once they sign in on a machine where Usher runs.</p>
    </EmptyState>
  );
}
