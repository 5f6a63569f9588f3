import { createColumnHelper } from '@tanstack/react-table';
import { CircleCheck, CircleSlash, MailQuestionMark, type LucideIcon } from 'lucide-react';
import type { UserRow } from '../../../../src/contract/console-access.ts';
import { Chip, type Tone } from '../../parts/Chip.tsx';
import type { Column, features } from '../../parts/DataTable.tsx';
import { Moment } from '../../parts/Moment.tsx';
import { grantWords } from '../role-words.ts';

const helper = createColumnHelper<typeof features, UserRow>();

const stateWords: Record<UserRow['state'], { word: string; icon: LucideIcon; tone: Tone }> = {
  invited: { word: 'Invited', icon: MailQuestionMark, tone: 'plain' },
  active: { word: 'Active', icon: CircleCheck, tone: 'good' },
  disabled: { word: 'Disabled', icon: CircleSlash, tone: 'warning' },
};

export function UserChip({ state }: { state: UserRow['state'] }) {
  const { word, icon, tone } = stateWords[state];
  return (
    <Chip icon={icon} tone={tone}>
      {word}
    </Chip>
  );
}

/** “passkey, password and app”. */
export function waysWords({ passkeys, password, totp, providers }: UserRow): string {
  const ways = [
    ...(passkeys > 0 ? [passkeys === 1 ? 'passkey' : `${String(passkeys)} passkeys`] : []),
    ...(password ? [totp ? 'password and app' : 'password, no app yet'] : []),
    ...providers,
  ];
  return ways.length === 0 ? 'link only' : ways.join(', ');
}

export const userColumns: Column<UserRow>[] = [
  helper.display({
    id: 'name',
    header: 'Name',
    cell: ({ row }) => row.original.name,
    meta: { width: '20%', card: 'link' },
  }),
  helper.display({
    id: 'email',
    header: 'E-mail',
    cell: ({ row }) => row.original.email,
    meta: { width: '24%', card: 'line' },
  }),
  helper.display({
    id: 'roles',
    header: 'Roles',
    cell: ({ row }) => row.original.roles.map(grantWords).join('; ') || 'none',
    meta: { card: 'line' },
  }),
  helper.display({
    id: 'state',
    header: 'State',
    cell: ({ row }) => <UserChip state={row.original.state} />,
    meta: { width: '120px', card: 'corner' },
  }),
  helper.display({
    id: 'last',
    header: 'Last sign-in',
    cell: ({ row }) => (row.original.lastSignInAt === null ? '–' : <Moment at={row.original.lastSignInAt} as="ago" />),
    meta: { width: '130px', card: 'line', cardLabel: 'Last sign-in' },
  }),
];
