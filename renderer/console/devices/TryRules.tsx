import { Button, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { FlaskConical } from 'lucide-react';
import { useState } from 'react';
import {
  devicePaths,
  triedRules,
  type TriedRules,
  type TryRules as Tried,
} from '../../../src/contract/console-devices.ts';
import { deviceKind, usbAction, type DeviceKind, type UsbAction, type UsbRules } from '../../../src/contract/usb.ts';
import { actionWords, deviceName, kindWords } from '../../../src/words/device-words.ts';
import { address } from '../api/address.ts';
import { policiesQuery, policyQuery } from '../api/queries.ts';
import { EmptyState } from '../parts/States.tsx';
import { TextLink } from '../parts/TextLink.tsx';
import { Refusal } from '../parts/Refusal.tsx';
import { counted } from '../parts/counted.ts';
import { usePost } from './device-queries.ts';
import form from '../parts/form.module.css';
import styles from './devices.module.css';

const triable = deviceKind.options.filter((kind) => kind !== 'hub' && kind !== 'other');

/** A rule, put before those of the policy in force, over what was plugged in before. */
export function TryRules() {
  const [kind, setKind] = useState<DeviceKind>('storage');
  const [action, setAction] = useState<UsbAction>('block');
  const [days, setDays] = useState('30');
  const current = useQuery(policiesQuery).data?.items.find((one) => one.current);
  const policy = useQuery({ ...policyQuery(current?.hash ?? ''), enabled: current !== undefined });
  const post = usePost<Tried, typeof triedRules>(devicePaths.tryRule, triedRules);
  const run = (): void => {
    const inForce = policy.data?.policy.rules?.usb;
    const usb: UsbRules = {
      clause: inForce?.clause ?? 'tried',
      rules: [
        { id: 'tried-here', kinds: [kind], action },
        ...(inForce?.rules ?? []).filter(({ id }) => id !== 'tried-here'),
      ],
    };
    post.mutate({ usb, days: Number(days) });
  };
  return (
    <div className={styles['tryPage']}>
      <form
        className={styles['tryForm']}
        onSubmit={(event) => {
          event.preventDefault();
          run();
        }}
      >
        <NativeSelect
          label="When somebody plugs in a"
          value={kind}
          data={triable.map((value) => ({ value, label: kindWords[value] }))}
          onChange={(event) => {
            setKind(triable.find((value) => value === event.currentTarget.value) ?? 'storage');
          }}
        />
        <NativeSelect
          label="it is"
          value={action}
          data={usbAction.options.map((value) => ({ value, label: actionWords[value].toLowerCase() }))}
          onChange={(event) => {
            setAction(usbAction.options.find((value) => value === event.currentTarget.value) ?? 'block');
          }}
        />
        <NativeSelect
          label="over the last"
          value={days}
          data={[
            { value: '7', label: '7 days' },
            { value: '30', label: '30 days' },
            { value: '90', label: '90 days' },
            { value: '365', label: '365 days' },
          ]}
          onChange={(event) => {
            setDays(event.currentTarget.value);
          }}
        />
        <Button type="submit" loading={post.isPending} leftSection={<FlaskConical size={16} aria-hidden />}>
          See what it would have done
        </Button>
      </form>
      <Refusal error={post.error} />
      {post.data === undefined ? (
        <EmptyState icon={FlaskConical} title="Nothing is changed by trying">
          <p>The rule stands before those of the policy in force, and is run over every insertion that is on record.</p>
        </EmptyState>
      ) : (
        <Result result={post.data} />
      )}
    </div>
  );
}

function Result({ result }: { result: TriedRules }) {
  const stricter = result.changed
    .filter(({ then, would }) => usbAction.options.indexOf(would) > usbAction.options.indexOf(then))
    .reduce((sum, one) => sum + one.insertions, 0);
  const most = Math.max(1, ...usbAction.options.flatMap((action) => [result.then[action], result.would[action]]));
  return (
    <section className={styles['tryResult']} aria-label="What it would have done" aria-live="polite">
      <h2>
        {result.insertions === 0
          ? 'Nothing was plugged in during that time'
          : `${counted(stricter, 'insertion', 'insertions')} of ${String(result.insertions)} would have been treated more strictly`}
      </h2>
      <p className={form['soft']}>
        {counted(result.people, 'person', 'people')}, {counted(result.machines, 'machine', 'machines')}.
        {result.unsure === 0
          ? ''
          : ` ${counted(result.unsure, 'insertion hangs', 'insertions hang')} on something nobody recorded, such as whether a stick was encrypted.`}
      </p>
      <div className={styles['bars']}>
        {usbAction.options.map((action) => (
          <BarPair key={action} action={action} then={result.then[action]} would={result.would[action]} most={most} />
        ))}
      </div>
      {result.changed.length === 0 ? null : (
        <table className={styles['plainTable']}>
          <thead>
            <tr>
              <th scope="col">Device</th>
              <th scope="col">Was</th>
              <th scope="col">Would be</th>
              <th scope="col">Times</th>
              <th scope="col">People</th>
            </tr>
          </thead>
          <tbody>
            {result.changed.map((one) => (
              <tr key={`${one.deviceKeyId} ${one.then} ${one.would}`}>
                <td>
                  <TextLink href={address('/devices/all/:id', { id: one.deviceKeyId })}>
                    {deviceName(one.device)}
                  </TextLink>
                </td>
                <td>{actionWords[one.then]}</td>
                <td>{actionWords[one.would]}</td>
                <td>{one.insertions}</td>
                <td>{one.people}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function BarPair({ action, then, would, most }: { action: UsbAction; then: number; would: number; most: number }) {
  return (
    <>
      <span>{actionWords[action]}</span>
      <span>
        <Bar when="then" label="was" count={then} most={most} />
        <Bar when="would" label="would be" count={would} most={most} />
      </span>
    </>
  );
}

function Bar({ when, label, count, most }: { when: 'then' | 'would'; label: string; count: number; most: number }) {
  return (
    <span className={styles['bar']} data-when={when}>
      <span style={{ width: `${String((count / most) * 70)}%` }} aria-hidden />
      <span className={form['soft']}>
        {count} {label}
      </span>
    </span>
  );
}
