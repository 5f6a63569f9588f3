import { Button } from '@mantine/core';
import { Ban, CircleCheck, CircleOff, Clock } from 'lucide-react';
import { useState } from 'react';
import { machinePaths, type TokenRow } from '../../../src/contract/console-machines.ts';
import { address } from '../api/address.ts';
import { Refusal } from '../parts/Refusal.tsx';
import { Chip } from '../parts/Chip.tsx';
import { Fact, Facts } from '../parts/Facts.tsx';
import { Moment } from '../parts/Moment.tsx';
import { SidePanel } from '../parts/SidePanel.tsx';
import { LoadingLines } from '../parts/States.tsx';
import { nothing, useSend } from './machine-queries.ts';
import form from '../parts/form.module.css';

const looks = {
  usable: { icon: CircleCheck, tone: 'good', word: 'Usable' },
  usedUp: { icon: CircleOff, tone: 'plain', word: 'Used up' },
  expired: { icon: Clock, tone: 'plain', word: 'Expired' },
  revoked: { icon: Ban, tone: 'refusal', word: 'Revoked' },
} as const;

export function TokenStateChip({ state }: { state: TokenRow['state'] }) {
  const { icon, tone, word } = looks[state];
  return (
    <Chip icon={icon} tone={tone}>
      {word}
    </Chip>
  );
}

/** "3 of 30, 27 left", "3, no limit". */
export const usesWords = ({ used, machines }: Pick<TokenRow, 'used' | 'machines'>): string =>
  machines === null ? `${String(used)}, no limit` : `${String(used)} of ${String(machines)}`;

export interface TokenPanelProps {
  token: TokenRow | undefined;
  loading: boolean;
  onClose: () => void;
}

/** One token: for whom, how far it is used, and how to end it. The token itself cannot be shown again. */
export function TokenPanel({ token, loading, onClose }: TokenPanelProps) {
  return (
    <SidePanel kind="Enrolment token" title={token?.name ?? 'Token'} onClose={onClose}>
      {token === undefined ? (
        loading ? (
          <LoadingLines lines={6} label="this token" />
        ) : (
          <p>There is no token with this id.</p>
        )
      ) : (
        <>
          <Facts>
            <Fact label="State">
              <TokenStateChip state={token.state} />
            </Fact>
            <Fact label="School">{token.school}</Fact>
            <Fact label="Machines">{usesWords(token)}</Fact>
            <Fact label="Networks">{token.networks.length === 0 ? 'any' : token.networks.join(', ')}</Fact>
            <Fact label="Approval">
              {token.needsApproval ? 'machines wait until somebody approves them' : 'machines are trusted at once'}
            </Fact>
            <Fact label="Expires">
              <Moment at={token.expiresAt} as="full" />
            </Fact>
            <Fact label="Made">
              <Moment at={token.createdAt} as="full" /> by {token.createdBy}
            </Fact>
            {token.revokedAt === null ? null : (
              <Fact label="Revoked">
                <Moment at={token.revokedAt} as="full" /> by {token.revokedBy}
              </Fact>
            )}
          </Facts>
          <p className={form['soft']}>The token was shown once, when it was made. If it is lost, make another.</p>
          {token.state === 'usable' ? <Revoke id={token.id} /> : null}
        </>
      )}
    </SidePanel>
  );
}

function Revoke({ id }: { id: string }) {
  const send = useSend(nothing);
  const [asked, setAsked] = useState(false);
  return (
    <div className={form['form']}>
      <Refusal error={send.error} />
      {asked ? (
        <>
          <p>No machine can come in with it any more. Machines that did stay as they are.</p>
          <div className={form['formFoot']}>
            <Button
              color="red"
              loading={send.isPending}
              onClick={() => {
                send.mutate({ path: address(machinePaths.revokeToken, { id }), body: {} });
              }}
            >
              Revoke the token
            </Button>
            <Button
              variant="default"
              onClick={() => {
                setAsked(false);
              }}
            >
              Cancel
            </Button>
          </div>
        </>
      ) : (
        <div className={form['formFoot']}>
          <Button
            variant="default"
            onClick={() => {
              setAsked(true);
            }}
          >
            Revoke
          </Button>
        </div>
      )}
    </div>
  );
}
