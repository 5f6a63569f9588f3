import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { UserPlus, UsersRound } from 'lucide-react';
import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import { usersQuery } from '../../access/access-queries.ts';
import { address } from '../../api/address.ts';
import { meQuery } from '../../api/queries.ts';
import { DataTable } from '../../parts/DataTable.tsx';
import { EmptyState, ErrorState, LoadingLines } from '../../parts/States.tsx';
import { Workspace } from '../../parts/Workspace.tsx';
import { InvitePanel } from './InvitePanel.tsx';
import { userColumns } from './user-columns.tsx';
import { UserPanel } from './UserPanel.tsx';

const here = '/settings/users';
/** The invitation's place among the users' addresses. */
const inviteKey = 'invite';

/** Who may sign in to the console, and what for. */
export function UsersPage({ openId, lead, toolbar }: { openId: string | null; lead: string; toolbar: ReactNode }) {
  const query = useQuery(usersQuery);
  const [, navigate] = useLocation();
  const mayChange = useQuery(meQuery).data?.permissions.includes('users.manage') === true;
  const close = () => {
    navigate(here);
  };
  return (
    <Workspace
      title="Settings"
      lead={lead}
      toolbar={toolbar}
      actions={
        mayChange ? (
          <Button
            leftSection={<UserPlus size={16} aria-hidden />}
            onClick={() => {
              navigate(`${here}/${inviteKey}`);
            }}
          >
            Invite somebody
          </Button>
        ) : null
      }
      panel={
        openId === null
          ? null
          : {
              rowKey: openId,
              content:
                openId === inviteKey ? (
                  <InvitePanel onClose={close} />
                ) : (
                  <UserPanel
                    key={openId}
                    user={query.data?.items.find(({ id }) => id === openId)}
                    loading={query.isPending}
                    mayChange={mayChange}
                    onClose={close}
                  />
                ),
            }
      }
    >
      {query.isPending ? (
        <LoadingLines label="users" />
      ) : query.data === undefined ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data.items.length === 0 ? (
        <EmptyState icon={UsersRound} title="Nobody yet">
          <p>Invite the first person with the button above.</p>
        </EmptyState>
      ) : (
        <DataTable
          label="Users"
          columns={userColumns}
          rows={query.data.items}
          keyOf={({ id }) => id}
          hrefOf={({ id }) => address(`${here}/:id`, { id })}
          openKey={openId}
        />
      )}
    </Workspace>
  );
}
