import { useQuery } from '@tanstack/react-query';
import { createColumnHelper } from '@tanstack/react-table';
import { KeyRound } from 'lucide-react';
import { useLocation } from 'wouter';
import type { TokenRow } from '../../../src/contract/console-machines.ts';
import { address } from '../api/address.ts';
import { usePageTitle } from '../frame/page-title.ts';
import { ActionLink } from '../parts/ActionLink.tsx';
import { DataTable, type Column, type features } from '../parts/DataTable.tsx';
import { Moment } from '../parts/Moment.tsx';
import { EmptyState, ErrorState, LoadingLines } from '../parts/States.tsx';
import { TextLink } from '../parts/TextLink.tsx';
import { Workspace } from '../parts/Workspace.tsx';
import { tokensQuery } from './machine-queries.ts';
import { MachineViews } from './MachineViews.tsx';
import { NewTokenPanel } from './NewTokenPanel.tsx';
import { TokenPanel, TokenStateChip, usesWords } from './TokenPanel.tsx';

/** The new token's place among the addresses. */
const newKey = 'new';

const helper = createColumnHelper<typeof features, TokenRow>();
const columns: Column<TokenRow>[] = [
  helper.display({
    id: 'name',
    header: 'Token',
    cell: ({ row }) => row.original.name,
    meta: { width: '24%', card: 'link' },
  }),
  helper.display({ id: 'school', header: 'School', cell: ({ row }) => row.original.school, meta: { card: 'line' } }),
  helper.display({
    id: 'state',
    header: 'State',
    cell: ({ row }) => <TokenStateChip state={row.original.state} />,
    meta: { width: '120px', card: 'line' },
  }),
  helper.display({
    id: 'used',
    header: 'Used',
    cell: ({ row }) => usesWords(row.original),
    meta: { width: '130px', card: 'line', cardLabel: 'Used:' },
  }),
  helper.display({
    id: 'approval',
    header: 'Approval',
    cell: ({ row }) => (row.original.needsApproval ? 'asked for' : 'not asked for'),
    meta: { width: '130px', card: 'hidden' },
  }),
  helper.display({
    id: 'expires',
    header: 'Expires',
    cell: ({ row }) => <Moment at={row.original.expiresAt} />,
    meta: { width: '150px', card: 'corner' },
  }),
];

/** Tokens with which machines come in: making one, and what became of each. */
export function AddMachinesPage({ openId }: { openId: string | null }) {
  usePageTitle('Add machines');
  const [, navigate] = useLocation();
  const query = useQuery(tokensQuery);
  const toList = () => {
    navigate('/machines/add');
  };
  return (
    <Workspace
      title="Machines"
      lead="A token lets machines in: for one school, until it expires, for as many as you say."
      actions={<ActionLink href={address('/machines/add/:id', { id: newKey })} word="Make a token" />}
      toolbar={<MachineViews here="add" />}
      panel={
        openId === null
          ? null
          : {
              rowKey: openId,
              content:
                openId === newKey ? (
                  <NewTokenPanel onClose={toList} />
                ) : (
                  <TokenPanel
                    key={openId}
                    token={query.data?.items.find(({ id }) => id === openId)}
                    loading={query.isPending}
                    onClose={toList}
                  />
                ),
            }
      }
    >
      {query.isPending ? (
        <LoadingLines label="tokens" />
      ) : query.data === undefined ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data.items.length === 0 ? (
        <EmptyState icon={KeyRound} title="No token was made yet">
          <p>
            <TextLink href={address('/machines/add/:id', { id: newKey })}>Make a token</TextLink> and start Usher with
            it on each computer. The machines then appear by themselves, waiting for your approval.
          </p>
        </EmptyState>
      ) : (
        <DataTable
          label="Enrolment tokens"
          columns={columns}
          rows={query.data.items}
          keyOf={(token) => token.id}
          hrefOf={(token) => address('/machines/add/:id', { id: token.id })}
          openKey={openId}
        />
      )}
    </Workspace>
  );
}
