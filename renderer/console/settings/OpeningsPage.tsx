import { Button, Checkbox, NumberInput, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { FolderLock } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useLocation } from 'wouter';
import {
  accessPaths,
  accessSettings,
  openingRow,
  type AccessSettings,
  type AnswerOpening,
  type OpeningRow,
} from '../../../src/contract/console-access.ts';
import { accessSettingsQuery, openingsQuery, useAccessChange } from '../access/access-queries.ts';
import { categoryWords } from '../access/opening-words.ts';
import { address } from '../api/address.ts';
import { meQuery } from '../api/queries.ts';
import { DataTable } from '../parts/DataTable.tsx';
import { Fact, Facts } from '../parts/Facts.tsx';
import { Moment } from '../parts/Moment.tsx';
import { Refusal } from '../parts/Refusal.tsx';
import { PanelPart, SidePanel } from '../parts/SidePanel.tsx';
import { EmptyState, ErrorState, LoadingLines } from '../parts/States.tsx';
import { Workspace } from '../parts/Workspace.tsx';
import form from '../parts/form.module.css';
import { OpeningChip, openingColumns } from './opening-columns.tsx';

const here = '/settings/openings';
const termsKey = 'terms';

/** Who opened whose record and why, and who is asking to. */
export function OpeningsPage({ openId, lead, toolbar }: { openId: string | null; lead: string; toolbar: ReactNode }) {
  const query = useQuery(openingsQuery);
  const [, navigate] = useLocation();
  const permissions = useQuery(meQuery).data?.permissions ?? [];
  const close = () => {
    navigate(here);
  };
  return (
    <Workspace
      title="Settings"
      lead={lead}
      toolbar={toolbar}
      actions={
        permissions.includes('server.manage') ? (
          <Button
            variant="default"
            onClick={() => {
              navigate(`${here}/${termsKey}`);
            }}
          >
            How records open
          </Button>
        ) : null
      }
      panel={
        openId === null
          ? null
          : {
              rowKey: openId,
              content:
                openId === termsKey ? (
                  <TermsPanel onClose={close} />
                ) : (
                  <OpeningPanel
                    key={openId}
                    opening={query.data?.items.find(({ id }) => id === openId)}
                    loading={query.isPending}
                    mayAnswer={permissions.includes('person.approve')}
                    onClose={close}
                  />
                ),
            }
      }
    >
      {query.isPending ? (
        <LoadingLines label="openings" />
      ) : query.data === undefined ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data.items.length === 0 ? (
        <EmptyState icon={FolderLock} title="Nobody has opened a person’s record">
          <p>
            Whoever opens somebody&apos;s record under People gives a reason. It is listed here, and cannot be removed.
          </p>
        </EmptyState>
      ) : (
        <DataTable
          label="Openings"
          columns={openingColumns}
          rows={query.data.items}
          keyOf={({ id }) => id}
          hrefOf={({ id }) => address(`${here}/:id`, { id })}
          openKey={openId}
        />
      )}
    </Workspace>
  );
}

interface OpeningPanelProps {
  opening: OpeningRow | undefined;
  loading: boolean;
  mayAnswer: boolean;
  onClose: () => void;
}

function OpeningPanel({ opening, loading, mayAnswer, onClose }: OpeningPanelProps) {
  return (
    <SidePanel kind="Opening" title={opening?.personName ?? 'Opening'} onClose={onClose}>
      {opening !== undefined ? (
        <>
          <blockquote className={form['quote']}>{opening.reason}</blockquote>
          <Facts>
            <Fact label="State">
              <OpeningChip state={opening.state} />
            </Fact>
            <Fact label="About">{categoryWords[opening.category]}</Fact>
            <Fact label="Asked by">{opening.askedBy.name}</Fact>
            <Fact label="Asked">
              <Moment at={opening.askedAt} as="full" />
            </Fact>
            {opening.answeredBy === null || opening.answeredAt === null ? null : (
              <Fact label="Answered">
                <Moment at={opening.answeredAt} as="full" /> by {opening.answeredBy}
              </Fact>
            )}
            {opening.note === '' ? null : <Fact label="Their words">{opening.note}</Fact>}
            {opening.until === null ? null : (
              <Fact label="Open until">
                <Moment at={opening.until} as="full" />
              </Fact>
            )}
          </Facts>
          {opening.state !== 'pending' ? null : opening.own ? (
            <p className={form['soft']}>You asked for this yourself, so somebody else has to answer.</p>
          ) : mayAnswer ? (
            <Answer opening={opening} />
          ) : null}
        </>
      ) : loading ? (
        <LoadingLines lines={6} label="this opening" />
      ) : (
        <p>There is no opening with this id.</p>
      )}
    </SidePanel>
  );
}

function Answer({ opening }: { opening: OpeningRow }) {
  const [note, setNote] = useState('');
  const answer = useAccessChange<AnswerOpening, typeof openingRow>(
    address(accessPaths.openingAnswer, { id: opening.id }),
    openingRow,
  );
  return (
    <PanelPart title="Your answer">
      <div className={form['form']}>
        <Textarea
          label="What to tell them"
          description="Needed when you do not agree."
          autosize
          minRows={2}
          maxLength={500}
          value={note}
          onChange={(event) => {
            setNote(event.currentTarget.value);
          }}
        />
        <Refusal error={answer.error} />
        <div className={form['formFoot']}>
          <Button
            loading={answer.isPending}
            onClick={() => {
              answer.mutate({ answer: 'approved', note: note.trim() });
            }}
          >
            Agree
          </Button>
          <Button
            variant="default"
            disabled={answer.isPending || note.trim() === ''}
            onClick={() => {
              answer.mutate({ answer: 'refused', note: note.trim() });
            }}
          >
            Do not agree
          </Button>
        </div>
      </div>
    </PanelPart>
  );
}

function TermsPanel({ onClose }: { onClose: () => void }) {
  const query = useQuery(accessSettingsQuery);
  return (
    <SidePanel kind="Settings" title="How records open" onClose={onClose}>
      {query.data !== undefined ? (
        <Terms settings={query.data} />
      ) : query.isPending ? (
        <LoadingLines lines={3} label="settings" />
      ) : (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      )}
    </SidePanel>
  );
}

function Terms({ settings }: { settings: AccessSettings }) {
  const [secondPerson, setSecondPerson] = useState(settings.secondPerson);
  const [minutes, setMinutes] = useState<number | string>(settings.openingMinutes);
  const save = useAccessChange<AccessSettings, typeof accessSettings>(
    accessPaths.accessSettings,
    accessSettings,
    'PUT',
  );
  return (
    <form
      className={form['form']}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({ secondPerson, openingMinutes: Number(minutes) });
      }}
    >
      <Checkbox
        label="A second person has to agree"
        description="Somebody with the role of safeguarding lead, never the one who asks."
        checked={secondPerson}
        onChange={(event) => {
          setSecondPerson(event.currentTarget.checked);
        }}
      />
      <NumberInput label="Minutes a record stays open" min={5} max={240} value={minutes} onChange={setMinutes} />
      <Refusal error={save.error} />
      <div className={form['formFoot']}>
        <Button type="submit" loading={save.isPending}>
          Save
        </Button>
      </div>
      {save.isSuccess ? <p role="status">Saved. It holds from now on.</p> : null}
    </form>
  );
}
