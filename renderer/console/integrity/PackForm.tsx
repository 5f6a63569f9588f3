import { Button, NativeSelect, TextInput } from '@mantine/core';
import { PackageCheck } from 'lucide-react';
import { useState } from 'react';
import type { IntegrityState } from '../../../src/contract/console-integrity.ts';
import { Notice } from '../../ui/index.ts';
import { Refusal } from '../parts/Refusal.tsx';
import { usePack } from './integrity-queries.ts';
import form from '../parts/form.module.css';

const dayMs = 24 * 60 * 60 * 1_000;
const dayWords = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** Makes an evidence pack about a school. */
export function PackForm({ state }: { state: IntegrityState }) {
  const [opened] = useState(() => Date.now());
  const [schoolId, setSchoolId] = useState(state.schools[0]?.id ?? '');
  const [from, setFrom] = useState(dayWords(opened - 30 * dayMs));
  const [to, setTo] = useState(dayWords(opened));
  const [reason, setReason] = useState('');
  const pack = usePack();
  return (
    <section className={form['card']}>
      <h2>Make an evidence pack</h2>
      <p className={form['soft']}>
        One file with every record of a school in a span of days, its signatures, receipts and proofs. Anybody can check
        it on any computer. That you made it, and why, is kept in the audit trail.
      </p>
      <form
        className={form['form']}
        onSubmit={(event) => {
          event.preventDefault();
          pack.mutate({
            schoolId,
            from: new Date(`${from}T00:00:00`).toISOString(),
            to: new Date(new Date(`${to}T00:00:00`).getTime() + dayMs - 1).toISOString(),
            reason: reason.trim(),
          });
        }}
      >
        <NativeSelect
          label="School"
          value={schoolId}
          data={state.schools.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(event) => {
            setSchoolId(event.currentTarget.value);
          }}
        />
        <div className={form['pair']}>
          <TextInput
            type="date"
            label="From"
            value={from}
            required
            onChange={(event) => {
              setFrom(event.currentTarget.value);
            }}
          />
          <TextInput
            type="date"
            label="To"
            value={to}
            required
            onChange={(event) => {
              setTo(event.currentTarget.value);
            }}
          />
        </div>
        <TextInput
          label="Who asked for it, and why"
          value={reason}
          minLength={3}
          maxLength={500}
          required
          onChange={(event) => {
            setReason(event.currentTarget.value);
          }}
        />
        <Refusal error={pack.error} />
        {pack.data === undefined ? null : (
          <Notice tone="good" role="status">
            {pack.data} was made. Check it with <code>usher verify</code>, or here.
          </Notice>
        )}
        <div>
          <Button type="submit" loading={pack.isPending} leftSection={<PackageCheck size={16} aria-hidden />}>
            Make the pack
          </Button>
        </div>
      </form>
    </section>
  );
}
