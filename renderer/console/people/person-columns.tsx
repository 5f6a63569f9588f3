import { createColumnHelper } from '@tanstack/react-table';
import type { PersonSummary } from '../../../src/contract/console.ts';
import type { features } from '../parts/DataTable.tsx';
import { type Column } from '../parts/DataTable.tsx';
import { Moment } from '../parts/Moment.tsx';
import { StatusChip } from './StatusChip.tsx';

const helper = createColumnHelper<typeof features, PersonSummary>();

export const personColumns: Column<PersonSummary>[] = [
  helper.display({
    id: 'name',
    header: 'Account',
    cell: ({ row }) => row.original.name,
    meta: { width: '17%', card: 'link' },
  }),
  helper.display({
    id: 'printedName',
    header: 'Printed name',
    cell: ({ row }) => row.original.printedName ?? <span aria-label="none yet">–</span>,
    meta: { card: 'line' },
  }),
  helper.display({
    id: 'status',
    header: 'Status',
    cell: ({ row }) => <StatusChip status={row.original.status} />,
    meta: { width: '154px', card: 'corner' },
  }),
  helper.display({
    id: 'version',
    header: 'Version',
    cell: ({ row }) => row.original.latest?.policyVersion ?? '–',
    meta: { width: '84px', card: 'hidden' },
  }),
  helper.display({
    id: 'acceptedAt',
    header: 'Accepted',
    cell: ({ row }) => (row.original.latest === null ? '–' : <Moment at={row.original.latest.at} />),
    meta: { width: '158px', card: 'hidden' },
  }),
  helper.display({
    id: 'machine',
    header: 'Machine',
    cell: ({ row }) => row.original.latest?.machine ?? '–',
    meta: { width: '15%', card: 'hidden' },
  }),
  helper.display({
    id: 'seen',
    header: 'Last seen',
    cell: ({ row }) => <Moment at={row.original.lastSeenAt} as="ago" />,
    meta: { width: '112px', card: 'line', cardLabel: 'Last seen' },
  }),
];
