import { Button, NativeSelect, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { z } from 'zod';
import {
  accessPaths,
  openingRow,
  type AccessProblem,
  type AskOpening,
  type OpeningNow,
} from '../../../src/contract/console-access.ts';
import { Notice } from '../../ui/index.ts';
import { address } from '../api/address.ts';
import { failureOf } from '../api/client.ts';
import { Moment } from '../parts/Moment.tsx';
import { Refusal } from '../parts/Refusal.tsx';
import { ErrorState, LoadingLines } from '../parts/States.tsx';
import form from '../parts/form.module.css';
import { openingQuery, useAccessChange } from './access-queries.ts';
import { categoryFrom, categoryWords } from './opening-words.ts';

const needed: readonly string[] = ['console.reasonNeeded', 'console.approvalNeeded'] satisfies AccessProblem[];

/** Whose record has to be opened first, where that is why something was refused; else null. */
function recordToOpen(error: unknown): string | null {
  const failure = failureOf(error);
  if (failure.kind !== 'problem' || !needed.includes(failure.problem.code)) return null;
  return z.looseObject({ personId: z.string() }).safeParse(failure.problem).data?.personId ?? null;
}

/**
 * The same of a query, also while it is asked again: what stands in its place then keeps what was written into it.
 * A query without an answer counts as pending each time, and events that arrive make pages ask again.
 */
export function useRecordToOpen(query: { data: unknown; error: unknown; isPending: boolean }): string | null {
  const [kept, setKept] = useState<string | null>(null);
  const now = query.data !== undefined ? null : query.isPending ? kept : recordToOpen(query.error);
  if (now !== kept) setKept(now);
  return now;
}

/** What stands between somebody and a named person's record: a reason, and where the trust wants it a second person. */
export function OpenPerson({ personId, onOpen }: { personId: string; onOpen: () => void }) {
  const now = useQuery({ ...openingQuery(personId), refetchInterval: 10_000 });
  if (now.isPending) return <LoadingLines lines={3} label="what is needed" />;
  if (now.data === undefined) return <ErrorState error={now.error} onRetry={() => void now.refetch()} />;
  if (now.data.opening?.state === 'pending') return <Waits now={now.data} onOpen={onOpen} />;
  if (now.data.open) {
    return (
      <Notice tone="good" role="status">
        <p>Their record is open for you.</p>
        <Button size="xs" onClick={onOpen}>
          Show it
        </Button>
      </Notice>
    );
  }
  return <Ask personId={personId} now={now.data} onOpen={onOpen} />;
}

function Waits({ now, onOpen }: { now: OpeningNow; onOpen: () => void }) {
  const { opening, approvers } = now;
  return (
    <>
      <Notice tone="plain" role="status" title="Waits for a second person">
        <p>
          {approvers.length === 0
            ? 'Nobody here may agree yet. An administrator can give somebody the role of safeguarding lead.'
            : `One of these has to agree: ${approvers.join(', ')}.`}
          {opening?.answerBefore === null || opening === null ? null : (
            <>
              {' '}
              Without an answer it lapses <Moment at={opening.answerBefore} />.
            </>
          )}
        </p>
      </Notice>
      {opening === null ? null : <blockquote className={form['quote']}>{opening.reason}</blockquote>}
      <div className={form['formFoot']}>
        <Button variant="default" onClick={onOpen}>
          Look again
        </Button>
      </div>
    </>
  );
}

function Ask({ personId, now, onOpen }: { personId: string; now: OpeningNow; onOpen: () => void }) {
  const [category, setCategory] = useState<AskOpening['category']>('incident');
  const [reason, setReason] = useState('');
  const ask = useAccessChange<AskOpening, typeof openingRow>(
    address(accessPaths.opening, { id: personId }),
    openingRow,
  );
  const before = now.opening;
  return (
    <form
      className={form['form']}
      onSubmit={(event) => {
        event.preventDefault();
        ask.mutate(
          { category, reason: reason.trim() },
          {
            onSuccess: ({ state }) => {
              if (state === 'open') onOpen();
            },
          },
        );
      }}
    >
      <p>
        A person&apos;s own record opens for a reason, for {now.minutes} minutes
        {now.secondPersonNeeded ? ', once somebody else has agreed' : ''}. Who looked, when and why is kept, and the
        auditor can see it.
      </p>
      {before?.state === 'refused' ? (
        <Notice tone="refusal" title={`${before.answeredBy ?? 'Somebody'} did not agree`}>
          {before.note}
        </Notice>
      ) : null}
      <NativeSelect
        label="What it is about"
        value={category}
        data={Object.entries(categoryWords).map(([value, label]) => ({ value, label }))}
        onChange={(event) => {
          setCategory(categoryFrom(event.currentTarget.value));
        }}
      />
      <Textarea
        label="Why"
        description="At least 10 characters, for whoever reads the audit trail."
        required
        autosize
        minRows={2}
        maxLength={1_000}
        value={reason}
        onChange={(event) => {
          setReason(event.currentTarget.value);
        }}
      />
      <Refusal error={ask.error} />
      <div className={form['formFoot']}>
        <Button type="submit" loading={ask.isPending} disabled={reason.trim().length < 10}>
          {now.secondPersonNeeded ? 'Ask to open it' : 'Open their record'}
        </Button>
      </div>
    </form>
  );
}
