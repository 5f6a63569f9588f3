import { createColumnHelper } from '@tanstack/react-table';
import type { DeviceRow, GrantRow, PlugRow, RequestRow } from '../../../src/contract/console-devices.ts';
import type { Column, features } from '../parts/DataTable.tsx';
import { Moment } from '../parts/Moment.tsx';
import { DeviceName, GrantChip, grantScope, PlugChip, RequestChip, Until } from './device-words.tsx';

const plug = createColumnHelper<typeof features, PlugRow>();
const request = createColumnHelper<typeof features, RequestRow>();
const grant = createColumnHelper<typeof features, GrantRow>();
const device = createColumnHelper<typeof features, DeviceRow>();

export const pluggedColumns: Column<PlugRow>[] = [
  plug.display({
    id: 'device',
    header: 'Device',
    cell: ({ row }) => <DeviceName device={row.original.device} />,
    meta: { width: '30%', card: 'link' },
  }),
  plug.display({
    id: 'machine',
    header: 'Machine',
    cell: ({ row }) => row.original.machine,
    meta: { width: '16%', card: 'line' },
  }),
  plug.display({
    id: 'person',
    header: 'Signed in',
    cell: ({ row }) => row.original.accountName ?? 'nobody',
    meta: { width: '16%', card: 'line', cardLabel: 'Signed in:' },
  }),
  plug.display({
    id: 'since',
    header: 'Since',
    cell: ({ row }) => <Moment at={row.original.insertedAt} />,
    meta: { width: '104px', card: 'corner' },
  }),
  plug.display({
    id: 'decided',
    header: 'Decided by',
    cell: ({ row }) => row.original.decidedBy,
    meta: { card: 'line', cardLabel: 'Decided by:' },
  }),
  plug.display({
    id: 'state',
    header: 'State',
    cell: ({ row }) => <PlugChip plug={row.original} />,
    meta: { width: '190px', card: 'line' },
  }),
];

export const requestColumns: Column<RequestRow>[] = [
  request.display({
    id: 'device',
    header: 'Device',
    cell: ({ row }) => <DeviceName device={row.original.device} />,
    meta: { width: '24%', card: 'link' },
  }),
  request.display({
    id: 'person',
    header: 'Asked by',
    cell: ({ row }) => row.original.accountName,
    meta: { width: '14%', card: 'line', cardLabel: 'Asked by:' },
  }),
  request.display({
    id: 'machine',
    header: 'Machine',
    cell: ({ row }) => row.original.machine,
    meta: { width: '12%', card: 'line' },
  }),
  request.display({
    id: 'reason',
    header: 'Reason',
    cell: ({ row }) => row.original.reason,
    meta: { card: 'line' },
  }),
  request.display({
    id: 'asked',
    header: 'Asked',
    cell: ({ row }) => <Moment at={row.original.askedAt} />,
    meta: { width: '104px', card: 'corner' },
  }),
  request.display({
    id: 'state',
    header: 'State',
    cell: ({ row }) => <RequestChip request={row.original} />,
    meta: { width: '150px', card: 'line' },
  }),
];

export const grantColumns: Column<GrantRow>[] = [
  grant.display({
    id: 'device',
    header: 'Device',
    cell: ({ row }) => row.original.deviceName,
    meta: { width: '22%', card: 'link' },
  }),
  grant.display({
    id: 'scope',
    header: 'For',
    cell: ({ row }) => grantScope(row.original),
    meta: { width: '20%', card: 'line', cardLabel: 'For:' },
  }),
  grant.display({
    id: 'until',
    header: 'Until',
    cell: ({ row }) => <Until at={row.original.until} />,
    meta: { width: '16%', card: 'line', cardLabel: 'Until:' },
  }),
  grant.display({
    id: 'by',
    header: 'Allowed by',
    cell: ({ row }) => row.original.createdBy,
    meta: { width: '13%', card: 'line', cardLabel: 'Allowed by:' },
  }),
  grant.display({
    id: 'reason',
    header: 'Why',
    cell: ({ row }) => row.original.reason,
    meta: { card: 'line' },
  }),
  grant.display({
    id: 'state',
    header: 'State',
    cell: ({ row }) => <GrantChip grant={row.original} />,
    meta: { width: '120px', card: 'corner' },
  }),
];

export const deviceColumns: Column<DeviceRow>[] = [
  device.display({
    id: 'device',
    header: 'Device',
    cell: ({ row }) => <DeviceName device={row.original.device} />,
    meta: { width: '30%', card: 'link' },
  }),
  device.display({
    id: 'serial',
    header: 'Serial',
    cell: ({ row }) => row.original.device.serial ?? 'none',
    meta: { width: '20%', card: 'line', cardLabel: 'Serial:' },
  }),
  device.display({
    id: 'last',
    header: 'Last seen on',
    cell: ({ row }) => (row.original.pluggedIn ? `${row.original.lastMachine}, plugged in` : row.original.lastMachine),
    meta: { card: 'line', cardLabel: 'Last on:' },
  }),
  device.display({
    id: 'who',
    header: 'With',
    cell: ({ row }) => row.original.lastAccountName ?? 'nobody',
    meta: { width: '13%', card: 'line', cardLabel: 'With:' },
  }),
  device.display({
    id: 'when',
    header: 'When',
    cell: ({ row }) => <Moment at={row.original.lastSeenAt} />,
    meta: { width: '104px', card: 'corner' },
  }),
  device.display({
    id: 'times',
    header: 'Times',
    cell: ({ row }) => row.original.insertions,
    meta: { width: '72px', card: 'line', cardLabel: 'Times:', align: 'end' },
  }),
  device.display({
    id: 'machines',
    header: 'Machines',
    cell: ({ row }) => row.original.machines,
    meta: { width: '92px', card: 'line', cardLabel: 'Machines:', align: 'end' },
  }),
];
