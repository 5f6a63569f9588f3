import { Button } from '@mantine/core';
import { useState } from 'react';
import { z } from 'zod';
import { testAnswer } from '../../../src/contract/console-alerts.ts';
import { Notice } from '../../ui/index.ts';
import { Refusal } from '../parts/Refusal.tsx';
import { Fact, Facts } from '../parts/Facts.tsx';
import { Moment } from '../parts/Moment.tsx';
import { usePost } from './alert-queries.ts';
import form from '../parts/form.module.css';
import styles from './alerts.module.css';

/** How sending last went. */
export function SendingFacts({
  row,
}: {
  row: { lastSuccessAt: string | null; lastFailureAt: string | null; lastFailure: string | null };
}) {
  return (
    <Facts>
      <Fact label="Last success">
        {row.lastSuccessAt === null ? 'never' : <Moment at={row.lastSuccessAt} as="full" />}
      </Fact>
      {row.lastFailureAt === null ? null : (
        <Fact label="Last failure">
          <Moment at={row.lastFailureAt} as="full" />: {row.lastFailure}
        </Fact>
      )}
    </Facts>
  );
}

/** Sends a test and shows what the receiver really answered. */
export function TestNow({ path }: { path: string }) {
  const test = usePost<object, typeof testAnswer>(path, testAnswer);
  return (
    <div className={form['form']}>
      <div className={form['formFoot']}>
        <Button
          variant="default"
          loading={test.isPending}
          onClick={() => {
            test.mutate({});
          }}
        >
          Send a test now
        </Button>
      </div>
      <Refusal error={test.error} />
      {test.data === undefined ? null : (
        <div role="status" className={form['form']}>
          {test.data.sent ? <p>It was taken. The receiver said:</p> : <p>It was not taken. The reason:</p>}
          <p className={styles['answer']}>{test.data.answer}</p>
        </div>
      )}
    </div>
  );
}

/** Removes something for good, after asking once. */
export function RemoveButton({ path, what, onDone }: { path: string; what: string; onDone: () => void }) {
  const [asking, setAsking] = useState(false);
  const remove = usePost<object, z.ZodType>(path, z.object({}));
  return (
    <>
      <Refusal error={remove.error} />
      <div className={form['formFoot']}>
        <Button
          variant="default"
          loading={remove.isPending}
          onClick={() => {
            if (asking) remove.mutate({}, { onSuccess: onDone });
            else setAsking(true);
          }}
        >
          {asking ? `Yes, remove this ${what}` : `Remove this ${what}`}
        </Button>
      </div>
    </>
  );
}

/** A secret the server made, the only time it is shown. */
export function NewSecret({ secret }: { secret: string | null | undefined }) {
  if (secret === null || secret === undefined) return null;
  return (
    <Notice tone="warning" role="status">
      Keep this secret now; it is not shown again. The receiver checks signatures with it.
      <span className={styles['answer']} style={{ display: 'block' }}>
        {secret}
      </span>
    </Notice>
  );
}
