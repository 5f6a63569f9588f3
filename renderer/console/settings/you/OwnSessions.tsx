import { Button } from '@mantine/core';
import { accessPaths, done, type OwnAccount } from '../../../../src/contract/console-access.ts';
import { useAccessChange } from '../../access/access-queries.ts';
import { address } from '../../api/address.ts';
import { Moment } from '../../parts/Moment.tsx';
import { Refusal } from '../../parts/Refusal.tsx';
import form from '../../parts/form.module.css';

/** Where one is signed in, and how to end what one does not know. */
export function OwnSessions({ account }: { account: OwnAccount }) {
  return (
    <section className={form['card']}>
      <h2>Where you are signed in</h2>
      <ul className={form['rows']}>
        {account.sessions.map((session) => (
          <li key={session.id} className={form['row']}>
            <div>
              {session.current ? 'Here' : (session.browser ?? 'Another browser')}
              <div className={form['soft']}>
                Since <Moment at={session.createdAt} />
                {session.address === null ? '' : ` from ${session.address}`}, until <Moment at={session.expiresAt} /> at
                the latest
              </div>
            </div>
            {session.current ? null : <End id={session.id} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

function End({ id }: { id: string }) {
  const end = useAccessChange<object, typeof done>(address(accessPaths.accountSessionEnd, { id }), done);
  return (
    <div>
      <Refusal error={end.error} />
      <Button
        size="xs"
        variant="default"
        loading={end.isPending}
        onClick={() => {
          end.mutate({});
        }}
      >
        End it
      </Button>
    </div>
  );
}
