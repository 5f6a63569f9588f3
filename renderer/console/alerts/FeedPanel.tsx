import { Button, MultiSelect, NativeSelect, NumberInput, Switch, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { z } from 'zod';
import { alertPaths, madeAnswer, type FeedInput, type FeedRow } from '../../../src/contract/console-alerts.ts';
import { eventType, eventTypes } from '../../../src/contract/event.ts';
import { eventPhrases } from '../../../src/words/alert-words.ts';
import { address } from '../api/address.ts';
import { Refusal } from '../parts/Refusal.tsx';
import { Fact, Facts } from '../parts/Facts.tsx';
import { SidePanel } from '../parts/SidePanel.tsx';
import { TextLink } from '../parts/TextLink.tsx';
import { Notice } from '../../ui/index.ts';
import { usePost } from './alert-queries.ts';
import { feedKindWords } from './alert-columns.tsx';
import { SecretInput } from './ChannelPanel.tsx';
import { SchoolSelect } from './SchoolSelect.tsx';
import { NewSecret, RemoveButton, SendingFacts, TestNow } from './SendingFacts.tsx';
import form from '../parts/form.module.css';

export interface FeedPanelProps {
  feed: FeedRow | null;
  kind: FeedRow['kind'];
  mayManage: boolean;
  onClose: () => void;
}

/** Events passed on to another system: one feed, or a new one. */
export function FeedPanel({ feed, kind, mayManage, onClose }: FeedPanelProps) {
  return (
    <SidePanel kind={feedKindWords[kind]} title={feed?.name ?? 'A new feed'} onClose={onClose}>
      {feed === null ? null : (
        <>
          <Facts>
            <Fact label="Passed on">{feed.sent.toLocaleString('en-GB')} events</Fact>
            {feed.refused === 0 ? null : (
              <Fact label="Refused there">{feed.refused.toLocaleString('en-GB')} events</Fact>
            )}
            <Fact label="Behind">
              {feed.behind === 0 ? 'up to date' : `${feed.behind.toLocaleString('en-GB')} events`}
            </Fact>
          </Facts>
          <SendingFacts row={feed} />
          {feed.refusedEvent === null ? null : (
            <RefusedEvent feed={feed} event={feed.refusedEvent} mayManage={mayManage} />
          )}
        </>
      )}
      {mayManage ? <FeedForm feed={feed} kind={kind} /> : null}
      {feed === null || !mayManage ? null : (
        <>
          <TestNow path={address(alertPaths.testFeed, { id: feed.id })} />
          <RemoveButton path={address(alertPaths.removeFeed, { id: feed.id })} what="feed" onDone={onClose} />
        </>
      )}
    </SidePanel>
  );
}

/** The event a feed stands at, why, and what can be done about it. */
function RefusedEvent({
  feed,
  event,
  mayManage,
}: {
  feed: FeedRow;
  event: NonNullable<FeedRow['refusedEvent']>;
  mayManage: boolean;
}) {
  const [asking, setAsking] = useState(false);
  const skip = usePost<{ event: number }, z.ZodType>(address(alertPaths.skipFeedEvent, { id: feed.id }), z.object({}));
  const known = eventType.safeParse(event.type).data;
  return (
    <Notice tone="warning">
      <p>
        The receiver refuses <TextLink href={`/events?event=${String(event.number)}`}>event {event.number}</TextLink>
        {known === undefined ? '' : `, “${eventPhrases[known]}”`} on {event.machine}. Everything before it was passed
        on.
      </p>
      <p>
        Its answer is above. Correct the receiver, and the feed goes on by itself. If it will never take this event,
        have it skipped: it stays on the record here, and who skipped it is in the audit trail.
      </p>
      {mayManage ? (
        <div className={form['formFoot']}>
          <Button
            variant="default"
            loading={skip.isPending}
            onClick={() => {
              if (asking) skip.mutate({ event: event.number });
              else setAsking(true);
            }}
          >
            {asking ? `Yes, skip event ${String(event.number)}` : 'Skip this event'}
          </Button>
        </div>
      ) : null}
      <Refusal error={skip.error} />
    </Notice>
  );
}

function FeedForm({ feed, kind }: Pick<FeedPanelProps, 'feed' | 'kind'>) {
  const [name, setName] = useState(feed?.name ?? '');
  const [schoolId, setSchoolId] = useState(feed?.schoolId ?? null);
  const [types, setTypes] = useState<string[]>(feed?.types ?? []);
  const [includeNames, setIncludeNames] = useState(feed?.includeNames ?? false);
  const [from, setFrom] = useState<'now' | 'beginning'>('now');
  const [enabled, setEnabled] = useState(feed?.enabled ?? true);
  const [host, setHost] = useState(feed?.host ?? '');
  const [port, setPort] = useState(feed?.port ?? 6_514);
  const [ca, setCa] = useState('');
  const [url, setUrl] = useState('');
  const [secret, setSecret] = useState('');
  const path = feed === null ? alertPaths.feeds : address(alertPaths.feed, { id: feed.id });
  const save = usePost<FeedInput, typeof madeAnswer>(path, madeAnswer);

  const input = (): FeedInput => {
    const known = types.flatMap((type) => eventType.safeParse(type).data ?? []);
    const common = { name, schoolId, types: known, includeNames, from, enabled };
    if (kind === 'syslog') return { kind, ...common, host, port, ca: ca.trim() === '' ? null : ca };
    return { kind, ...common, ...(url === '' ? {} : { url }), ...(secret === '' ? {} : { secret }) };
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
        placeholder="SIEM"
        value={name}
        maxLength={100}
        required
        onChange={(event) => {
          setName(event.currentTarget.value);
        }}
      />
      {kind === 'syslog' ? (
        <>
          <div className={form['pair']}>
            <TextInput
              label="Receiver"
              placeholder="siem.school.example"
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
          <Textarea
            label="Authority of its certificate (PEM)"
            description={
              feed?.hasOwnAuthority === true
                ? 'One is kept. Enter it again when you save, or it is a public one from then on.'
                : 'Empty: a public one.'
            }
            value={ca}
            rows={3}
            onChange={(event) => {
              setCa(event.currentTarget.value);
            }}
          />
        </>
      ) : (
        <>
          <TextInput
            label="Address"
            description={feed === null ? undefined : `Now ${feed.where}. Leave empty to keep it.`}
            placeholder={kind === 'otlp' ? 'https://collector.example/v1/logs' : 'https://'}
            value={url}
            required={feed === null}
            autoComplete="off"
            onChange={(event) => {
              setUrl(event.currentTarget.value);
            }}
          />
          <SecretInput
            label={kind === 'otlp' ? 'Authorization header' : 'Secret'}
            hint={
              kind === 'otlp' ? 'Such as “Bearer …”; empty where it asks for none.' : 'Leave empty to have one made.'
            }
            kept={feed?.hasSecret === true}
            value={secret}
            onChange={setSecret}
          />
        </>
      )}
      <SchoolSelect value={schoolId} onChange={setSchoolId} />
      <MultiSelect
        label="Only these events"
        description="Empty: every event."
        data={eventTypes.map((value) => ({ value, label: `${eventPhrases[value]} (${value})` }))}
        value={types}
        searchable
        onChange={setTypes}
      />
      {feed === null ? (
        <NativeSelect
          label="Begin with"
          value={from}
          data={[
            { value: 'now', label: 'the next event' },
            { value: 'beginning', label: 'everything that is kept' },
          ]}
          onChange={(event) => {
            setFrom(event.currentTarget.value === 'beginning' ? 'beginning' : 'now');
          }}
        />
      ) : null}
      <Switch
        label="Pass on who it was and what they wrote"
        description="Off: no names and no text that somebody wrote."
        checked={includeNames}
        onChange={(event) => {
          setIncludeNames(event.currentTarget.checked);
        }}
      />
      <Switch
        label="On"
        checked={enabled}
        onChange={(event) => {
          setEnabled(event.currentTarget.checked);
        }}
      />
      <Refusal error={save.error} />
      <div className={form['formFoot']}>
        <Button type="submit" loading={save.isPending} disabled={feed === null && save.isSuccess}>
          {feed === null ? 'Add the feed' : 'Save'}
        </Button>
        {save.isSuccess ? <span role="status">Saved.</span> : null}
      </div>
      <NewSecret secret={save.data?.secret} />
    </form>
  );
}
