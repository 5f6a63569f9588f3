import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Notice } from '../../ui/index.ts';
import { accountQuery } from '../access/access-queries.ts';
import { meQuery } from '../api/queries.ts';
import { Fact, Facts } from '../parts/Facts.tsx';
import { ErrorState, LoadingLines } from '../parts/States.tsx';
import { Workspace } from '../parts/Workspace.tsx';
import form from '../parts/form.module.css';
import { OwnPasskeys } from './you/OwnPasskeys.tsx';
import { OwnPassword } from './you/OwnPassword.tsx';
import { OwnSessions } from './you/OwnSessions.tsx';
import { OwnTotp } from './you/OwnTotp.tsx';
import { grantWords } from './role-words.ts';

/** Who is signed in, what they may do, and how they sign in. */
export function YouPage({ lead, toolbar }: { lead: string; toolbar: ReactNode }) {
  const me = useQuery(meQuery).data;
  const account = useQuery(accountQuery);
  return (
    <Workspace title="Settings" lead={lead} toolbar={toolbar}>
      {account.isPending || me === undefined ? (
        <LoadingLines label="your account" />
      ) : account.data === undefined ? (
        <ErrorState error={account.error} onRetry={() => void account.refetch()} />
      ) : (
        <div className={form['stack']}>
          {account.data.setUpSentence === null ? null : (
            <Notice tone="warning" title="Set up a way to sign in again" role="status">
              {account.data.setUpSentence}
            </Notice>
          )}
          <section className={form['card']}>
            <h2>You</h2>
            <Facts>
              <Fact label="Name">{me.name}</Fact>
              <Fact label="E-mail">{me.email}</Fact>
              <Fact label="Roles">{me.roles.map(grantWords).join('; ')}</Fact>
              {account.data.providers.length === 0 ? null : (
                <Fact label="Signs in with">{account.data.providers.join(', ')}</Fact>
              )}
            </Facts>
          </section>
          <OwnPasskeys account={account.data} />
          <OwnPassword account={account.data} />
          {account.data.password ? <OwnTotp account={account.data} /> : null}
          <OwnSessions account={account.data} />
        </div>
      )}
    </Workspace>
  );
}
