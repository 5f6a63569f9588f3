import { createColumnHelper } from '@tanstack/react-table';
import { Bell, BellOff, CircleAlert, CircleCheck, Clock, Hourglass } from 'lucide-react';
import type { AlertRow, ChannelRow, DigestRow, FeedRow, RuleRow } from '../../../src/contract/console-alerts.ts';
import { Chip } from '../parts/Chip.tsx';
import type { Column, features } from '../parts/DataTable.tsx';
import { Moment } from '../parts/Moment.tsx';
import { phraseOf } from './alert-sentences.ts';

const alert = createColumnHelper<typeof features, AlertRow>();
const channel = createColumnHelper<typeof features, ChannelRow>();
const rule = createColumnHelper<typeof features, RuleRow>();
const feed = createColumnHelper<typeof features, FeedRow>();
const digest = createColumnHelper<typeof features, DigestRow>();

export function DeliveryChip({ states }: { states: readonly string[] }) {
  if (states.length === 0)
    return (
      <Chip icon={Bell} tone="plain">
        Shown here only
      </Chip>
    );
  const dead = states.filter((state) => state === 'dead').length;
  if (dead > 0)
    return (
      <Chip icon={CircleAlert} tone="refusal">
        {dead === states.length ? 'Not delivered' : `${String(dead)} of ${String(states.length)} not delivered`}
      </Chip>
    );
  return states.includes('waiting') ? (
    <Chip icon={Hourglass} tone="warning">
      Waiting
    </Chip>
  ) : (
    <Chip icon={CircleCheck} tone="good">
      Sent
    </Chip>
  );
}

export function SendingChip({ row }: { row: Pick<ChannelRow, 'enabled' | 'failing' | 'lastSuccessAt'> }) {
  if (!row.enabled)
    return (
      <Chip icon={BellOff} tone="plain">
        Off
      </Chip>
    );
  if (row.failing)
    return (
      <Chip icon={CircleAlert} tone="refusal">
        Failing
      </Chip>
    );
  return row.lastSuccessAt === null ? (
    <Chip icon={Clock} tone="plain">
      Not used yet
    </Chip>
  ) : (
    <Chip icon={CircleCheck} tone="good">
      Works
    </Chip>
  );
}

function OnChip({ on }: { on: boolean }) {
  return (
    <Chip icon={on ? Bell : BellOff} tone="plain">
      {on ? 'On' : 'Off'}
    </Chip>
  );
}

export const alertColumns: Column<AlertRow>[] = [
  alert.display({
    id: 'sentence',
    header: 'What happened',
    cell: ({ row }) => row.original.sentence,
    meta: { card: 'link' },
  }),
  alert.display({
    id: 'rule',
    header: 'Rule',
    cell: ({ row }) => row.original.rule,
    meta: { width: '22%', card: 'line', cardLabel: 'Rule:' },
  }),
  alert.display({
    id: 'at',
    header: 'When',
    cell: ({ row }) => <Moment at={row.original.at} />,
    meta: { width: '110px', card: 'corner' },
  }),
  alert.display({
    id: 'state',
    header: 'Delivery',
    cell: ({ row }) => <DeliveryChip states={row.original.deliveries.map(({ state }) => state)} />,
    meta: { width: '190px', card: 'line' },
  }),
];

const channelKinds = { email: 'Email', standard: 'Signed webhook', slack: 'Slack', teams: 'Teams' } as const;
export const channelKindWords = (row: Pick<ChannelRow, 'kind' | 'format'>): string =>
  channelKinds[row.kind === 'email' ? 'email' : (row.format ?? 'standard')];

export const channelColumns: Column<ChannelRow>[] = [
  channel.display({
    id: 'name',
    header: 'Channel',
    cell: ({ row }) => row.original.name,
    meta: { width: '24%', card: 'link' },
  }),
  channel.display({
    id: 'kind',
    header: 'Kind',
    cell: ({ row }) => channelKindWords(row.original),
    meta: { width: '140px', card: 'line' },
  }),
  channel.display({ id: 'where', header: 'Goes to', cell: ({ row }) => row.original.where, meta: { card: 'line' } }),
  channel.display({
    id: 'last',
    header: 'Last sent',
    cell: ({ row }) => (row.original.lastSuccessAt === null ? 'never' : <Moment at={row.original.lastSuccessAt} />),
    meta: { width: '110px', card: 'line', cardLabel: 'Last sent:' },
  }),
  channel.display({
    id: 'state',
    header: 'State',
    cell: ({ row }) => <SendingChip row={row.original} />,
    meta: { width: '150px', card: 'line' },
  }),
];

export const ruleColumns: Column<RuleRow>[] = [
  rule.display({
    id: 'name',
    header: 'Rule',
    cell: ({ row }) => row.original.name,
    meta: { width: '30%', card: 'link' },
  }),
  rule.display({
    id: 'what',
    header: 'About',
    cell: ({ row }) => row.original.what.map(phraseOf).join(' · '),
    meta: { card: 'line' },
  }),
  rule.display({
    id: 'last',
    header: 'Last alert',
    cell: ({ row }) => (row.original.lastAlertAt === null ? 'never' : <Moment at={row.original.lastAlertAt} />),
    meta: { width: '110px', card: 'line', cardLabel: 'Last alert:' },
  }),
  rule.display({
    id: 'on',
    header: 'State',
    cell: ({ row }) => <OnChip on={row.original.enabled} />,
    meta: { width: '90px', card: 'line' },
  }),
];

export const feedKindWords = { syslog: 'Syslog over TLS', otlp: 'OpenTelemetry', webhook: 'Signed webhook' } as const;

export const feedColumns: Column<FeedRow>[] = [
  feed.display({
    id: 'name',
    header: 'Feed',
    cell: ({ row }) => row.original.name,
    meta: { width: '22%', card: 'link' },
  }),
  feed.display({
    id: 'kind',
    header: 'Kind',
    cell: ({ row }) => feedKindWords[row.original.kind],
    meta: { width: '140px', card: 'line' },
  }),
  feed.display({ id: 'where', header: 'Goes to', cell: ({ row }) => row.original.where, meta: { card: 'line' } }),
  feed.display({
    id: 'behind',
    header: 'Behind',
    cell: ({ row: { original: row } }) =>
      row.behindSince === null ? (
        'up to date'
      ) : (
        <>
          {row.behind} events, since <Moment at={row.behindSince} />
        </>
      ),
    meta: { width: '170px', card: 'line', cardLabel: 'Behind:' },
  }),
  feed.display({
    id: 'state',
    header: 'State',
    cell: ({ row }) => <SendingChip row={row.original} />,
    meta: { width: '150px', card: 'line' },
  }),
];

export const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;

export const digestColumns: Column<DigestRow>[] = [
  digest.display({ id: 'school', header: 'School', cell: ({ row }) => row.original.school, meta: { card: 'link' } }),
  digest.display({
    id: 'when',
    header: 'Goes on',
    cell: ({ row: { original: row } }) =>
      `${weekdays[row.weekday - 1] ?? ''} at ${String(row.hour)}:00 (${row.timeZone})`,
    meta: { width: '34%', card: 'line' },
  }),
  digest.display({
    id: 'last',
    header: 'Last sent',
    cell: ({ row }) => (row.original.lastSentAt === null ? 'never' : <Moment at={row.original.lastSentAt} />),
    meta: { width: '110px', card: 'line', cardLabel: 'Last sent:' },
  }),
  digest.display({
    id: 'on',
    header: 'State',
    cell: ({ row }) => <OnChip on={row.original.enabled} />,
    meta: { width: '90px', card: 'line' },
  }),
];
