import { Button, NativeSelect, Textarea } from '@mantine/core';
import { useState } from 'react';
import { z } from 'zod';
import { devicePaths, type AnswerRequest, type RequestRow } from '../../../src/contract/console-devices.ts';
import { address } from '../api/address.ts';
import { Fact, Facts } from '../parts/Facts.tsx';
import { Moment } from '../parts/Moment.tsx';
import { PanelPart, SidePanel } from '../parts/SidePanel.tsx';
import { LoadingLines } from '../parts/States.tsx';
import { TextLink } from '../parts/TextLink.tsx';
import { Refusal } from '../parts/Refusal.tsx';
import { usePost } from './device-queries.ts';
import { DeviceName, RequestChip, Until } from './device-words.tsx';
import { durations, inHours } from './durations.ts';
import form from '../parts/form.module.css';

export interface RequestPanelProps {
  request: RequestRow | undefined;
  loading: boolean;
  onClose: () => void;
}

/** Who asks for what and why, and the answer. */
export function RequestPanel({ request, loading, onClose }: RequestPanelProps) {
  return (
    <SidePanel kind="Request" title={request?.accountName ?? 'Request'} onClose={onClose}>
      {request !== undefined ? (
        <>
          <blockquote className={form['quote']}>{request.reason}</blockquote>
          <Facts>
            <Fact label="Device">
              <DeviceName device={request.device} />
            </Fact>
            <Fact label="Serial">{request.device.serial ?? 'none'}</Fact>
            <Fact label="Machine">
              <TextLink href={address('/machines/:id', { id: request.machineId })}>{request.machine}</TextLink>
            </Fact>
            <Fact label="Asked">
              <Moment at={request.askedAt} as="full" />
            </Fact>
            <Fact label="State">
              <RequestChip request={request} />
            </Fact>
            {request.answeredAt === null ? null : (
              <Fact label="Answered">
                <Moment at={request.answeredAt} as="full" /> by {request.answeredBy}
              </Fact>
            )}
            {request.until === null ? null : (
              <Fact label="Until">
                <Until at={request.until} />
              </Fact>
            )}
            {request.note === '' ? null : <Fact label="Told them">{request.note}</Fact>}
          </Facts>
          <p>
            <TextLink href={address('/devices/all/:id', { id: request.deviceKeyId })}>
              Where this device has been
            </TextLink>
          </p>
          {request.state === 'open' ? <Answer request={request} /> : null}
        </>
      ) : loading ? (
        <LoadingLines lines={6} label="this request" />
      ) : (
        <p>There is no request with this id.</p>
      )}
    </SidePanel>
  );
}

function Answer({ request }: { request: RequestRow }) {
  const [hours, setHours] = useState('8');
  const [forWhom, setForWhom] = useState<'person' | 'everyone'>('person');
  const [where, setWhere] = useState<'machine' | 'everywhere'>('everywhere');
  const [note, setNote] = useState('');
  const post = usePost<AnswerRequest, z.ZodType>(address(devicePaths.answer, { id: request.id }), z.object({}));
  return (
    <PanelPart title="Your answer">
      <form
        className={form['form']}
        onSubmit={(event) => {
          event.preventDefault();
          post.mutate({ answer: 'approved', until: inHours(hours, new Date()), forWhom, where, note: note.trim() });
        }}
      >
        <NativeSelect
          label="For how long"
          value={hours}
          data={durations}
          onChange={(event) => {
            setHours(event.currentTarget.value);
          }}
        />
        <NativeSelect
          label="For whom"
          value={forWhom}
          data={[
            { value: 'person', label: `${request.accountName} only` },
            { value: 'everyone', label: 'Everybody' },
          ]}
          onChange={(event) => {
            setForWhom(event.currentTarget.value === 'everyone' ? 'everyone' : 'person');
          }}
        />
        <NativeSelect
          label="Where"
          value={where}
          data={[
            { value: 'everywhere', label: 'On every machine' },
            { value: 'machine', label: `On ${request.machine} only` },
          ]}
          onChange={(event) => {
            setWhere(event.currentTarget.value === 'machine' ? 'machine' : 'everywhere');
          }}
        />
        <Textarea
          label="What to tell them"
          description="Needed when you refuse."
          value={note}
          maxLength={500}
          autosize
          minRows={2}
          onChange={(event) => {
            setNote(event.currentTarget.value);
          }}
        />
        <Refusal error={post.error} />
        <div className={form['formFoot']}>
          <Button type="submit" loading={post.isPending}>
            Approve
          </Button>
          <Button
            variant="default"
            disabled={post.isPending || note.trim() === ''}
            onClick={() => {
              post.mutate({ answer: 'refused', note: note.trim() });
            }}
          >
            Refuse
          </Button>
        </div>
      </form>
    </PanelPart>
  );
}
