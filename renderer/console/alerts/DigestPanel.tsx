import { Button, MultiSelect, NativeSelect, Switch, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { z } from 'zod';
import { alertPaths, type DigestInput, type DigestRow } from '../../../src/contract/console-alerts.ts';
import { address } from '../api/address.ts';
import { Refusal } from '../parts/Refusal.tsx';
import { PanelPart, SidePanel } from '../parts/SidePanel.tsx';
import { channelsQuery, digestPreviewQuery, usePost } from './alert-queries.ts';
import { weekdays } from './alert-columns.tsx';
import form from '../parts/form.module.css';
import styles from './alerts.module.css';

export interface DigestPanelProps {
  digest: DigestRow;
  mayManage: boolean;
  onClose: () => void;
}

/** The weekly digest of one school: when, to whom, and what it would say now. */
export function DigestPanel({ digest, mayManage, onClose }: DigestPanelProps) {
  const preview = useQuery(digestPreviewQuery(digest.id)).data;
  return (
    <SidePanel kind="Weekly digest" title={digest.school} onClose={onClose}>
      {mayManage ? <DigestForm digest={digest} /> : null}
      <PanelPart title="What it would say now">
        {preview === undefined ? null : (
          <>
            <p>
              <strong>{preview.subject}</strong>
            </p>
            <p className={styles['answer']}>{preview.text}</p>
          </>
        )}
      </PanelPart>
    </SidePanel>
  );
}

function DigestForm({ digest }: { digest: DigestRow }) {
  const channels = useQuery(channelsQuery).data?.items ?? [];
  const [enabled, setEnabled] = useState(digest.enabled);
  const [chosen, setChosen] = useState<string[]>(digest.channels);
  const [weekday, setWeekday] = useState(digest.weekday);
  const [hour, setHour] = useState(digest.hour);
  const [timeZone, setTimeZone] = useState(digest.timeZone);
  const save = usePost<DigestInput, z.ZodType>(address(alertPaths.digest, { id: digest.id }), z.object({}));
  const known = chosen.filter((id) => channels.some((one) => one.id === id));
  return (
    <form
      className={form['form']}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({ enabled, channels: known, weekday, hour, timeZone });
      }}
    >
      <div className={form['pair']}>
        <NativeSelect
          label="On"
          value={String(weekday)}
          data={weekdays.map((label, place) => ({ value: String(place + 1), label }))}
          onChange={(event) => {
            setWeekday(Number(event.currentTarget.value));
          }}
        />
        <NativeSelect
          label="At"
          value={String(hour)}
          data={Array.from({ length: 24 }, (_, value) => ({ value: String(value), label: `${String(value)}:00` }))}
          onChange={(event) => {
            setHour(Number(event.currentTarget.value));
          }}
        />
      </div>
      <TextInput
        label="Time zone of the school"
        value={timeZone}
        required
        onChange={(event) => {
          setTimeZone(event.currentTarget.value);
        }}
      />
      <MultiSelect
        label="To"
        description={
          channels.length === 0 ? 'There is no channel yet. Add an email channel for the head first.' : undefined
        }
        data={channels.map(({ id, name }) => ({ value: id, label: name }))}
        value={known}
        onChange={setChosen}
      />
      <Switch
        label="Send it every week"
        checked={enabled}
        onChange={(event) => {
          setEnabled(event.currentTarget.checked);
        }}
      />
      <Refusal error={save.error} />
      <div className={form['formFoot']}>
        <Button type="submit" loading={save.isPending}>
          Save
        </Button>
        {save.isSuccess ? <span role="status">Saved.</span> : null}
      </div>
    </form>
  );
}
