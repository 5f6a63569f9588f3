import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { standingPaths, type Leaver } from '../../../src/contract/console-standing.ts';
import { address } from '../api/address.ts';
import { meQuery } from '../api/queries.ts';
import { Notice } from '../../ui/index.ts';
import { Fact, Facts } from '../parts/Facts.tsx';
import { Moment } from '../parts/Moment.tsx';
import { Refusal } from '../parts/Refusal.tsx';
import { PanelPart, SidePanel } from '../parts/SidePanel.tsx';
import { LoadingLines } from '../parts/States.tsx';
import { TextLink } from '../parts/TextLink.tsx';
import { useStanding } from './standing-queries.ts';
import form from '../parts/form.module.css';
import styles from './people.module.css';

export interface LeaverPanelProps {
  leaver: Leaver | undefined;
  loading: boolean;
  onClose: () => void;
}

/** Somebody who left: ticking off what came back, noting what was forgotten, and undoing a mistake. */
export function LeaverPanel({ leaver, loading, onClose }: LeaverPanelProps) {
  const mayManage = useQuery(meQuery).data?.permissions.includes('people.manage') === true;
  return (
    <SidePanel kind="Leaver" title={leaver?.printedName ?? leaver?.name ?? 'Leaver'} onClose={onClose}>
      {leaver !== undefined ? (
        <>
          {leaver.seenAfterLeavingAt === null ? null : (
            <Notice tone="refusal" title="Their account was used after they had left">
              First on <Moment at={leaver.seenAfterLeavingAt} as="full" />. Disable the account where accounts are made.{' '}
              <TextLink href={address('/events', {}, { person: leaver.personId })}>What it did</TextLink>
            </Notice>
          )}
          <Facts>
            <Fact label="Account">{leaver.name}</Fact>
            <Fact label="School">{leaver.school}</Fact>
            <Fact label="Left">
              <Moment at={leaver.leftAt} as="full" />, noted by {leaver.leftBy}
            </Fact>
            <Fact label="Last seen">
              <Moment at={leaver.lastSeenAt} as="full" />
            </Fact>
            {leaver.note === '' ? null : <Fact label="Note">{leaver.note}</Fact>}
          </Facts>
          <PanelPart title="Equipment">
            {leaver.equipment.length === 0 ? <p>Nothing is noted.</p> : null}
            <ul className={styles['lines']}>
              {leaver.equipment.map((item) => (
                <Item key={item.id} item={item} mayManage={mayManage} />
              ))}
            </ul>
            {mayManage ? <AddItem personId={leaver.personId} /> : null}
          </PanelPart>
          {mayManage ? <ComeBack personId={leaver.personId} onDone={onClose} /> : null}
        </>
      ) : loading ? (
        <LoadingLines lines={5} label="this person" />
      ) : (
        <p>This person is not marked as having left.</p>
      )}
    </SidePanel>
  );
}

function Item({ item, mayManage }: { item: Leaver['equipment'][number]; mayManage: boolean }) {
  const post = useStanding<object>(address(standingPaths.returned, { id: item.id }));
  return (
    <li className={styles['item']}>
      <span>
        {item.what}
        <span className={styles['when']}>
          {item.returnedAt === null ? (
            'Not back yet'
          ) : (
            <>
              Came back <Moment at={item.returnedAt} />, taken by {item.returnedTo}
            </>
          )}
        </span>
        <Refusal error={post.error} />
      </span>
      {item.returnedAt === null && mayManage ? (
        <Button
          variant="default"
          size="compact-md"
          loading={post.isPending}
          aria-label={`${item.what} came back`}
          onClick={() => {
            post.mutate({});
          }}
        >
          Came back
        </Button>
      ) : null}
    </li>
  );
}

function AddItem({ personId }: { personId: string }) {
  const [what, setWhat] = useState('');
  const post = useStanding<{ what: string }>(address(standingPaths.equipment, { id: personId }));
  return (
    <form
      className={form['form']}
      onSubmit={(event) => {
        event.preventDefault();
        post.mutate(
          { what: what.trim() },
          {
            onSuccess: () => {
              setWhat('');
            },
          },
        );
      }}
    >
      <TextInput
        label="Something else they have"
        placeholder="Laptop 12, keys, badge"
        value={what}
        maxLength={200}
        onChange={(event) => {
          setWhat(event.currentTarget.value);
        }}
      />
      <Refusal error={post.error} />
      <div className={form['formFoot']}>
        <Button type="submit" variant="default" disabled={what.trim() === ''} loading={post.isPending}>
          Note it
        </Button>
      </div>
    </form>
  );
}

function ComeBack({ personId, onDone }: { personId: string; onDone: () => void }) {
  const post = useStanding<{ note: string }>(address(standingPaths.comeBack, { id: personId }));
  return (
    <PanelPart title="They work here again">
      <p className={form['soft']}>
        What they had accepted stays closed: they are asked for every policy when they next sign in.
      </p>
      <Refusal error={post.error} />
      <div className={form['formFoot']}>
        <Button
          variant="default"
          loading={post.isPending}
          onClick={() => {
            post.mutate({ note: '' }, { onSuccess: onDone });
          }}
        >
          Not a leaver any more
        </Button>
      </div>
    </PanelPart>
  );
}
