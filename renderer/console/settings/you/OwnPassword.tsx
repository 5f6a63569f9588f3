import { Button, PasswordInput } from '@mantine/core';
import { useState } from 'react';
import {
  accessPaths,
  done,
  passwordLengthLeast,
  type OwnAccount,
  type setPassword,
} from '../../../../src/contract/console-access.ts';
import type { z } from 'zod';
import { Notice } from '../../../ui/index.ts';
import { useAccessChange } from '../../access/access-queries.ts';
import { Refusal } from '../../parts/Refusal.tsx';
import form from '../../parts/form.module.css';

/** Sets or changes the password. It never suffices alone: the code of an app comes with it. */
export function OwnPassword({ account }: { account: OwnAccount }) {
  const [current, setCurrent] = useState('');
  const [password, setNew] = useState('');
  const change = useAccessChange<z.input<typeof setPassword>, typeof done>(accessPaths.accountPassword, done, 'PUT');
  return (
    <section className={form['card']}>
      <h2>Password</h2>
      <p className={form['soft']}>
        {account.password
          ? 'Changing it ends your other sessions.'
          : 'With a password you also need an authenticator app on your phone, which is set up next.'}
      </p>
      <form
        className={form['form']}
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate(
            { password, ...(account.password ? { current } : {}) },
            {
              onSuccess: () => {
                setCurrent('');
                setNew('');
              },
            },
          );
        }}
      >
        <div className={form['pair']}>
          {account.password ? (
            <PasswordInput
              label="The one you have"
              autoComplete="current-password"
              required
              value={current}
              onChange={(event) => {
                setCurrent(event.currentTarget.value);
              }}
            />
          ) : null}
          <PasswordInput
            label="New password"
            description={`${String(passwordLengthLeast)} characters or more; several words are easy to keep in mind.`}
            autoComplete="new-password"
            required
            minLength={passwordLengthLeast}
            value={password}
            onChange={(event) => {
              setNew(event.currentTarget.value);
            }}
          />
        </div>
        <Refusal error={change.error} />
        {change.isSuccess ? (
          <Notice tone="good" role="status">
            The password is set.
          </Notice>
        ) : null}
        <div className={form['formFoot']}>
          <Button type="submit" variant="default" loading={change.isPending}>
            {account.password ? 'Change the password' : 'Set a password'}
          </Button>
        </div>
      </form>
    </section>
  );
}
