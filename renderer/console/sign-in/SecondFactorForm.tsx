import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { accessPaths, signInStep } from '../../../src/contract/console-access.ts';
import { post } from '../api/client.ts';
import { Refusal } from '../parts/Refusal.tsx';
import form from '../parts/form.module.css';
import styles from './sign-in.module.css';

/** The six digits of the authenticator app, or one of the backup codes. */
export function SecondFactorForm({ onSignedIn, onBack }: { onSignedIn: () => void; onBack: () => void }) {
  const [kind, setKind] = useState<'totp' | 'backup'>('totp');
  const [code, setCode] = useState('');
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    field.current?.focus();
  }, [kind]);
  const send = useMutation({
    mutationFn: () => post(accessPaths.signInSecondFactor, { kind, code: code.trim() }, signInStep),
    onSuccess: onSignedIn,
  });
  return (
    <>
      <h1>{kind === 'totp' ? 'The code of your app' : 'A backup code'}</h1>
      <p>
        {kind === 'totp'
          ? 'Open the authenticator app on your phone and type the six digits it shows for Usher.'
          : 'Type one of the codes you kept when you set the app up. Each works once.'}
      </p>
      <form
        className={`${form['form'] ?? ''} ${styles['wide'] ?? ''}`}
        onSubmit={(event) => {
          event.preventDefault();
          send.mutate();
        }}
      >
        <TextInput
          ref={field}
          label={kind === 'totp' ? 'Six digits' : 'Backup code'}
          inputMode={kind === 'totp' ? 'numeric' : 'text'}
          autoComplete="one-time-code"
          required
          maxLength={40}
          value={code}
          onChange={(event) => {
            setCode(event.currentTarget.value);
          }}
        />
        <Refusal error={send.error} />
        <div className={form['formFoot']}>
          <Button type="submit" loading={send.isPending}>
            Go on
          </Button>
          <Button
            variant="subtle"
            onClick={() => {
              setCode('');
              setKind(kind === 'totp' ? 'backup' : 'totp');
            }}
          >
            {kind === 'totp' ? 'Use a backup code' : 'Use the app'}
          </Button>
          <Button variant="subtle" onClick={onBack}>
            Back
          </Button>
        </div>
      </form>
    </>
  );
}
