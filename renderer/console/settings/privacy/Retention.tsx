import { Button, NativeSelect, NumberInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { z } from 'zod';
import {
  privacyPaths,
  retentionPreview,
  type ChangeRetention,
  type Retention,
} from '../../../../src/contract/console-privacy.ts';
import {
  longestMonths,
  retentionCategory,
  shortestMonths,
  type KeepFor,
  type RetentionCategory,
} from '../../../../src/contract/retention.ts';
import { categoryWords } from '../../../../src/words/recorded-data.ts';
import { keepWords } from '../../../../src/words/retention-words.ts';
import { Notice } from '../../../ui/index.ts';
import { Refusal } from '../../parts/Refusal.tsx';
import { DataTable, type Column } from '../../parts/DataTable.tsx';
import { Fact, Facts } from '../../parts/Facts.tsx';
import { counted } from '../../parts/counted.ts';
import { Moment } from '../../parts/Moment.tsx';
import { SidePanel } from '../../parts/SidePanel.tsx';
import { ErrorState, LoadingLines } from '../../parts/States.tsx';
import { retentionQuery, usePost } from './privacy-queries.ts';
import form from '../../parts/form.module.css';

/** One line of the table: a category in a school, or where the trust decides, in all of them. */
interface Row {
  key: string;
  schoolId: string | null;
  school: string;
  category: RetentionCategory;
  keep: KeepFor;
  decidedBy: 'school' | 'trust' | 'policy' | 'usher';
}

const decidedWords = {
  school: 'this school',
  trust: 'the trust',
  policy: 'the policy in force',
  usher: 'Usher’s default',
} as const;

function rowsOf({ trust, schools, wholeTrust }: Retention): Row[] {
  const own: Row[] = schools.flatMap(({ id, name, categories }) =>
    categories.map((one) => ({ ...one, key: `${id}.${one.category}`, schoolId: id, school: name })),
  );
  if (!wholeTrust || schools.length < 2) return own;
  const all = retentionCategory.options.map((category): Row => {
    const keep = trust.find((one) => one.category === category)?.keep;
    const byPolicy = own.find((one) => one.category === category && one.decidedBy === 'policy')?.keep;
    return {
      key: `all.${category}`,
      schoolId: null,
      school: 'Every school',
      category,
      keep: keep ?? byPolicy ?? categoryWords[category].keep,
      decidedBy: keep !== undefined ? 'trust' : byPolicy !== undefined ? 'policy' : 'usher',
    };
  });
  return [...all, ...own];
}

const columns: Column<Row>[] = [
  {
    id: 'what',
    header: 'What',
    cell: ({ row }) => categoryWords[row.original.category].word,
    meta: { card: 'link', width: '30%' },
  },
  { id: 'school', header: 'School', cell: ({ row }) => row.original.school, meta: { card: 'line' } },
  {
    id: 'keep',
    header: 'Kept for',
    cell: ({ row }) => keepWords(row.original.keep),
    meta: { card: 'line', cardLabel: 'Kept for', width: '30%' },
  },
  {
    id: 'by',
    header: 'Decided by',
    cell: ({ row }) => decidedWords[row.original.decidedBy],
    meta: { card: 'line', cardLabel: 'Decided by', width: '18%' },
  },
];

export function RetentionPart({ open }: { open: string | null }) {
  const query = useQuery(retentionQuery);
  if (query.isPending) return <LoadingLines label="what is kept" />;
  if (query.data === undefined) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  const rows = rowsOf(query.data);
  return (
    <DataTable
      label="How long everything is kept"
      columns={query.data.schools.length < 2 ? columns.filter(({ id }) => id !== 'school') : columns}
      rows={rows}
      keyOf={({ key }) => key}
      hrefOf={({ key }) => `/settings/privacy/kept:${key}`}
      openKey={open}
    />
  );
}

export function RetentionPanel({
  row: key,
  mayManage,
  onClose,
}: {
  row: string;
  mayManage: boolean;
  onClose: () => void;
}) {
  const query = useQuery(retentionQuery);
  const row = query.data === undefined ? undefined : rowsOf(query.data).find((one) => one.key === key);
  const words = row === undefined ? undefined : categoryWords[row.category];
  return (
    <SidePanel kind={row?.school ?? 'How long'} title={words?.word ?? 'Not here'} onClose={onClose}>
      {row === undefined || words === undefined ? (
        query.isPending ? (
          <LoadingLines lines={6} label="this" />
        ) : (
          <p>There is nothing of this name.</p>
        )
      ) : (
        <>
          <Facts>
            <Fact label="Holds">{words.holds}</Fact>
            <Fact label="Why">{words.purpose}</Fact>
            <Fact label="Basis">{words.basis}</Fact>
            <Fact label="Kept for">{keepWords(row.keep)}</Fact>
            <Fact label="Decided by">{decidedWords[row.decidedBy]}</Fact>
          </Facts>
          {mayManage ? <ChangeForm row={row} /> : null}
        </>
      )}
    </SidePanel>
  );
}

/** First shows what it would remove, then saves exactly that. */
function ChangeForm({ row }: { row: Row }) {
  const [months, setMonths] = useState<number | string>(row.keep.months);
  const [from, setFrom] = useState<KeepFor['from']>(row.keep.from);
  const preview = usePost<ChangeRetention, typeof retentionPreview>(privacyPaths.preview, retentionPreview);
  const save = usePost<ChangeRetention, z.ZodType>(privacyPaths.retention, z.object({}));
  const inherited = row.decidedBy !== (row.schoolId === null ? 'trust' : 'school');
  const change = (keep: KeepFor | null): ChangeRetention => ({ schoolId: row.schoolId, category: row.category, keep });
  const shown = preview.data;
  const previewed = preview.variables;
  const forget = () => {
    preview.reset();
    save.reset();
  };
  return (
    <form
      className={form['form']}
      onSubmit={(event) => {
        event.preventDefault();
        save.reset();
        preview.mutate(change({ from, months: Number(months) }));
      }}
    >
      <NumberInput
        label="Months"
        value={months}
        min={shortestMonths}
        max={longestMonths}
        allowDecimal={false}
        required
        onChange={(value) => {
          setMonths(value);
          forget();
        }}
      />
      <NativeSelect
        label="Counted from"
        value={from}
        data={[
          { value: 'received', label: 'when the server received it' },
          { value: 'lastSeen', label: 'when the person was last seen' },
        ]}
        onChange={(event) => {
          setFrom(event.currentTarget.value === 'lastSeen' ? 'lastSeen' : 'received');
          forget();
        }}
      />
      <Refusal error={preview.error ?? save.error} />
      {save.isSuccess ? (
        <Notice tone="good" role="status">
          Saved. What is due goes within ten minutes, or at once under Removed.
        </Notice>
      ) : shown === undefined || previewed === undefined ? null : (
        <>
          <Notice tone={shown.records === 0 ? 'plain' : 'warning'} role="status">
            {shown.records === 0
              ? 'This would remove nothing now'
              : `This would remove ${counted(shown.records, 'record')}`}
            {shown.records === 0 ? '' : ' older than '}
            {shown.records === 0 ? null : <Moment at={shown.before} as="full" />}.
            {shown.held === 0
              ? ''
              : ` ${String(shown.held)} more ${shown.held === 1 ? 'is on hold and stays' : 'are on hold and stay'}.`}
            {row.category === 'acceptances' && shown.records > 0
              ? ' People whose acceptance goes count as not having accepted.'
              : ''}
          </Notice>
          <div className={form['formFoot']}>
            <Button
              loading={save.isPending}
              {...(shown.records > 0 ? { color: 'red' } : {})}
              onClick={() => {
                save.mutate(previewed);
              }}
            >
              {previewed.keep === null ? `Back to ${keepWords(shown.keep)}` : `Keep for ${keepWords(shown.keep)}`}
            </Button>
          </div>
        </>
      )}
      <div className={form['formFoot']}>
        <Button type="submit" variant="default" loading={preview.isPending}>
          See what it would remove
        </Button>
        {inherited ? null : (
          <Button
            variant="default"
            onClick={() => {
              save.reset();
              preview.mutate(change(null));
            }}
          >
            {row.schoolId === null ? 'Back to Usher’s default' : 'As the trust says'}
          </Button>
        )}
      </div>
    </form>
  );
}
