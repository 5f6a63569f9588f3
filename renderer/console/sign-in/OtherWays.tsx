import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { ExternalLink, KeyRound } from 'lucide-react';
import {
  accessPaths,
  passkeyOptions,
  providerAddress,
  signInStep,
  type SignInWays,
} from '../../../src/contract/console-access.ts';
import { PasskeyEnded, passkeysWork, askForPasskey } from '../access/passkeys.ts';
import { post } from '../api/client.ts';
import { Refusal } from '../parts/Refusal.tsx';
import { Notice } from '../../ui/index.ts';
import styles from './sign-in.module.css';

/** A passkey of this device, or a service the school signs in to anyway. */
export function OtherWays({ ways, onSignedIn }: { ways: SignInWays; onSignedIn: () => void }) {
  const passkey = useMutation({
    mutationFn: async () => {
      const options = await post(accessPaths.signInPasskeyOptions, {}, passkeyOptions);
      return post(accessPaths.signInPasskey, { response: await askForPasskey(options) }, signInStep);
    },
    onSuccess: onSignedIn,
  });
  const provider = useMutation({
    mutationFn: (id: string) => post(accessPaths.signInProvider, { provider: id }, providerAddress),
    onSuccess: ({ url }) => {
      window.location.assign(url);
    },
  });
  const withPasskey = ways.passkey && passkeysWork();
  if (!withPasskey && ways.providers.length === 0) return null;
  return (
    <div className={styles['ways']}>
      {ways.password ? <p className={styles['or']}>or</p> : null}
      {withPasskey ? (
        <Button
          variant="default"
          leftSection={<KeyRound size={16} aria-hidden />}
          loading={passkey.isPending}
          onClick={() => {
            passkey.mutate();
          }}
        >
          Use a passkey
        </Button>
      ) : null}
      {passkey.error instanceof PasskeyEnded ? (
        <Notice tone="warning" role="alert">
          {passkey.error.message}
        </Notice>
      ) : (
        <Refusal error={passkey.error} />
      )}
      {ways.providers.map(({ id, name }) => (
        <Button
          key={id}
          variant="default"
          leftSection={<ExternalLink size={16} aria-hidden />}
          loading={provider.isPending && provider.variables === id}
          onClick={() => {
            provider.mutate(id);
          }}
        >
          Sign in with {name}
        </Button>
      ))}
      <Refusal error={provider.error} />
    </div>
  );
}
