import { useQuery } from '@tanstack/react-query';
import { ArrowLeft } from 'lucide-react';
import { Link } from 'wouter';
import type { VersionLife } from '../../../src/contract/console-policies.ts';
import type { PolicySummary } from '../../../src/contract/console.ts';
import type { Policy, SignedPolicy } from '../../../src/contract/policy.ts';
import { declineWords, officeWords, readingWords, renewalWords } from '../../../src/words/policy-words.ts';
import { uiWords } from '../../ui/index.ts';
import { policiesQuery, policyQuery } from '../api/queries.ts';
import { usePageTitle } from '../frame/page-title.ts';
import { Fact, Facts } from '../parts/Facts.tsx';
import { Hash } from '../parts/Hash.tsx';
import { Moment } from '../parts/Moment.tsx';
import { dateWords } from '../parts/moment.ts';
import { ErrorState, LoadingLines } from '../parts/States.tsx';
import { PolicyState } from './policy-columns.tsx';
import { PolicyDocument } from './PolicyDocument.tsx';
import { PolicyForm } from './PolicyForm.tsx';
import { PolicyRules } from './PolicyRules.tsx';
import { WithdrawPolicy } from './WithdrawPolicy.tsx';
import { ReviewDue } from './ReviewDue.tsx';
import { VersionActions } from './VersionActions.tsx';
import styles from './policies.module.css';

/** One published version: its full text by hash, its form, and what fixes it. */
export function PolicyPage({ hash }: { hash: string }) {
  usePageTitle('Policy');
  const query = useQuery(policyQuery(hash));
  if (query.isPending) return <LoadingLines lines={12} label="this policy" />;
  if (query.data === undefined) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  return <PolicyDetail signed={query.data} />;
}

function PolicyDetail({ signed }: { signed: SignedPolicy }) {
  const { policy } = signed;
  const all = useQuery(policiesQuery);
  const summary = all.data?.items.find((one) => one.hash === signed.hash);
  return (
    <div className={styles['page']}>
      <Link href="/policies" className={styles['back']}>
        <ArrowLeft size={16} aria-hidden /> All policies
      </Link>
      <header>
        <p className={styles['kind']}>Version {signed.version}</p>
        <h1 className={styles['title']}>{policy.title}</h1>
      </header>
      <div className={styles['columns']}>
        <div className={styles['text']}>
          <PolicyDocument policy={policy} />
          <PolicyForm form={policy.form} />
        </div>
        <aside className={styles['facts']} aria-label="About this version">
          <section>
            <h2>This version</h2>
            <Facts>
              {summary === undefined ? null : (
                <Fact label="State">
                  <PolicyState current={summary.current} />
                </Fact>
              )}
              <Fact label="Published">
                <Moment at={signed.publishedAt} />
                {summary === undefined || summary.life.publishedBy === null ? '' : ` by ${summary.life.publishedBy}`}
              </Fact>
              {summary === undefined ? null : <HowItCame life={summary.life} />}
              {summary === undefined ? null : (
                <Fact label="Acceptances">{summary.acceptances.toLocaleString('en-GB')}</Fact>
              )}
              <Fact label="Hash">
                <Hash value={signed.hash} what="the policy’s hash" />
              </Fact>
              <Fact label="Signature">
                <Hash value={signed.signature} what="the server’s signature" />
              </Fact>
            </Facts>
          </section>
          {summary === undefined ? null : <VersionActions version={summary} all={all.data?.items ?? []} />}
          <PolicyRules policy={policy} />
          <Conditions policy={policy} summary={summary} />
          <ChangeHistory history={policy.lifecycle.history ?? []} />
          <Variables policy={policy} />
          {summary?.current === true ? (
            <WithdrawPolicy hash={signed.hash} hasRules={Object.keys(policy.rules ?? {}).length > 0} />
          ) : null}
        </aside>
      </div>
    </div>
  );
}

function Conditions({ policy, summary }: { policy: Policy; summary: PolicySummary | undefined }) {
  const { lifecycle } = policy;
  return (
    <section>
      <h2>What it asks</h2>
      <Facts>
        {policy.schoolName === undefined ? null : <Fact label="School">{policy.schoolName}</Fact>}
        <Fact label="For">{policy.audiences.map((one) => uiWords.audiences[one].toLowerCase()).join(', ')}</Fact>
        <Fact label="Reading">{readingWords(policy.reading)}</Fact>
        <Fact label="Asked">{renewalWords(policy.renewal)}</Fact>
        {policy.renewal.startsOn === undefined ? null : (
          <Fact label="Asked from">{dateWords(policy.renewal.startsOn)}</Fact>
        )}
        {'graceDays' in policy.renewal && policy.renewal.graceDays !== undefined ? (
          <Fact label="Can be put off for">{`${String(policy.renewal.graceDays)} days`}</Fact>
        ) : null}
        <Fact label="If declined">{declineWords[policy.decline?.mode ?? 'stays']}</Fact>
        {policy.check === undefined ? null : (
          <Fact label="Questions">{`${String(policy.check.questions.length)}, all to be answered rightly`}</Fact>
        )}
        {policy.form.counterSignature === undefined ? null : (
          <Fact label="Second signature">
            {policy.form.counterSignature.by.map((office) => officeWords[office]).join(' or ')}
          </Fact>
        )}
        {lifecycle.owner === undefined ? null : <Fact label="Owner">{lifecycle.owner}</Fact>}
        {lifecycle.approvedOn === undefined && lifecycle.approvedBy === undefined ? null : (
          <Fact label="Approved">{dayAndName(lifecycle.approvedOn, lifecycle.approvedBy)}</Fact>
        )}
        {lifecycle.ratifiedOn === undefined && lifecycle.ratifiedBy === undefined ? null : (
          <Fact label="Ratified">{dayAndName(lifecycle.ratifiedOn, lifecycle.ratifiedBy)}</Fact>
        )}
        {summary === undefined || summary.life.reviewDueOn === null ? null : (
          <Fact label="Review due">
            <ReviewDue version={summary} />
          </Fact>
        )}
        {lifecycle.reviewEveryMonths === undefined ? null : (
          <Fact label="Reviewed">{`every ${String(lifecycle.reviewEveryMonths)} months`}</Fact>
        )}
        {policy.contacts.map((contact, place) => (
          <Fact key={place} label={uiWords.contactPurposes[contact.purpose]}>
            {contact.label}: {contact.how}
          </Fact>
        ))}
      </Facts>
    </section>
  );
}

/** "1 Sept 2026 by the governors". */
const dayAndName = (on: string | undefined, by: string | undefined): string =>
  [...(on === undefined ? [] : [dateWords(on)]), ...(by === undefined ? [] : [`by ${by}`])].join(' ');

/** Who approved the version in the console, and why it was published. */
function HowItCame({ life }: { life: VersionLife }) {
  return (
    <>
      {life.approvedBy === null || life.approvedAt === null ? null : (
        <Fact label="Approved here">
          <Moment at={life.approvedAt} /> by {life.approvedBy}
        </Fact>
      )}
      {life.restores === null ? null : <Fact label="Brings back">Version {life.restores}</Fact>}
      {life.reason === null ? null : <Fact label="Why">{life.reason}</Fact>}
    </>
  );
}

/** What happened to the document, as the school prints it, newest first. */
function ChangeHistory({ history }: { history: NonNullable<Policy['lifecycle']['history']> }) {
  if (history.length === 0) return null;
  return (
    <section>
      <h2>Change history</h2>
      <Facts>
        {[...history].reverse().map(({ version, on, by, change }, place) => (
          <Fact key={place} label={[version, ...(on === undefined ? [] : [dateWords(on)])].join(' · ')}>
            {change}
            {by === undefined ? '' : ` (${by})`}
          </Fact>
        ))}
      </Facts>
    </section>
  );
}

function Variables({ policy }: { policy: Policy }) {
  if (policy.variables.length === 0) return null;
  return (
    <section>
      <h2>Blanks the school fills</h2>
      <Facts>
        {policy.variables.map((variable) => (
          <Fact key={variable.name} label={variable.label}>
            {variable.value ?? <span className={styles['unfilled']}>not filled: shown as {variable.placeholder}</span>}
          </Fact>
        ))}
      </Facts>
    </section>
  );
}
