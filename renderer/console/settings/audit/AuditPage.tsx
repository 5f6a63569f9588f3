import { Button, NativeSelect } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Download, ListTree } from 'lucide-react';
import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import { auditAction } from '../../../../src/contract/audit.ts';
import { accessPaths } from '../../../../src/contract/console-access.ts';
import { auditQuery, usersQuery, type AuditFilters } from '../../access/access-queries.ts';
import { address } from '../../api/address.ts';
import { useAddressEntries } from '../../parts/address-entry.ts';
import { DataTable } from '../../parts/DataTable.tsx';
import { LoadMore } from '../../parts/LoadMore.tsx';
import { EmptyState, ErrorState, LoadingLines } from '../../parts/States.tsx';
import { Workspace } from '../../parts/Workspace.tsx';
import { AuditPanel } from './AuditPanel.tsx';
import { AuditVerdictLine } from './AuditVerdictLine.tsx';
import { auditColumns } from './audit-columns.tsx';
import { actionWords } from './action-words.ts';

const here = '/settings/audit';

/** Everything that was done in the console, newest first. Written once, never changed. */
export function AuditPage({ openId, lead, toolbar }: { openId: string | null; lead: string; toolbar: ReactNode }) {
  const [, navigate] = useLocation();
  const [entries, change] = useAddressEntries();
  const filters: AuditFilters = {
    actor: entries.get('actor'),
    action: auditAction.safeParse(entries.get('action')).data ?? null,
    subject: entries.get('subject'),
  };
  const query = useInfiniteQuery(auditQuery(filters));
  const rows = query.data?.pages.flatMap(({ items }) => items) ?? [];
  const hrefOf = (number: string) => address(`${here}/:number`, { number }, { ...filters });
  return (
    <Workspace
      title="Settings"
      lead={lead}
      actions={
        <Button
          component="a"
          variant="default"
          href={address(accessPaths.auditExport, {}, { ...filters })}
          download
          leftSection={<Download size={16} aria-hidden />}
        >
          Export all of it
        </Button>
      }
      toolbar={
        <>
          {toolbar}
          <AuditFilterBar filters={filters} onChange={change} />
          <AuditVerdictLine />
        </>
      }
      panel={
        openId === null
          ? null
          : {
              rowKey: openId,
              content: (
                <AuditPanel
                  key={openId}
                  row={rows.find(({ body }) => String(body.number) === openId)}
                  loading={query.isPending}
                  onClose={() => {
                    navigate(address(here, {}, { ...filters }));
                  }}
                />
              ),
            }
      }
    >
      {query.isPending ? (
        <LoadingLines label="the audit trail" />
      ) : query.data === undefined ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : rows.length === 0 ? (
        <EmptyState icon={ListTree} title="Nothing matches">
          <p>Take a filter away. Everything that is done in the console from now on appears here.</p>
        </EmptyState>
      ) : (
        <DataTable
          label="Audit trail"
          columns={auditColumns}
          rows={rows}
          keyOf={({ body }) => String(body.number)}
          hrefOf={({ body }) => hrefOf(String(body.number))}
          openKey={openId}
          foot={
            <LoadMore
              allOf="That is the first thing that was done here."
              hasMore={query.hasNextPage}
              loading={query.isFetchingNextPage}
              failed={query.isFetchNextPageError}
              onMore={() => void query.fetchNextPage()}
            />
          }
        />
      )}
    </Workspace>
  );
}

function AuditFilterBar({
  filters,
  onChange,
}: {
  filters: AuditFilters;
  onChange: ReturnType<typeof useAddressEntries>[1];
}) {
  const users = useQuery(usersQuery).data?.items ?? [];
  return (
    <>
      <NativeSelect
        label="Who"
        value={filters.actor ?? ''}
        data={[
          { value: '', label: 'Anybody' },
          ...users.map(({ id, name }) => ({ value: id, label: name })),
          { value: 'operator', label: 'A program on the server' },
          { value: 'server', label: 'Usher itself' },
        ]}
        onChange={(event) => {
          onChange({ actor: event.currentTarget.value || null });
        }}
      />
      <NativeSelect
        label="What"
        value={filters.action ?? ''}
        data={[
          { value: '', label: 'Everything' },
          ...auditAction.options.map((action) => ({ value: action, label: actionWords(action) })),
        ]}
        onChange={(event) => {
          onChange({ action: event.currentTarget.value || null });
        }}
      />
    </>
  );
}
