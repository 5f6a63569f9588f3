import { useQuery } from '@tanstack/react-query';
import { ArrowLeft } from 'lucide-react';
import { Link } from 'wouter';
import type { PolicyDraftDetail } from '../../../src/contract/console-policies.ts';
import { policiesQuery, policyQuery } from '../api/queries.ts';
import { usePageTitle } from '../frame/page-title.ts';
import { Fact, Facts } from '../parts/Facts.tsx';
import { Hash } from '../parts/Hash.tsx';
import { Moment } from '../parts/Moment.tsx';
import { ErrorState, LoadingLines } from '../parts/States.tsx';
import { Comparison } from './Comparison.tsx';
import { DraftActions } from './DraftActions.tsx';
import { DraftState } from './draft-words.tsx';
import { PolicyDocument } from './PolicyDocument.tsx';
import { PolicyForm } from './PolicyForm.tsx';
import { PolicyRules } from './PolicyRules.tsx';
import { draftQuery } from './policy-queries.ts';
import styles from './policies.module.css';

/** One draft: what it would change, who made and approved it, and what can be done with it. */
export function DraftPage({ id }: { id: string }) {
  usePageTitle('Draft');
  const query = useQuery(draftQuery(id));
  if (query.isPending) return <LoadingLines lines={12} label="this draft" />;
  if (query.data === undefined) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  return <DraftDetail draft={query.data} />;
}

function DraftDetail({ draft }: { draft: PolicyDraftDetail }) {
  const { policy } = draft;
  return (
    <div className={styles['page']}>
      <Link href="/policies" className={styles['back']}>
        <ArrowLeft size={16} aria-hidden /> All policies
      </Link>
      <header>
        <p className={styles['kind']}>Draft</p>
        <h1 className={styles['title']}>{draft.title}</h1>
      </header>
      <div className={styles['columns']}>
        <div className={styles['text']}>
          <WhatItChanges draft={draft} />
          <details className={styles['whole']}>
            <summary>The whole draft</summary>
            <PolicyDocument policy={policy} />
            <PolicyForm form={policy.form} />
          </details>
        </div>
        <aside className={styles['facts']} aria-label="About this draft">
          <section>
            <h2>This draft</h2>
            <Facts>
              <Fact label="State">
                <DraftState state={draft.state} />
              </Fact>
              <Fact label="Put forward">
                <Moment at={draft.createdAt} as="full" /> by {draft.createdBy}
              </Fact>
              {draft.note === '' ? null : <Fact label="About">{draft.note}</Fact>}
              {draft.approvedAt === null ? null : (
                <Fact label="Approved">
                  <Moment at={draft.approvedAt} as="full" /> by {draft.approvedBy}
                  {draft.approvedByAnother === false ? ' (who also put it forward)' : ''}
                  {draft.approvalNote === null ? '' : `: ${draft.approvalNote}`}
                </Fact>
              )}
              {draft.endedAt === null ? null : (
                <Fact
                  label={draft.state === 'published' ? `Published as version ${String(draft.version)}` : 'Discarded'}
                >
                  <Moment at={draft.endedAt} as="full" /> by {draft.endedBy}
                </Fact>
              )}
              <Fact label="Hash">
                <Hash value={draft.hash} what="the draft’s hash" />
              </Fact>
            </Facts>
          </section>
          <DraftActions draft={draft} />
          <PolicyRules policy={policy} />
        </aside>
      </div>
    </div>
  );
}

function WhatItChanges({ draft }: { draft: PolicyDraftDetail }) {
  const all = useQuery(policiesQuery);
  const inForce = all.data?.items.find(({ id, current }) => id === draft.policyId && current);
  const text = useQuery({ ...policyQuery(inForce?.hash ?? ''), enabled: inForce !== undefined });
  if (all.isPending) return <LoadingLines lines={6} label="what is in force" />;
  if (inForce === undefined || inForce.hash === draft.hash) {
    return (
      <p>
        {inForce === undefined
          ? 'No version of this policy is in force, so there is nothing to compare it with.'
          : 'This is what is in force.'}
      </p>
    );
  }
  if (text.data === undefined) {
    return text.isError ? (
      <ErrorState error={text.error} onRetry={() => void text.refetch()} />
    ) : (
      <LoadingLines lines={6} label="what is in force" />
    );
  }
  const names = { older: `Version ${String(inForce.version)}, in force`, newer: 'This draft' };
  return (
    <section aria-labelledby="what-it-changes">
      <h2 id="what-it-changes">What it changes</h2>
      <Comparison older={text.data.policy} newer={draft.policy} names={names} oneColumn />
    </section>
  );
}
