import { createColumnHelper } from '@tanstack/react-table';
import type { OpeningRow } from '../../../src/contract/console-access.ts';
import { categoryWords, openingWords } from '../access/opening-words.ts';
import { Chip } from '../parts/Chip.tsx';
import type { Column, features } from '../parts/DataTable.tsx';
import { Moment } from '../parts/Moment.tsx';

const helper = createColumnHelper<typeof features, OpeningRow>();

export function OpeningChip({ state }: { state: OpeningRow['state'] }) {
  const { word, icon, tone } = openingWords[state];
  return (
    <Chip icon={icon} tone={tone}>
      {word}
    </Chip>
  );
}

export const openingColumns: Column<OpeningRow>[] = [
  helper.display({
    id: 'person',
    header: 'Whose record',
    cell: ({ row }) => row.original.personName,
    meta: { width: '18%', card: 'link' },
  }),
  helper.display({
    id: 'by',
    header: 'Asked by',
    cell: ({ row }) => row.original.askedBy.name,
    meta: { width: '18%', card: 'line', cardLabel: 'Asked by' },
  }),
  helper.display({
    id: 'about',
    header: 'About',
    cell: ({ row }) => categoryWords[row.original.category],
    meta: { card: 'line' },
  }),
  helper.display({
    id: 'state',
    header: 'State',
    cell: ({ row }) => <OpeningChip state={row.original.state} />,
    meta: { width: '116px', card: 'corner' },
  }),
  helper.display({
    id: 'at',
    header: 'When',
    cell: ({ row }) => <Moment at={row.original.askedAt} />,
    meta: { width: '150px', card: 'line' },
  }),
];
