import { Button, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { GitCompare, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { policyPaths } from '../../../src/contract/console-policies.ts';
import { publishAnswer, type PolicySummary } from '../../../src/contract/console.ts';
import { address } from '../api/address.ts';
import { meQuery } from '../api/queries.ts';
import { Refusal } from '../parts/Refusal.tsx';
import { versionBefore } from './ComparePage.tsx';
import { usePolicyChange } from './policy-queries.ts';
import form from '../parts/form.module.css';

export interface VersionActionsProps {
  version: PolicySummary;
  /** Every version of every policy, newest first. */
  all: readonly PolicySummary[];
}

/** What can be done with a version: compare it, or bring it back. */
export function VersionActions({ version, all }: VersionActionsProps) {
  const mayPublish = useQuery(meQuery).data?.permissions.includes('policies.publish') ?? false;
  const [rollingBack, setRollingBack] = useState(false);
  const inForce = all.find(({ id, current }) => id === version.id && current);
  const before = versionBefore(all, version);
  const [older, newer] = version.current || inForce === undefined ? [before, version] : [version, inForce];
  const mayRollBack = mayPublish && !version.current;
  if (older === undefined && !mayRollBack) return null;
  return (
    <section>
      <h2>What you can do</h2>
      {rollingBack ? (
        <RollBack
          version={version}
          inForce={inForce}
          newest={Math.max(...all.filter(({ id }) => id === version.id).map((one) => one.version))}
          onClose={() => {
            setRollingBack(false);
          }}
        />
      ) : (
        <div className={form['formFoot']}>
          {older === undefined ? null : (
            <Button
              component={Link}
              href={address('/policies/compare', {}, { older: older.hash, newer: newer.hash })}
              variant="default"
              size="sm"
              leftSection={<GitCompare size={16} aria-hidden />}
            >
              {version.current || inForce === undefined
                ? `Compare with version ${String(older.version)}`
                : 'Compare with what is in force'}
            </Button>
          )}
          {mayRollBack ? (
            <Button
              variant="default"
              size="sm"
              leftSection={<Undo2 size={16} aria-hidden />}
              onClick={() => {
                setRollingBack(true);
              }}
            >
              Go back to this version
            </Button>
          ) : null}
        </div>
      )}
    </section>
  );
}

interface RollBackProps {
  version: PolicySummary;
  inForce: PolicySummary | undefined;
  newest: number;
  onClose: () => void;
}

/** Says what will happen before it does, and asks why. */
function RollBack({ version, inForce, newest, onClose }: RollBackProps) {
  const [, navigate] = useLocation();
  const change = usePolicyChange(policyPaths.rollBack.replace(':hash', version.hash), publishAnswer);
  const [reason, setReason] = useState('');
  const people = inForce?.acceptances ?? 0;
  const again =
    people === 0
      ? 'Everybody is asked for it.'
      : `Everybody is asked again, also the ${people === 1 ? 'person' : `${String(people)} people`} who accepted version ${String(inForce?.version)}: it is another version, and they are shown what changed.`;
  return (
    <form
      className={form['form']}
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate(
          { reason },
          {
            onSuccess: ({ published }) => {
              navigate(address('/policies/:hash', { hash: published.hash }));
            },
          },
        );
      }}
    >
      <p>
        What version {version.version} says is published once more, as version {newest + 1}
        {inForce === undefined ? '' : `, in place of version ${String(inForce.version)}`}. {again}
      </p>
      <Textarea
        label="Why"
        description="Kept in the audit trail, and in the policy’s change history for everybody to read."
        value={reason}
        required
        minLength={3}
        maxLength={500}
        autosize
        minRows={2}
        onChange={(event) => {
          setReason(event.currentTarget.value);
        }}
      />
      <Refusal error={change.error} />
      <div className={form['formFoot']}>
        <Button type="submit" loading={change.isPending}>
          Publish as version {newest + 1}
        </Button>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
