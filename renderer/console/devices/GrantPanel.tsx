import { Button } from '@mantine/core';
import { z } from 'zod';
import { devicePaths, type GrantRow } from '../../../src/contract/console-devices.ts';
import { address } from '../api/address.ts';
import { Fact, Facts } from '../parts/Facts.tsx';
import { Moment } from '../parts/Moment.tsx';
import { SidePanel } from '../parts/SidePanel.tsx';
import { LoadingLines } from '../parts/States.tsx';
import { TextLink } from '../parts/TextLink.tsx';
import { Refusal } from '../parts/Refusal.tsx';
import { usePost } from './device-queries.ts';
import { GrantChip, grantScope, Until } from './device-words.tsx';
import form from '../parts/form.module.css';

export interface GrantPanelProps {
  grant: GrantRow | undefined;
  loading: boolean;
  onClose: () => void;
}

/** One permission: what, for whom, until when, who gave it and why; and how to take it back. */
export function GrantPanel({ grant, loading, onClose }: GrantPanelProps) {
  return (
    <SidePanel kind="Allowed" title={grant?.deviceName ?? 'Permission'} onClose={onClose}>
      {grant !== undefined ? (
        <>
          <Facts>
            <Fact label="State">
              <GrantChip grant={grant} />
            </Fact>
            <Fact label="For">{grantScope(grant)}</Fact>
            <Fact label="Until">
              <Until at={grant.until} />
            </Fact>
            <Fact label="Maker and product">{`${grant.device.vendorId}:${grant.device.productId ?? 'any'}`}</Fact>
            <Fact label="Serial">{grant.device.serial ?? 'any'}</Fact>
            <Fact label="Why">{grant.reason}</Fact>
            <Fact label="Allowed">
              <Moment at={grant.createdAt} as="full" /> by {grant.createdBy}
            </Fact>
            {grant.revokedAt === null ? null : (
              <Fact label="Taken back">
                <Moment at={grant.revokedAt} as="full" /> by {grant.revokedBy}
              </Fact>
            )}
          </Facts>
          {grant.deviceKeyId === null ? null : (
            <p>
              <TextLink href={address('/devices/all/:id', { id: grant.deviceKeyId })}>
                Where this device has been
              </TextLink>
            </p>
          )}
          {grant.active ? <TakeBack id={grant.id} /> : null}
        </>
      ) : loading ? (
        <LoadingLines lines={6} label="this permission" />
      ) : (
        <p>There is no permission with this id.</p>
      )}
    </SidePanel>
  );
}

function TakeBack({ id }: { id: string }) {
  const post = usePost<object, z.ZodType>(address(devicePaths.revoke, { id }), z.object({}));
  return (
    <div className={form['form']}>
      <Refusal error={post.error} />
      <div className={form['formFoot']}>
        <Button
          variant="default"
          loading={post.isPending}
          onClick={() => {
            post.mutate({});
          }}
        >
          Take it back
        </Button>
      </div>
      <p className={form['soft']}>Machines hear of it with their next exchange and close the device.</p>
    </div>
  );
}
