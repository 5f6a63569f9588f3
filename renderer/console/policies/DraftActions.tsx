import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { policyDraft, policyPaths, type PolicyDraft } from '../../../src/contract/console-policies.ts';
import { publishAnswer } from '../../../src/contract/console.ts';
import { address } from '../api/address.ts';
import { meQuery } from '../api/queries.ts';
import { Refusal } from '../parts/Refusal.tsx';
import { usePolicyChange } from './policy-queries.ts';
import form from '../parts/form.module.css';

/** Approve, publish or discard: what a draft as it stands allows. */
export function DraftActions({ draft }: { draft: PolicyDraft }) {
  const mayPublish = useQuery(meQuery).data?.permissions.includes('policies.publish') ?? false;
  const [discarding, setDiscarding] = useState(false);
  if (!mayPublish || (draft.state !== 'draft' && draft.state !== 'approved')) return null;
  return (
    <section>
      <h2>What you can do</h2>
      {discarding ? (
        <Discard
          draft={draft}
          onClose={() => {
            setDiscarding(false);
          }}
        />
      ) : (
        <>
          {draft.state === 'draft' ? <Approve draft={draft} /> : <Publish draft={draft} />}
          <Button
            variant="subtle"
            size="sm"
            mt="xs"
            onClick={() => {
              setDiscarding(true);
            }}
          >
            Discard this draft
          </Button>
        </>
      )}
    </section>
  );
}

function Approve({ draft }: { draft: PolicyDraft }) {
  const change = usePolicyChange(address(policyPaths.approveDraft, { id: draft.id }), policyDraft);
  const [note, setNote] = useState('');
  return (
    <form
      className={form['form']}
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate({ note });
      }}
    >
      <p>You approve this very text, by its hash. Nobody is asked for it until it is published.</p>
      <TextInput
        label="Note (optional)"
        description="Such as who agreed to it, and when. Kept in the audit trail."
        value={note}
        maxLength={500}
        onChange={(event) => {
          setNote(event.currentTarget.value);
        }}
      />
      <Refusal error={change.error} />
      <div className={form['formFoot']}>
        <Button type="submit" loading={change.isPending}>
          Approve
        </Button>
      </div>
    </form>
  );
}

function Publish({ draft }: { draft: PolicyDraft }) {
  const [, navigate] = useLocation();
  const change = usePolicyChange(address(policyPaths.publishDraft, { id: draft.id }), publishAnswer);
  return (
    <div className={form['form']}>
      <p>Everybody it is for is asked to accept it, from their machine’s next exchange on.</p>
      <Refusal error={change.error} />
      <div className={form['formFoot']}>
        <Button
          loading={change.isPending}
          onClick={() => {
            change.mutate(
              {},
              {
                onSuccess: ({ published }) => {
                  navigate(address('/policies/:hash', { hash: published.hash }));
                },
              },
            );
          }}
        >
          Publish
        </Button>
      </div>
    </div>
  );
}

function Discard({ draft, onClose }: { draft: PolicyDraft; onClose: () => void }) {
  const change = usePolicyChange(address(policyPaths.discardDraft, { id: draft.id }), policyDraft);
  const [reason, setReason] = useState('');
  return (
    <form
      className={form['form']}
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate({ reason }, { onSuccess: onClose });
      }}
    >
      <TextInput
        label="Why"
        description="Kept in the audit trail. The draft stays readable, but can no longer be published."
        value={reason}
        required
        minLength={3}
        maxLength={500}
        onChange={(event) => {
          setReason(event.currentTarget.value);
        }}
      />
      <Refusal error={change.error} />
      <div className={form['formFoot']}>
        <Button type="submit" color="red" loading={change.isPending}>
          Discard
        </Button>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
