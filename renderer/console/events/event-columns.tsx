import { createColumnHelper } from '@tanstack/react-table';
import type { EventRow } from '../../../src/contract/console.ts';
import type { features } from '../parts/DataTable.tsx';
import { type Column } from '../parts/DataTable.tsx';
import { Moment } from '../parts/Moment.tsx';
import { eventWords } from './event-words.ts';
import styles from './events.module.css';

const helper = createColumnHelper<typeof features, EventRow>();

function EventType({ type }: { type: EventRow['type'] }) {
  const { word, icon: Icon, tone } = eventWords[type];
  return (
    <span className={styles['type']} data-tone={tone}>
      <Icon size={16} aria-hidden />
      {word}
    </span>
  );
}

export const eventColumns: Column<EventRow>[] = [
  helper.display({
    id: 'at',
    header: 'When',
    cell: ({ row }) => <Moment at={row.original.at} as="seconds" />,
    meta: { width: '172px', card: 'corner' },
  }),
  helper.display({
    id: 'type',
    header: 'What',
    cell: ({ row }) => <EventType type={row.original.type} />,
    meta: { width: '196px', card: 'link' },
  }),
  helper.display({
    id: 'summary',
    header: 'In a sentence',
    cell: ({ row }) => row.original.summary,
    meta: { card: 'line' },
  }),
  helper.display({
    id: 'person',
    header: 'Person',
    cell: ({ row }) => row.original.account?.name ?? '–',
    meta: { width: '13%', card: 'hidden' },
  }),
  helper.display({
    id: 'machine',
    header: 'Machine',
    cell: ({ row }) => row.original.machine,
    meta: { width: '12%', card: 'hidden' },
  }),
];
