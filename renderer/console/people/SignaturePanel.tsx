import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import {
  standingPaths,
  type CounterSignatureRow,
  type DecideCounterSignature,
} from '../../../src/contract/console-standing.ts';
import { address } from '../api/address.ts';
import { Fact, Facts } from '../parts/Facts.tsx';
import { Moment } from '../parts/Moment.tsx';
import { Refusal } from '../parts/Refusal.tsx';
import { PanelPart, SidePanel } from '../parts/SidePanel.tsx';
import { LoadingLines } from '../parts/States.tsx';
import { TextLink } from '../parts/TextLink.tsx';
import { officesInWords, officeWords, SignatureChip } from './signature-words.tsx';
import { useStanding } from './standing-queries.ts';
import form from '../parts/form.module.css';

export interface SignaturePanelProps {
  row: CounterSignatureRow | undefined;
  loading: boolean;
  onClose: () => void;
}

/** One acceptance, what whoever signs agrees to, and the two answers. */
export function SignaturePanel({ row, loading, onClose }: SignaturePanelProps) {
  return (
    <SidePanel kind="Second signature" title={row?.printedName ?? row?.name ?? 'Second signature'} onClose={onClose}>
      {row !== undefined ? (
        <>
          <Facts>
            <Fact label="State">
              <SignatureChip state={row.state} />
            </Fact>
            <Fact label="Account">{row.name}</Fact>
            <Fact label="School">{row.school}</Fact>
            <Fact label="Policy">
              <TextLink href={address('/policies/:hash', { hash: row.policyHash })}>
                {row.policyTitle}, version {row.policyVersion}
              </TextLink>
            </Fact>
            <Fact label="Accepted">
              <TextLink href={address('/acceptances/:id', { id: row.acceptanceId })}>
                <Moment at={row.acceptedAt} as="full" />
              </TextLink>
            </Fact>
            {row.decidedAt === null ? null : (
              <Fact label={row.state === 'given' ? 'Signed' : 'Refused'}>
                <Moment at={row.decidedAt} as="full" /> by {row.decidedBy}
                {row.office === null ? '' : `, ${officeWords[row.office]}`}
              </Fact>
            )}
            {row.note === '' ? null : <Fact label="Because">{row.note}</Fact>}
          </Facts>
          {row.state !== 'waiting' ? null : row.mayDecide ? (
            <Decide row={row} />
          ) : (
            <p className={form['soft']}>
              The {officesInWords(row.by)} of {row.school} signs this. Who that is, is set under Settings, Offices.
            </p>
          )}
        </>
      ) : loading ? (
        <LoadingLines lines={5} label="this acceptance" />
      ) : (
        <p>This acceptance is not on the list any more.</p>
      )}
    </SidePanel>
  );
}

function Decide({ row }: { row: CounterSignatureRow }) {
  const [note, setNote] = useState('');
  const path = address(standingPaths.counterSign, { person: row.personId, hash: row.policyHash });
  const post = useStanding<DecideCounterSignature>(path);
  return (
    <PanelPart title="Your signature">
      <form
        className={form['form']}
        onSubmit={(event) => {
          event.preventDefault();
          post.mutate({ answer: 'given' });
        }}
      >
        <blockquote className={form['quote']}>{row.statement}</blockquote>
        <p className={form['soft']}>You sign with your own sign-in. Your name, your office and the time are kept.</p>
        <Textarea
          label="Why not"
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
            Sign
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
