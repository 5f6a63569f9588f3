import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { consolePaths, policies } from '../../../src/contract/console.ts';
import { address } from '../api/address.ts';
import { meQuery } from '../api/queries.ts';
import { useChange } from '../api/use-change.ts';
import { Refusal } from '../parts/Refusal.tsx';
import form from '../parts/form.module.css';

/** Takes a policy out of force, once it was said twice. */
export function WithdrawPolicy({ hash, hasRules }: { hash: string; hasRules: boolean }) {
  const mayPublish = useQuery(meQuery).data?.permissions.includes('policies.publish') === true;
  const [asked, setAsked] = useState(false);
  const path = address(consolePaths.withdrawPolicy, { hash });
  const post = useChange<object, typeof policies>(path, policies, {
    changes: [['policies'], ['people'], ['overview']],
  });
  if (!mayPublish) return null;
  return (
    <section>
      <h2>Withdraw</h2>
      <p>
        From their next contact on, machines ask nobody for it
        {hasRules ? ' and follow none of its rules: screens no longer lock because of it' : ''}. What was accepted
        stays.
      </p>
      <Refusal error={post.error} />
      <div className={form['formFoot']}>
        {asked ? (
          <>
            <Button
              color="red"
              loading={post.isPending}
              onClick={() => {
                post.mutate({});
              }}
            >
              Take it out of force
            </Button>
            <Button
              variant="default"
              onClick={() => {
                setAsked(false);
              }}
            >
              Leave it
            </Button>
          </>
        ) : (
          <Button
            variant="default"
            onClick={() => {
              setAsked(true);
            }}
          >
            Withdraw this policy
          </Button>
        )}
      </div>
    </section>
  );
}
