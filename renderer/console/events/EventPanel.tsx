import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { FileSearch } from 'lucide-react';
import { Link } from 'wouter';
import type { EventRow } from '../../../src/contract/console.ts';
import { address } from '../api/address.ts';
import { eventQuery } from '../api/queries.ts';
import { CopyButton } from '../parts/CopyButton.tsx';
import { Fact, Facts } from '../parts/Facts.tsx';
import { Moment } from '../parts/Moment.tsx';
import { PanelPart, SidePanel } from '../parts/SidePanel.tsx';
import { ErrorState, LoadingLines } from '../parts/States.tsx';
import { TextLink } from '../parts/TextLink.tsx';
import { eventWords } from './event-words.ts';
import { FieldValues } from './FieldValues.tsx';
import styles from './events.module.css';

export interface EventPanelProps {
  id: string;
  /** The row, where the list has it already. */
  known: EventRow | undefined;
  onClose: () => void;
}

/** One event with every field of its body, and the body as it was recorded. */
export function EventPanel({ id, known, onClose }: EventPanelProps) {
  const query = useQuery({ ...eventQuery(id), enabled: known === undefined });
  const event = known ?? query.data;
  return (
    <SidePanel kind="Event" title={event === undefined ? 'Event' : eventWords[event.type].word} onClose={onClose}>
      {event !== undefined ? (
        <EventDetail event={event} />
      ) : query.isError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <LoadingLines lines={6} label="this event" />
      )}
    </SidePanel>
  );
}

function EventDetail({ event }: { event: EventRow }) {
  return (
    <>
      <p>{event.summary}</p>
      {event.acceptanceId === null ? null : (
        <Button
          component={Link}
          href={address('/acceptances/:id', { id: event.acceptanceId })}
          leftSection={<FileSearch size={16} aria-hidden />}
          w="fit-content"
        >
          See what was signed
        </Button>
      )}
      <Facts>
        <Fact label="Happened">
          <Moment at={event.at} as="seconds" />
        </Fact>
        <Fact label="Reached the server">
          <Moment at={event.receivedAt} as="seconds" />
        </Fact>
        <Fact label="Machine">
          <TextLink href={address('/machines/:id', { id: event.deviceId })}>{event.machine}</TextLink>
        </Fact>
        <Fact label="Person">{event.account?.name ?? <span className={styles['none']}>nobody</span>}</Fact>
        <Fact label="Record">
          {event.epoch}·{event.seq}
        </Fact>
      </Facts>
      {event.body === null ? (
        <p>What it held was removed when its retention period ended. Its place in the record still verifies.</p>
      ) : (
        <>
          <PanelPart title="What was recorded">
            <FieldValues value={event.body.data} />
          </PanelPart>
          <PanelPart title="Around it">
            <FieldValues value={withoutData(event.body)} />
          </PanelPart>
          <RawBody body={event.body} />
        </>
      )}
    </>
  );
}

function withoutData(body: NonNullable<EventRow['body']>): object {
  const { data: _data, type: _type, ...around } = body;
  return around;
}

function RawBody({ body }: { body: object }) {
  const text = JSON.stringify(body, null, 2);
  return (
    <details className={styles['raw']}>
      <summary>As recorded (JSON)</summary>
      <div className={styles['rawBody']}>
        <CopyButton text={text} what="the JSON" label="Copy" />
        {/* Long JSON scrolls sideways, so the keyboard has to reach it. */}
        {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <pre tabIndex={0} aria-label="The event as JSON">
          {text}
        </pre>
      </div>
    </details>
  );
}
