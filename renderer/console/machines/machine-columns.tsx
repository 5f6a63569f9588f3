import { createColumnHelper } from '@tanstack/react-table';
import { CircleAlert, CircleCheck, ClockAlert, History, Lock, TriangleAlert } from 'lucide-react';
import type { MachineSummary, PolicySummary } from '../../../src/contract/console.ts';
import { Chip } from '../parts/Chip.tsx';
import type { features } from '../parts/DataTable.tsx';
import { type Column } from '../parts/DataTable.tsx';
import { Moment } from '../parts/Moment.tsx';
import { StandingChip } from './standing-words.tsx';
import { clockWords, policyOn, wrongWith } from './machine-words.ts';
import styles from './machines.module.css';

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

/** What is wrong with a machine, one chip for each; in a list the first two and how many more. */
export function WrongWith({ machine, most = Infinity }: { machine: MachineSummary; most?: number }) {
  const wrong = wrongWith(machine);
  if (wrong.length === 0) return 'nothing';
  return (
    <span className={styles['chips']}>
      {wrong.slice(0, most).map(({ key, words, grave }) => (
        <Chip key={key} icon={grave ? CircleAlert : TriangleAlert} tone={grave ? 'refusal' : 'warning'}>
          {words}
        </Chip>
      ))}
      {wrong.length > most ? `and ${String(wrong.length - most)} more` : null}
    </span>
  );
}

/** Who is signed in, with a lock beside those whose screen is locked. */
export function SignedIn({ machine }: { machine: MachineSummary }) {
  if (machine.sessions.length === 0) return 'nobody';
  return (
    <span className={styles['signedIn']}>
      {machine.sessions.map(({ accountName, since, lockedSince }) => (
        <span key={`${accountName} ${since}`}>
          {accountName}
          {lockedSince === null ? null : <Lock size={14} role="img" aria-label="locked" />}
        </span>
      ))}
    </span>
  );
}

/** Its name, and under it what else tells it from others. */
function MachineName({ machine, withSchool }: { machine: MachineSummary; withSchool: boolean }) {
  const { name, hostname, school } = machine;
  const more = [...(name === hostname ? [] : [hostname]), ...(withSchool ? [school] : [])];
  return (
    <span className={styles['name']}>
      {name}
      {more.length === 0 ? null : <span className={styles['more']}>{more.join(' · ')}</span>}
    </span>
  );
}

export function machineColumns(policies: readonly PolicySummary[], withSchool: boolean): Column<MachineSummary>[] {
  return [
    helper.display({
      id: 'hostname',
      header: 'Machine',
      cell: ({ row }) => <MachineName machine={row.original} withSchool={withSchool} />,
      meta: { card: 'link' },
    }),
    helper.display({
      id: 'standing',
      header: 'State',
      cell: ({ row }) => <StandingChip standing={row.original.standing} />,
      meta: { width: '108px', card: 'line' },
    }),
    helper.display({
      id: 'signedIn',
      header: 'Signed in',
      cell: ({ row }) => <SignedIn machine={row.original} />,
      meta: { width: '14%', card: 'line', cardLabel: 'Signed in:' },
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
      meta: { width: '132px', card: 'line', cardLabel: 'Clock:' },
    }),
    helper.display({
      id: 'policy',
      header: 'Policy',
      cell: ({ row }) => <PolicyOnMachine machine={row.original} policies={policies} />,
      meta: { width: '150px', card: 'line' },
    }),
    helper.display({
      id: 'wrong',
      header: 'Wrong',
      cell: ({ row }) => <WrongWith machine={row.original} most={1} />,
      meta: { width: '248px', card: 'line', cardLabel: 'Wrong:' },
    }),
  ];
}
