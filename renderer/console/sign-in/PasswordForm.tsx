import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { accessPaths, signInStep, type SignInStep } from '../../../src/contract/console-access.ts';
import { post } from '../api/client.ts';
import { Refusal } from '../parts/Refusal.tsx';
import form from '../parts/form.module.css';
import styles from './sign-in.module.css';

/** E-mail address and password; the code of the app is asked for next. */
export function PasswordForm({ onNext }: { onNext: (next: SignInStep['next']) => void }) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const send = useMutation({
    mutationFn: () => post(accessPaths.signInPassword, { email, password }, signInStep),
    onSuccess: ({ next }) => {
      onNext(next);
    },
  });
  return (
    <form
      className={`${form['form'] ?? ''} ${styles['wide'] ?? ''}`}
      onSubmit={(event) => {
        event.preventDefault();
        send.mutate();
      }}
    >
      <TextInput
        label="E-mail address"
        type="email"
        name="email"
        autoComplete="username webauthn"
        required
        maxLength={200}
        value={email}
        onChange={(event) => {
          setEmail(event.currentTarget.value);
        }}
      />
      <PasswordInput
        label="Password"
        name="password"
        autoComplete="current-password"
        required
        maxLength={128}
        value={password}
        visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password' }}
        onChange={(event) => {
          setPassword(event.currentTarget.value);
        }}
      />
      <Refusal error={send.error} />
      <Button type="submit" loading={send.isPending}>
        Sign in
      </Button>
    </form>
  );
}
