import { createColumnHelper } from '@tanstack/react-table';
import { CircleCheck, History } from 'lucide-react';
import type { PolicySummary } from '../../../src/contract/console.ts';
import { Chip } from '../parts/Chip.tsx';
import type { features } from '../parts/DataTable.tsx';
import { type Column } from '../parts/DataTable.tsx';
import { Hash } from '../parts/Hash.tsx';
import { Moment } from '../parts/Moment.tsx';
import { ReviewDue } from './ReviewDue.tsx';

const helper = createColumnHelper<typeof features, PolicySummary>();

export function PolicyState({ current }: { current: boolean }) {
  return (
    <Chip icon={current ? CircleCheck : History} tone={current ? 'good' : 'plain'}>
      {current ? 'Current' : 'Superseded'}
    </Chip>
  );
}

export const policyColumns: Column<PolicySummary>[] = [
  helper.display({ id: 'title', header: 'Policy', cell: ({ row }) => row.original.title, meta: { card: 'link' } }),
  helper.display({
    id: 'version',
    header: 'Version',
    cell: ({ row }) => row.original.version,
    meta: { width: '90px', card: 'line', cardLabel: 'Version' },
  }),
  helper.display({
    id: 'state',
    header: 'State',
    cell: ({ row }) => <PolicyState current={row.original.current} />,
    meta: { width: '150px', card: 'corner' },
  }),
  helper.display({
    id: 'review',
    header: 'Review due',
    cell: ({ row }) => <ReviewDue version={row.original} />,
    meta: { width: '170px', card: 'line', cardLabel: 'Review due' },
  }),
  helper.display({
    id: 'publishedAt',
    header: 'Published',
    cell: ({ row }) => (
      <>
        <Moment at={row.original.publishedAt} />
        {row.original.life.publishedBy === null ? '' : ` by ${row.original.life.publishedBy}`}
      </>
    ),
    meta: { width: '210px', card: 'line', cardLabel: 'Published' },
  }),
  helper.display({
    id: 'acceptances',
    header: 'Acceptances',
    cell: ({ row }) => row.original.acceptances.toLocaleString('en-GB'),
    meta: { width: '120px', card: 'line', cardLabel: 'Acceptances:', align: 'end' },
  }),
  helper.display({
    id: 'hash',
    header: 'Hash',
    cell: ({ row }) => <Hash value={row.original.hash} what="the policy’s hash" />,
    meta: { width: '160px', card: 'line' },
  }),
];
