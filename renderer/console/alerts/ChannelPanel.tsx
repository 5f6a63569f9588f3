import { Button, NativeSelect, NumberInput, Switch, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import {
  alertPaths,
  madeAnswer,
  webhookFormat,
  type ChannelInput,
  type ChannelRow,
  type WebhookFormat,
} from '../../../src/contract/console-alerts.ts';
import { address } from '../api/address.ts';
import { Refusal } from '../parts/Refusal.tsx';
import { SidePanel } from '../parts/SidePanel.tsx';
import { usePost } from './alert-queries.ts';
import { SchoolSelect } from './SchoolSelect.tsx';
import { NewSecret, RemoveButton, SendingFacts, TestNow } from './SendingFacts.tsx';
import form from '../parts/form.module.css';

export interface ChannelPanelProps {
  channel: ChannelRow | null;
  kind: 'email' | 'webhook';
  /** The server's settings name a mail server. */
  mailServer: boolean;
  mayManage: boolean;
  onClose: () => void;
}

/** Where alerts go: one channel, or a new one. */
export function ChannelPanel({ channel, kind, mailServer, mayManage, onClose }: ChannelPanelProps) {
  const title = channel?.name ?? (kind === 'email' ? 'A new email channel' : 'A new webhook');
  return (
    <SidePanel kind="Channel" title={title} onClose={onClose}>
      {channel === null ? null : <SendingFacts row={channel} />}
      {mayManage ? <ChannelForm channel={channel} kind={kind} mailServer={mailServer} /> : null}
      {channel === null || !mayManage ? null : (
        <>
          <TestNow path={address(alertPaths.testChannel, { id: channel.id })} />
          <RemoveButton path={address(alertPaths.removeChannel, { id: channel.id })} what="channel" onDone={onClose} />
        </>
      )}
    </SidePanel>
  );
}

const formatWords: Record<WebhookFormat, string> = {
  standard: 'Signed JSON',
  slack: 'Slack, or what understands its webhooks',
  teams: 'Microsoft Teams (a Workflows webhook)',
};

function ChannelForm({ channel, kind, mailServer }: Pick<ChannelPanelProps, 'channel' | 'kind' | 'mailServer'>) {
  const [name, setName] = useState(channel?.name ?? '');
  const [schoolId, setSchoolId] = useState(channel?.schoolId ?? null);
  const [enabled, setEnabled] = useState(channel?.enabled ?? true);
  const [to, setTo] = useState(channel?.to.join('\n') ?? '');
  const [ownServer, setOwnServer] = useState(channel === null ? !mailServer : channel.server !== null);
  const [host, setHost] = useState(channel?.server?.host ?? '');
  const [port, setPort] = useState(channel?.server?.port ?? 587);
  const [user, setUser] = useState(channel?.server?.user ?? '');
  const [from, setFrom] = useState(channel?.server?.from ?? '');
  const [format, setFormat] = useState<WebhookFormat>(channel?.format ?? 'standard');
  const [url, setUrl] = useState('');
  const [secret, setSecret] = useState('');
  const path = channel === null ? alertPaths.channels : address(alertPaths.channel, { id: channel.id });
  const save = usePost<ChannelInput, typeof madeAnswer>(path, madeAnswer);

  const input = (): ChannelInput => {
    const common = { name, schoolId, enabled, ...(secret === '' ? {} : { secret }) };
    if (kind === 'webhook') return { kind, ...common, format, ...(url === '' ? {} : { url }) };
    const addresses = to.split(/[\s,;]+/).filter((one) => one !== '');
    const server = ownServer ? { host, port, user: user === '' ? null : user, from } : null;
    return { kind, ...common, to: addresses, server };
  };
  return (
    <form
      className={form['form']}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(input());
      }}
    >
      <TextInput
        label="Name"
        placeholder={kind === 'email' ? 'IT team' : 'On call'}
        value={name}
        maxLength={100}
        required
        onChange={(event) => {
          setName(event.currentTarget.value);
        }}
      />
      <SchoolSelect value={schoolId} onChange={setSchoolId} />
      {kind === 'email' ? (
        <>
          <Textarea
            label="Addresses"
            description="One on each line. Each gets a mail of its own."
            placeholder="it@school.example"
            value={to}
            autosize
            minRows={2}
            required
            onChange={(event) => {
              setTo(event.currentTarget.value);
            }}
          />
          <Switch
            label="A mail server of its own"
            description={mailServer ? undefined : 'The server’s settings name none (USHER_SMTP_URL).'}
            checked={ownServer}
            onChange={(event) => {
              setOwnServer(event.currentTarget.checked);
            }}
          />
          {ownServer ? (
            <>
              <div className={form['pair']}>
                <TextInput
                  label="Mail server"
                  placeholder="smtp.school.example"
                  value={host}
                  required
                  onChange={(event) => {
                    setHost(event.currentTarget.value);
                  }}
                />
                <NumberInput
                  label="Port"
                  value={port}
                  min={1}
                  max={65_535}
                  hideControls
                  required
                  onChange={(value) => {
                    setPort(Number(value));
                  }}
                />
              </div>
              <TextInput
                label="Sender"
                placeholder="usher@school.example"
                value={from}
                required
                onChange={(event) => {
                  setFrom(event.currentTarget.value);
                }}
              />
              <TextInput
                label="Sign-in name there"
                value={user}
                autoComplete="off"
                onChange={(event) => {
                  setUser(event.currentTarget.value);
                }}
              />
              <SecretInput
                label="Password there"
                kept={channel?.hasSecret === true}
                value={secret}
                onChange={setSecret}
              />
            </>
          ) : null}
        </>
      ) : (
        <>
          <NativeSelect
            label="What the receiver understands"
            value={format}
            data={webhookFormat.options.map((value) => ({ value, label: formatWords[value] }))}
            onChange={(event) => {
              setFormat(webhookFormat.catch('standard').parse(event.currentTarget.value));
            }}
          />
          <TextInput
            label="Address"
            description={channel === null ? undefined : `Now ${channel.where}. Leave empty to keep it.`}
            placeholder="https://"
            value={url}
            required={channel === null}
            autoComplete="off"
            onChange={(event) => {
              setUrl(event.currentTarget.value);
            }}
          />
          {format === 'standard' ? (
            <SecretInput
              label="Secret"
              hint="Leave empty to have one made."
              kept={channel?.hasSecret === true}
              value={secret}
              onChange={setSecret}
            />
          ) : null}
        </>
      )}
      <Switch
        label="On"
        checked={enabled}
        onChange={(event) => {
          setEnabled(event.currentTarget.checked);
        }}
      />
      <Refusal error={save.error} />
      <div className={form['formFoot']}>
        <Button type="submit" loading={save.isPending} disabled={channel === null && save.isSuccess}>
          {channel === null ? 'Add the channel' : 'Save'}
        </Button>
        {save.isSuccess ? <span role="status">Saved.</span> : null}
      </div>
      <NewSecret secret={save.data?.secret} />
    </form>
  );
}

export interface SecretInputProps {
  label: string;
  hint?: string;
  kept: boolean;
  value: string;
  onChange: (value: string) => void;
}

/** A secret that can be entered and never read back. */
export function SecretInput({ label, hint, kept, value, onChange }: SecretInputProps) {
  return (
    <TextInput
      type="password"
      label={label}
      description={kept ? 'One is kept. Leave empty to keep it.' : hint}
      value={value}
      maxLength={1_000}
      autoComplete="new-password"
      onChange={(event) => {
        onChange(event.currentTarget.value);
      }}
    />
  );
}
