import { createColumnHelper } from '@tanstack/react-table';
import type { AuditRow } from '../../../../src/contract/console-access.ts';
import type { Column, features } from '../../parts/DataTable.tsx';
import { Moment } from '../../parts/Moment.tsx';
import { actionWords } from './action-words.ts';

const helper = createColumnHelper<typeof features, AuditRow>();

export const auditColumns: Column<AuditRow>[] = [
  helper.display({
    id: 'at',
    header: 'When',
    cell: ({ row }) => <Moment at={row.original.body.at} as="seconds" />,
    meta: { width: '170px', card: 'line' },
  }),
  helper.display({
    id: 'who',
    header: 'Who',
    cell: ({ row }) => row.original.body.actor.name,
    meta: { width: '17%', card: 'line' },
  }),
  helper.display({
    id: 'sentence',
    header: 'In a sentence',
    cell: ({ row }) => row.original.sentence,
    meta: { card: 'link' },
  }),
  helper.display({
    id: 'action',
    header: 'What',
    cell: ({ row }) => actionWords(row.original.body.action),
    meta: { width: '20%', card: 'hidden' },
  }),
];
