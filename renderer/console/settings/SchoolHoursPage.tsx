import { Button, Checkbox, NumberInput, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { machinePaths, schoolHours, type SchoolHours } from '../../../src/contract/console-machines.ts';
import { meQuery } from '../api/queries.ts';
import { Refusal } from '../parts/Refusal.tsx';
import { hoursQuery, useSend } from '../machines/machine-queries.ts';
import form from '../parts/form.module.css';
import styles from '../machines/machines.module.css';
import { ErrorState, LoadingLines } from '../parts/States.tsx';
import { Workspace } from '../parts/Workspace.tsx';

const dayNames = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** When machines are expected to be heard of. */
export function SchoolHoursPage({ lead, toolbar }: { lead: string; toolbar: ReactNode }) {
  const query = useQuery(hoursQuery);
  return (
    <Workspace title="Settings" lead={lead} toolbar={toolbar}>
      {query.isPending ? (
        <LoadingLines label="school hours" />
      ) : query.data === undefined ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <HoursForm hours={query.data} />
      )}
    </Workspace>
  );
}

const closedText = (closed: SchoolHours['closed']): string =>
  closed.map(({ from, until }) => (from === until ? from : `${from} to ${until}`)).join('\n');

/** "2026-10-26 to 2026-10-30", one in each line, or a single day. */
const closedFrom = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const [from = '', until = from] = line.split(/\s+to\s+/);
      return { from, until };
    });

function HoursForm({ hours }: { hours: SchoolHours }) {
  const mayManage = useQuery(meQuery).data?.permissions.includes('machines.manage') ?? false;
  const send = useSend(schoolHours);
  const [given, setGiven] = useState(hours);
  const [closed, setClosed] = useState(closedText(hours.closed));
  const set = (change: Partial<SchoolHours>) => {
    setGiven({ ...given, ...change });
  };
  return (
    <form
      className={styles['hours']}
      onSubmit={(event) => {
        event.preventDefault();
        send.mutate({ path: machinePaths.hours, body: { ...given, closed: closedFrom(closed) } });
      }}
    >
      <fieldset className={styles['fieldset']} disabled={!mayManage}>
        <legend>School days</legend>
        <div className={styles['days']}>
          {dayNames.map((label, index) => (
            <Checkbox
              key={label}
              label={label}
              checked={given.days.includes(index + 1)}
              onChange={(event) => {
                const others = given.days.filter((day) => day !== index + 1);
                set({ days: event.currentTarget.checked ? [...others, index + 1].sort() : others });
              }}
            />
          ))}
        </div>
        <div className={form['pair']}>
          <TextInput
            label="From"
            type="time"
            value={given.from}
            onChange={(event) => {
              set({ from: event.currentTarget.value });
            }}
          />
          <TextInput
            label="Until"
            type="time"
            value={given.until}
            onChange={(event) => {
              set({ until: event.currentTarget.value });
            }}
          />
          <TextInput
            label="Time zone"
            value={given.timeZone}
            maxLength={60}
            onChange={(event) => {
              set({ timeZone: event.currentTarget.value });
            }}
          />
        </div>
        <Textarea
          label="Holidays"
          description="One in each line, such as 2026-10-26 to 2026-10-30. Machines are not expected then."
          value={closed}
          autosize
          minRows={3}
          onChange={(event) => {
            setClosed(event.currentTarget.value);
          }}
        />
        <div className={form['pair']}>
          <NumberInput
            label="Silent after school days"
            value={given.silentAfterSchoolDays}
            min={1}
            max={60}
            allowDecimal={false}
            onChange={(value) => {
              set({ silentAfterSchoolDays: Number(value) });
            }}
          />
          <NumberInput
            label="Probably gone after days"
            value={given.goneAfterDays}
            min={2}
            max={730}
            allowDecimal={false}
            onChange={(value) => {
              set({ goneAfterDays: Number(value) });
            }}
          />
        </div>
      </fieldset>
      <Refusal error={send.error} />
      {mayManage ? (
        <div className={form['formFoot']}>
          <Button type="submit" loading={send.isPending}>
            Save
          </Button>
          <span role="status">{send.isSuccess ? 'Saved.' : ''}</span>
        </div>
      ) : null}
    </form>
  );
}
