import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { meQuery } from '../api/queries.ts';
import { Fact, Facts } from '../parts/Facts.tsx';
import { Workspace } from '../parts/Workspace.tsx';
import { roleWords } from './role-words.ts';

/** Who is signed in and what they may do. */
export function YouPage({ lead, toolbar }: { lead: string; toolbar: ReactNode }) {
  const me = useQuery(meQuery).data;
  return (
    <Workspace title="Settings" lead={lead} toolbar={toolbar}>
      {me === undefined ? null : (
        <Facts wide>
          <Fact label="Name">{me.name}</Fact>
          <Fact label="Email">{me.email}</Fact>
          <Fact label="Roles">
            {me.roles
              .map(({ role, schools }) =>
                schools === 'all' ? roleWords[role] : `${roleWords[role]} (${schools.join(', ')})`,
              )
              .join(', ')}
          </Fact>
        </Facts>
      )}
    </Workspace>
  );
}
