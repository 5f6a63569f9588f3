import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { z } from 'zod';
import {
  devicePaths,
  type CreateGrant,
  type DeviceDetail,
  type PlugRow,
} from '../../../src/contract/console-devices.ts';
import { capacityWords, deviceName, kindWords } from '../../../src/words/device-words.ts';
import { address } from '../api/address.ts';
import { Fact, Facts } from '../parts/Facts.tsx';
import { Moment } from '../parts/Moment.tsx';
import { PanelPart, SidePanel } from '../parts/SidePanel.tsx';
import { ErrorState, LoadingLines } from '../parts/States.tsx';
import { TextLink } from '../parts/TextLink.tsx';
import { Refusal } from '../parts/Refusal.tsx';
import { deviceQuery, usePost } from './device-queries.ts';
import { GrantChip, grantScope, PlugChip, Until } from './device-words.tsx';
import { durations, inHours } from './durations.ts';
import form from '../parts/form.module.css';
import styles from './devices.module.css';

export interface DevicePanelProps {
  /** Null while it is not known which device the row is about. */
  id: string | null;
  loading: boolean;
  onClose: () => void;
}

/** One device: what it says of itself, where it has been, and what is allowed about it. */
export function DevicePanel({ id, loading, onClose }: DevicePanelProps) {
  const query = useQuery({ ...deviceQuery(id ?? ''), enabled: id !== null });
  const device = query.data;
  return (
    <SidePanel kind="Device" title={device === undefined ? 'Device' : deviceName(device.device)} onClose={onClose}>
      {device !== undefined ? (
        <DeviceParts device={device} />
      ) : query.isError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : id === null && !loading ? (
        <p>It is not plugged in any more.</p>
      ) : (
        <LoadingLines lines={6} label="this device" />
      )}
    </SidePanel>
  );
}

function DeviceParts({ device: detail }: { device: DeviceDetail }) {
  const { device, plugs, grants } = detail;
  return (
    <>
      <Facts>
        <Fact label="It is">{device.kinds.map((kind) => kindWords[kind]).join(', ')}</Fact>
        <Fact label="Serial">{device.serial ?? 'none'}</Fact>
        <Fact label="Maker and product">{`${device.vendorId}:${device.productId}`}</Fact>
        {device.capacityBytes === null ? null : <Fact label="Holds">{capacityWords(device.capacityBytes)}</Fact>}
        {device.fault === null ? null : <Fact label="Not believed">{device.fault}</Fact>}
        <Fact label="First seen">
          <Moment at={detail.firstSeenAt} as="full" />
        </Fact>
      </Facts>
      <PanelPart title="Allowed">
        {grants.length === 0 ? (
          <p className={form['soft']}>Nothing is allowed by name about this device.</p>
        ) : (
          <ul className={styles['history']}>
            {grants.map((grant) => (
              <li key={grant.id}>
                <span className={styles['historyLine']}>
                  <TextLink href={address('/devices/allowed/:id', { id: grant.id })}>{grantScope(grant)}</TextLink>
                  <GrantChip grant={grant} />
                </span>
                <span className={form['soft']}>
                  until <Until at={grant.until} />, by {grant.createdBy}
                </span>
              </li>
            ))}
          </ul>
        )}
        <Allow device={detail} />
      </PanelPart>
      <PanelPart title="Where it has been">
        <ul className={styles['history']}>
          {plugs.map((plug) => (
            <Stay key={`${plug.machineId} ${plug.plug}`} plug={plug} />
          ))}
        </ul>
      </PanelPart>
    </>
  );
}

function Stay({ plug }: { plug: PlugRow }) {
  return (
    <li>
      <span className={styles['historyLine']}>
        <TextLink href={address('/machines/:id', { id: plug.machineId })}>{plug.machine}</TextLink>
        <PlugChip plug={plug} />
      </span>
      <span className={form['soft']}>
        <Moment at={plug.insertedAt} />
        {plug.removedAt === null ? ', still there' : <> to {<Moment at={plug.removedAt} />}</>}
        {plug.accountName === null ? '' : `, with ${plug.accountName} signed in`}
        {`, port ${plug.device.port}, decided by ${plug.decidedBy}`}
      </span>
    </li>
  );
}

function Allow({ device }: { device: DeviceDetail }) {
  const [open, setOpen] = useState(false);
  const [hours, setHours] = useState('24');
  const [account, setAccount] = useState('');
  const [reason, setReason] = useState('');
  const post = usePost<CreateGrant, z.ZodType>(devicePaths.grants, z.object({ id: z.string() }));
  if (!open) {
    return (
      <div className={form['formFoot']}>
        <Button
          variant="default"
          onClick={() => {
            setOpen(true);
          }}
        >
          Allow this device …
        </Button>
      </div>
    );
  }
  const { vendorId, productId, serial } = device.device;
  return (
    <form
      className={form['form']}
      onSubmit={(event) => {
        event.preventDefault();
        post.mutate(
          {
            device: { vendorId, productId, ...(serial === null ? {} : { serial }) },
            ...(account.trim() === '' ? {} : { accountName: account.trim() }),
            until: inHours(hours, new Date()),
            reason: reason.trim(),
          },
          {
            onSuccess: () => {
              setOpen(false);
            },
          },
        );
      }}
    >
      <NativeSelect
        label="For how long"
        value={hours}
        data={durations}
        onChange={(event) => {
          setHours(event.currentTarget.value);
        }}
      />
      <TextInput
        label="For whom"
        description="A sign-in name; nobody's means everybody."
        value={account}
        maxLength={200}
        onChange={(event) => {
          setAccount(event.currentTarget.value);
        }}
      />
      <TextInput
        label="Why"
        value={reason}
        maxLength={500}
        required
        onChange={(event) => {
          setReason(event.currentTarget.value);
        }}
      />
      <Refusal error={post.error} />
      <div className={form['formFoot']}>
        <Button type="submit" loading={post.isPending} disabled={reason.trim() === ''}>
          Allow
        </Button>
        <Button
          variant="default"
          onClick={() => {
            setOpen(false);
          }}
        >
          Leave it
        </Button>
      </div>
    </form>
  );
}
