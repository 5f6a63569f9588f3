import { useQuery } from '@tanstack/react-query';
import { GitCompare, ScrollText } from 'lucide-react';
import { address } from '../api/address.ts';
import { policiesQuery } from '../api/queries.ts';
import { usePageTitle } from '../frame/page-title.ts';
import { ActionLink } from '../parts/ActionLink.tsx';
import { DataTable } from '../parts/DataTable.tsx';
import { EmptyState, ErrorState, LoadingLines } from '../parts/States.tsx';
import { Workspace } from '../parts/Workspace.tsx';
import { policyColumns } from './policy-columns.tsx';
import { WaitingDrafts } from './WaitingDrafts.tsx';

/** Every version ever published. */
export function PoliciesPage() {
  usePageTitle('Policies');
  const query = useQuery(policiesQuery);
  return (
    <Workspace
      title="Policies"
      lead="Every version that was published. Its text never changes again."
      actions={
        (query.data?.items.length ?? 0) > 1 ? (
          <ActionLink href="/policies/compare" word="Compare versions" icon={GitCompare} />
        ) : undefined
      }
    >
      <WaitingDrafts />
      {query.isPending ? (
        <LoadingLines lines={3} label="policies" />
      ) : query.data === undefined ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data.items.length === 0 ? (
        <EmptyState icon={ScrollText} title="No policy is published yet">
          <p>Until one is, machines ask nobody for anything. Publish your school’s own file where the server runs:</p>
          <p>
            <code>usher policy import FILE</code> shows what was understood, and
          </p>
          <p>
            <code>usher policy publish FILE</code> puts it live.
          </p>
        </EmptyState>
      ) : (
        <DataTable
          label="Policies"
          columns={policyColumns}
          rows={query.data.items}
          keyOf={(policy) => policy.hash}
          hrefOf={(policy) => address('/policies/:hash', { hash: policy.hash })}
        />
      )}
    </Workspace>
  );
}
