import { Button, PasswordInput, TextInput } from '@mantine/core';
import { QRCodeSVG } from 'qrcode.react';
import { useState } from 'react';
import type { z } from 'zod';
import {
  accessPaths,
  backupCodes,
  done,
  startedTotp,
  type OwnAccount,
} from '../../../../src/contract/console-access.ts';
import { Notice } from '../../../ui/index.ts';
import { useAccessChange } from '../../access/access-queries.ts';
import { CopyButton } from '../../parts/CopyButton.tsx';
import { Refusal } from '../../parts/Refusal.tsx';
import form from '../../parts/form.module.css';

/** The authenticator app (RFC 6238) and the backup codes beside it. */
export function OwnTotp({ account }: { account: OwnAccount }) {
  const [password, setPassword] = useState('');
  const start = useAccessChange<{ password: string }, typeof startedTotp>(accessPaths.accountTotp, startedTotp);
  const fresh = useAccessChange<{ password: string }, typeof backupCodes>(accessPaths.accountBackupCodes, backupCodes);
  const started = start.data;
  return (
    <section className={form['card']}>
      <h2>Authenticator app</h2>
      {account.totp ? (
        <p className={form['soft']}>
          Set up.{' '}
          {account.backupCodesLeft === 1 ? '1 backup code is' : `${String(account.backupCodesLeft)} backup codes are`}{' '}
          left.
        </p>
      ) : (
        <p className={form['soft']}>
          Any app that shows six digits will do, such as the one your school already uses for e-mail.
        </p>
      )}
      {started !== undefined && !account.totp ? (
        <Confirm started={started} />
      ) : (
        <form
          className={form['form']}
          onSubmit={(event) => {
            event.preventDefault();
            (account.totp ? fresh : start).mutate({ password });
          }}
        >
          <PasswordInput
            label="Your password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => {
              setPassword(event.currentTarget.value);
            }}
          />
          <Refusal error={start.error ?? fresh.error} />
          {fresh.data === undefined ? null : <BackupCodes codes={fresh.data.backupCodes} />}
          <div className={form['formFoot']}>
            <Button type="submit" variant="default" loading={start.isPending || fresh.isPending}>
              {account.totp ? 'Make new backup codes' : 'Set up the app'}
            </Button>
          </div>
        </form>
      )}
    </section>
  );
}

function Confirm({ started }: { started: z.output<typeof startedTotp> }) {
  const [code, setCode] = useState('');
  const confirm = useAccessChange<{ code: string }, typeof done>(accessPaths.accountTotpConfirm, done);
  return (
    <form
      className={form['form']}
      onSubmit={(event) => {
        event.preventDefault();
        confirm.mutate({ code: code.trim() });
      }}
    >
      <div className={form['qr']}>
        <QRCodeSVG value={started.otpauthUri} size={168} title="The secret for your authenticator app, as a QR code" />
        <ol>
          <li>Open the app and add an account by scanning this picture.</li>
          <li>
            No camera? Type this instead: <code>{started.secret}</code>{' '}
            <CopyButton text={started.secret} what="the secret" />
          </li>
          <li>Keep the codes below where you keep important papers. Each signs you in once without the phone.</li>
          <li>Type the six digits the app shows now.</li>
        </ol>
      </div>
      <BackupCodes codes={started.backupCodes} />
      <TextInput
        label="Six digits"
        inputMode="numeric"
        autoComplete="one-time-code"
        required
        maxLength={6}
        value={code}
        onChange={(event) => {
          setCode(event.currentTarget.value);
        }}
      />
      <Refusal error={confirm.error} />
      <div className={form['formFoot']}>
        <Button type="submit" loading={confirm.isPending}>
          Finish
        </Button>
      </div>
    </form>
  );
}

function BackupCodes({ codes }: { codes: readonly string[] }) {
  return (
    <Notice tone="plain" title="Backup codes, shown this once">
      <ul className={form['codes']}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <CopyButton text={codes.join('\n')} what="the backup codes" label="Copy them all" />
    </Notice>
  );
}
