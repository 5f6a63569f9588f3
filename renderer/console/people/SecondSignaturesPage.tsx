import { useQuery } from '@tanstack/react-query';
import { createColumnHelper } from '@tanstack/react-table';
import { PenLine } from 'lucide-react';
import { useLocation } from 'wouter';
import type { CounterSignatureRow } from '../../../src/contract/console-standing.ts';
import { address } from '../api/address.ts';
import { usePageTitle } from '../frame/page-title.ts';
import { DataTable, type Column, type features } from '../parts/DataTable.tsx';
import { Moment } from '../parts/Moment.tsx';
import { EmptyState, ErrorState, LoadingLines } from '../parts/States.tsx';
import { Workspace } from '../parts/Workspace.tsx';
import { hrefOfPeopleView, PeopleViews } from './PeopleViews.tsx';
import { SignatureChip, officesInWords } from './signature-words.tsx';
import { SignaturePanel } from './SignaturePanel.tsx';
import { counterSignaturesQuery } from './standing-queries.ts';

const helper = createColumnHelper<typeof features, CounterSignatureRow>();

const columns: Column<CounterSignatureRow>[] = [
  helper.display({
    id: 'name',
    header: 'Account',
    cell: ({ row }) => row.original.name,
    meta: { width: '16%', card: 'link' },
  }),
  helper.display({
    id: 'printedName',
    header: 'Printed name',
    cell: ({ row }) => row.original.printedName ?? <span aria-label="none">–</span>,
    meta: { card: 'line' },
  }),
  helper.display({
    id: 'state',
    header: 'Second signature',
    cell: ({ row }) => <SignatureChip state={row.original.state} />,
    meta: { width: '154px', card: 'corner' },
  }),
  helper.display({
    id: 'policy',
    header: 'Policy',
    cell: ({ row }) => `${row.original.policyTitle}, version ${String(row.original.policyVersion)}`,
    meta: { card: 'line', cardLabel: 'Policy' },
  }),
  helper.display({
    id: 'by',
    header: 'By the',
    cell: ({ row }) => officesInWords(row.original.by),
    meta: { width: '18%', card: 'hidden' },
  }),
  helper.display({
    id: 'acceptedAt',
    header: 'Accepted',
    cell: ({ row }) => <Moment at={row.original.acceptedAt} />,
    meta: { width: '158px', card: 'line', cardLabel: 'Accepted' },
  }),
];

const keyOf = ({ personId, policyHash }: CounterSignatureRow): string => `${personId}.${policyHash.slice(0, 12)}`;
const list = hrefOfPeopleView('second-signatures');

/** Acceptances that need a second signature: what waits first. */
export function SecondSignaturesPage({ openId }: { openId: string | null }) {
  usePageTitle('Second signatures');
  const [, navigate] = useLocation();
  const query = useQuery(counterSignaturesQuery);
  const close = () => {
    navigate(list);
  };
  return (
    <Workspace
      title="People"
      lead="Acceptances that somebody at the school signs beside the person."
      toolbar={<PeopleViews view="second-signatures" />}
      panel={
        openId === null
          ? null
          : {
              rowKey: openId,
              content: (
                <SignaturePanel
                  key={openId}
                  row={query.data?.items.find((one) => keyOf(one) === openId)}
                  loading={query.isPending}
                  onClose={close}
                />
              ),
            }
      }
    >
      {query.isPending ? (
        <LoadingLines label="second signatures" />
      ) : query.data === undefined ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data.items.length === 0 ? (
        <EmptyState icon={PenLine} title="Nothing waits for a second signature">
          <p>
            Acceptances appear here when a policy in force asks for one, as the pack for a city primary does. Who signs
            is set under Settings, Offices.
          </p>
        </EmptyState>
      ) : (
        <DataTable
          label="Second signatures"
          columns={columns}
          rows={query.data.items}
          keyOf={keyOf}
          hrefOf={(row) => address(`${list}/:id`, { id: keyOf(row) })}
          openKey={openId}
        />
      )}
    </Workspace>
  );
}
