import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { accessPaths, done, passkeyOptions, type OwnAccount } from '../../../../src/contract/console-access.ts';
import { Notice } from '../../../ui/index.ts';
import { useAccessChange } from '../../access/access-queries.ts';
import { makePasskey, PasskeyEnded, passkeysWork } from '../../access/passkeys.ts';
import { address } from '../../api/address.ts';
import { post } from '../../api/client.ts';
import { Moment } from '../../parts/Moment.tsx';
import { Refusal } from '../../parts/Refusal.tsx';
import form from '../../parts/form.module.css';

/** Passkeys: the safest way in, and the quickest. */
export function OwnPasskeys({ account }: { account: OwnAccount }) {
  const client = useQueryClient();
  const [name, setName] = useState('');
  const add = useMutation({
    mutationFn: async () => {
      const options = await post(accessPaths.accountPasskeyOptions, {}, passkeyOptions);
      return post(accessPaths.accountPasskeys, { name: name.trim(), response: await makePasskey(options) }, done);
    },
    onSuccess: () => {
      setName('');
      return Promise.all([['account'], ['me']].map((queryKey) => client.invalidateQueries({ queryKey })));
    },
  });
  return (
    <section className={form['card']}>
      <h2>Passkeys</h2>
      <p className={form['soft']}>
        Sign in with your fingerprint, face, screen lock or a security key. Nothing to remember, and nothing that can be
        typed into a false page.
      </p>
      {account.passkeys.length === 0 ? null : (
        <ul className={form['rows']}>
          {account.passkeys.map((one) => (
            <li key={one.id} className={form['row']}>
              <div>
                {one.name}
                {one.createdAt === null ? null : (
                  <div className={form['soft']}>
                    Added <Moment at={one.createdAt} />
                  </div>
                )}
              </div>
              <Remove id={one.id} name={one.name} />
            </li>
          ))}
        </ul>
      )}
      {passkeysWork() ? (
        <form
          className={form['form']}
          onSubmit={(event) => {
            event.preventDefault();
            add.mutate();
          }}
        >
          <TextInput
            label="What to call it"
            placeholder="Office computer"
            required
            maxLength={100}
            value={name}
            onChange={(event) => {
              setName(event.currentTarget.value);
            }}
          />
          {add.error instanceof PasskeyEnded ? (
            <Notice tone="warning" role="alert">
              {add.error.message}
            </Notice>
          ) : (
            <Refusal error={add.error} />
          )}
          <div className={form['formFoot']}>
            <Button type="submit" variant="default" loading={add.isPending}>
              Add a passkey
            </Button>
          </div>
        </form>
      ) : (
        <p className={form['soft']}>This browser cannot make passkeys, or the page was not opened over HTTPS.</p>
      )}
    </section>
  );
}

function Remove({ id, name }: { id: string; name: string }) {
  const remove = useAccessChange<object, typeof done>(address(accessPaths.accountPasskeyRemove, { id }), done);
  return (
    <div>
      <Refusal error={remove.error} />
      <Button
        size="xs"
        variant="default"
        aria-label={`Remove the passkey ${name}`}
        loading={remove.isPending}
        onClick={() => {
          remove.mutate({});
        }}
      >
        Remove
      </Button>
    </div>
  );
}
