import { Ban, CircleAlert, CircleCheck, Clock, Eye, Hourglass, X } from 'lucide-react';
import type { GrantRow, PlugRow, RequestRow } from '../../../src/contract/console-devices.ts';
import type { UsbDevice } from '../../../src/contract/usb.ts';
import { deviceName, deviceWord } from '../../../src/words/device-words.ts';
import { Chip } from '../parts/Chip.tsx';
import { Moment } from '../parts/Moment.tsx';
import styles from './devices.module.css';

const upper = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

/** What it is, and under it what it says of itself. */
export function DeviceName({ device }: { device: UsbDevice }) {
  return (
    <span className={styles['device']}>
      <span>{deviceName(device)}</span>
      <span className={styles['kind']}>{upper(deviceWord(device))}</span>
    </span>
  );
}

/** How a device in a machine stands. */
export function PlugChip({ plug }: { plug: PlugRow }) {
  switch (plug.state) {
    case 'allowed':
      return (
        <Chip icon={CircleCheck} tone="plain">
          {plug.action === 'warn' ? 'allowed, warned' : 'allowed'}
        </Chip>
      );
    case 'blocked':
      return (
        <Chip icon={Ban} tone="good">
          {plug.usableForMs === null || plug.usableForMs === 0
            ? 'blocked'
            : `blocked after ${String(plug.usableForMs)} ms`}
        </Chip>
      );
    case 'waiting':
      return (
        <Chip icon={Hourglass} tone="warning">
          being blocked
        </Chip>
      );
    case 'blockFailed':
      return (
        <Chip icon={CircleAlert} tone="refusal">
          not blocked
        </Chip>
      );
    case 'reportOnly':
      return (
        <Chip icon={Eye} tone="plain">
          reported only
        </Chip>
      );
  }
}

export function RequestChip({ request }: { request: RequestRow }) {
  if (request.state === 'open') {
    return (
      <Chip icon={Hourglass} tone="warning">
        waits for you
      </Chip>
    );
  }
  return request.state === 'approved' ? (
    <Chip icon={CircleCheck} tone="good">
      approved
    </Chip>
  ) : (
    <Chip icon={X} tone="plain">
      refused
    </Chip>
  );
}

export function GrantChip({ grant }: { grant: GrantRow }) {
  if (grant.active) {
    return (
      <Chip icon={CircleCheck} tone="good">
        counts
      </Chip>
    );
  }
  return (
    <Chip icon={grant.revokedAt === null ? Clock : X} tone="plain">
      {grant.revokedAt === null ? 'over' : 'taken back'}
    </Chip>
  );
}

/** For whom and where a permission counts. */
export function grantScope({ accountName, machine, machineGroup }: GrantRow): string {
  const where = machine ?? (machineGroup === null ? null : `machines of ${machineGroup}`);
  if (accountName === null) return where === null ? 'everybody, everywhere' : `everybody, on ${where}`;
  return where === null ? accountName : `${accountName}, on ${where}`;
}

export function Until({ at }: { at: string }) {
  return <Moment at={at} as="full" />;
}
