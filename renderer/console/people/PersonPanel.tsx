import { useQuery } from '@tanstack/react-query';
import { ChevronRight } from 'lucide-react';
import { Link } from 'wouter';
import type { EventRow } from '../../../src/contract/console.ts';
import { OpenPerson, useRecordToOpen } from '../access/OpenPerson.tsx';
import { address } from '../api/address.ts';
import { meQuery, personQuery } from '../api/queries.ts';
import { Fact, Facts } from '../parts/Facts.tsx';
import { Moment } from '../parts/Moment.tsx';
import { PanelPart, SidePanel } from '../parts/SidePanel.tsx';
import { ErrorState, LoadingLines } from '../parts/States.tsx';
import { TextLink } from '../parts/TextLink.tsx';
import { LeaveForm } from './LeaveForm.tsx';
import { SignatureChip } from './signature-words.tsx';
import { StatusChip } from './StatusChip.tsx';
import { TakeAway } from './TakeAway.tsx';
import styles from './people.module.css';

const recentShown = 10;

/** One person: where they stand, every acceptance of theirs, what happened lately. */
export function PersonPanel({ id, name, onClose }: { id: string; name: string | null; onClose: () => void }) {
  const person = useQuery(personQuery(id));
  const toOpen = useRecordToOpen(person);
  const permissions = useQuery(meQuery).data?.permissions ?? [];
  const mayExport = permissions.includes('rights.export');
  const mayManage = permissions.includes('people.manage');
  return (
    <SidePanel
      kind="Person"
      title={person.data?.printedName ?? person.data?.name ?? name ?? 'Person'}
      onClose={onClose}
    >
      {toOpen !== null ? (
        <OpenPerson personId={id} onOpen={() => void person.refetch()} />
      ) : person.isPending ? (
        <LoadingLines lines={4} label="this person" />
      ) : person.data === undefined ? (
        <ErrorState error={person.error} onRetry={() => void person.refetch()} />
      ) : (
        <>
          <Facts>
            <Fact label="Status">
              <StatusChip status={person.data.status} />
            </Fact>
            {person.data.counterSignature === null ? null : (
              <Fact label="Second signature">
                <SignatureChip state={person.data.counterSignature} />
              </Fact>
            )}
            {person.data.leftAt === null ? null : (
              <Fact label="Left">
                <TextLink href={address('/people/leavers/:id', { id })}>
                  <Moment at={person.data.leftAt} />
                </TextLink>
              </Fact>
            )}
            <Fact label="Account">{person.data.name}</Fact>
            <Fact label="Last seen">
              <Moment at={person.data.lastSeenAt} />
            </Fact>
          </Facts>
          <PanelPart title="Acceptances">
            <EventLines
              events={person.data.acceptances}
              empty="They have not accepted a policy yet."
              hrefOf={(event) => address('/acceptances/:id', { id: event.acceptanceId ?? '' })}
              lineOf={acceptanceLine}
            />
          </PanelPart>
          <PanelPart title="Recent events">
            <EventLines
              events={person.data.recentEvents.slice(0, recentShown)}
              empty="Nothing is recorded about them."
              hrefOf={(event) => address('/events', {}, { person: id, event: event.id })}
              lineOf={(event) => event.summary}
            />
            <p>
              <TextLink href={address('/events', {}, { person: id })}>All their events</TextLink>
            </p>
          </PanelPart>
          {mayManage && person.data.leftAt === null ? <LeaveForm personId={id} /> : null}
          {mayExport ? <TakeAway personId={id} /> : null}
        </>
      )}
    </SidePanel>
  );
}

function acceptanceLine(event: EventRow): string {
  if (event.body?.type !== 'policy.accepted') return event.summary;
  return `${event.body.data.policyTitle}, version ${String(event.body.data.policyVersion)}`;
}

interface EventLinesProps {
  events: readonly EventRow[];
  empty: string;
  hrefOf: (event: EventRow) => string;
  lineOf: (event: EventRow) => string;
}

function EventLines({ events, empty, hrefOf, lineOf }: EventLinesProps) {
  if (events.length === 0) return <p>{empty}</p>;
  return (
    <ul className={styles['lines']}>
      {events.map((event) => (
        <li key={event.id}>
          <Link href={hrefOf(event)} className={styles['line']}>
            <span>
              {lineOf(event)}
              <span className={styles['when']}>
                <Moment at={event.at} /> · {event.machine}
              </span>
            </span>
            <ChevronRight size={16} aria-hidden />
          </Link>
        </li>
      ))}
    </ul>
  );
}
