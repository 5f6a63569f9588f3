import { useQuery } from '@tanstack/react-query';
import { createColumnHelper } from '@tanstack/react-table';
import { CircleAlert, CircleCheck, DoorOpen, PackageOpen } from 'lucide-react';
import { useLocation } from 'wouter';
import type { Leaver } from '../../../src/contract/console-standing.ts';
import { address } from '../api/address.ts';
import { usePageTitle } from '../frame/page-title.ts';
import { Chip } from '../parts/Chip.tsx';
import { counted } from '../parts/counted.ts';
import { DataTable, type Column, type features } from '../parts/DataTable.tsx';
import { Moment } from '../parts/Moment.tsx';
import { EmptyState, ErrorState, LoadingLines } from '../parts/States.tsx';
import { Workspace } from '../parts/Workspace.tsx';
import { LeaverPanel } from './LeaverPanel.tsx';
import { hrefOfPeopleView, PeopleViews } from './PeopleViews.tsx';
import { leaversQuery } from './standing-queries.ts';

const helper = createColumnHelper<typeof features, Leaver>();
const outstanding = ({ equipment }: Leaver): number => equipment.filter(({ returnedAt }) => returnedAt === null).length;

const columns: Column<Leaver>[] = [
  helper.display({
    id: 'name',
    header: 'Account',
    cell: ({ row }) => row.original.name,
    meta: { width: '18%', card: 'link' },
  }),
  helper.display({
    id: 'printedName',
    header: 'Printed name',
    cell: ({ row }) => row.original.printedName ?? <span aria-label="none">–</span>,
    meta: { card: 'line' },
  }),
  helper.display({
    id: 'left',
    header: 'Left',
    cell: ({ row }) => <Moment at={row.original.leftAt} />,
    meta: { width: '158px', card: 'line', cardLabel: 'Left' },
  }),
  helper.display({
    id: 'equipment',
    header: 'To return',
    cell: ({ row }) =>
      outstanding(row.original) === 0 ? (
        <Chip icon={CircleCheck} tone="good">
          Nothing
        </Chip>
      ) : (
        <Chip icon={PackageOpen} tone="warning">
          {counted(outstanding(row.original), 'thing', 'things')}
        </Chip>
      ),
    meta: { width: '154px', card: 'corner' },
  }),
  helper.display({
    id: 'seen',
    header: 'Account used since',
    cell: ({ row }) =>
      row.original.seenAfterLeavingAt === null ? (
        'no'
      ) : (
        <Chip icon={CircleAlert} tone="refusal">
          Yes
        </Chip>
      ),
    meta: { width: '170px', card: 'line', cardLabel: 'Account used since' },
  }),
];

const list = hrefOfPeopleView('leavers');

/** Who has left: what is still to come back, and whether their account was used since. */
export function LeaversPage({ openId }: { openId: string | null }) {
  usePageTitle('Leavers');
  const [, navigate] = useLocation();
  const query = useQuery(leaversQuery);
  return (
    <Workspace
      title="People"
      lead="Who has left, what they still have, and whether their account was used since."
      toolbar={<PeopleViews view="leavers" />}
      panel={
        openId === null
          ? null
          : {
              rowKey: openId,
              content: (
                <LeaverPanel
                  key={openId}
                  leaver={query.data?.items.find(({ personId }) => personId === openId)}
                  loading={query.isPending}
                  onClose={() => {
                    navigate(list);
                  }}
                />
              ),
            }
      }
    >
      {query.isPending ? (
        <LoadingLines label="leavers" />
      ) : query.data === undefined ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data.items.length === 0 ? (
        <EmptyState icon={DoorOpen} title="Nobody is marked as having left">
          <p>Open somebody under Everybody and press “Mark as having left” on their last day.</p>
        </EmptyState>
      ) : (
        <DataTable
          label="Leavers"
          columns={columns}
          rows={query.data.items}
          keyOf={({ personId }) => personId}
          hrefOf={({ personId }) => address(`${list}/:id`, { id: personId })}
          openKey={openId}
        />
      )}
    </Workspace>
  );
}
