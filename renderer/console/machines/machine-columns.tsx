import { createColumnHelper } from '@tanstack/react-table';
import { CircleCheck, ClockAlert, History, Split } from 'lucide-react';
import type { MachineSummary, PolicySummary } from '../../../src/contract/console.ts';
import { Chip } from '../parts/Chip.tsx';
import type { features } from '../parts/DataTable.tsx';
import { type Column } from '../parts/DataTable.tsx';
import { Moment } from '../parts/Moment.tsx';
import { clockWords, forkWords, policyOn } from './machine-words.ts';

const helper = createColumnHelper<typeof features, MachineSummary>();

export function ClockState({ offsetMs }: { offsetMs: number | null }) {
  const { words, off } = clockWords(offsetMs);
  if (!off) return words;
  return (
    <Chip icon={ClockAlert} tone="warning">
      {words}
    </Chip>
  );
}

export function PolicyOnMachine({
  machine,
  policies,
}: {
  machine: MachineSummary;
  policies: readonly PolicySummary[];
}) {
  const { words, current } = policyOn(machine, policies);
  if (current === null) return words;
  return (
    <Chip icon={current ? CircleCheck : History} tone={current ? 'good' : 'warning'}>
      {words}
    </Chip>
  );
}

export function Forks({ forks }: { forks: number }) {
  if (forks === 0) return 'none';
  return (
    <Chip icon={Split} tone="refusal">
      {forkWords(forks)}
    </Chip>
  );
}

export function machineColumns(policies: readonly PolicySummary[]): Column<MachineSummary>[] {
  return [
    helper.display({
      id: 'hostname',
      header: 'Machine',
      cell: ({ row }) => row.original.hostname,
      meta: { width: '17%', card: 'link' },
    }),
    helper.display({
      id: 'system',
      header: 'System',
      cell: ({ row }) => row.original.operatingSystem,
      meta: { card: 'line' },
    }),
    helper.display({
      id: 'seen',
      header: 'Last seen',
      cell: ({ row }) =>
        row.original.lastSeenAt === null ? 'never' : <Moment at={row.original.lastSeenAt} as="ago" />,
      meta: { width: '112px', card: 'corner' },
    }),
    helper.display({
      id: 'clock',
      header: 'Clock',
      cell: ({ row }) => <ClockState offsetMs={row.original.clockOffsetMs} />,
      meta: { width: '160px', card: 'line', cardLabel: 'Clock:' },
    }),
    helper.display({
      id: 'policy',
      header: 'Policy',
      cell: ({ row }) => <PolicyOnMachine machine={row.original} policies={policies} />,
      meta: { width: '168px', card: 'line' },
    }),
    helper.display({
      id: 'head',
      header: 'Records',
      cell: ({ row }) => (row.original.head === null ? '–' : row.original.head.toLocaleString('en-GB')),
      meta: { width: '90px', card: 'hidden', align: 'end' },
    }),
    helper.display({
      id: 'forks',
      header: 'Forks',
      cell: ({ row }) => <Forks forks={row.original.forks} />,
      meta: { width: '104px', card: 'line', cardLabel: 'Forks:' },
    }),
  ];
}
