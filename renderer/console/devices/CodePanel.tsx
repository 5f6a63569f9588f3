import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { codeAnswer, devicePaths, type CreateCode } from '../../../src/contract/console-devices.ts';
import { codeMinutes } from '../../../src/contract/usb.ts';
import { MachineSelect } from '../machines/MachineSelect.tsx';
import { durationWords } from '../parts/moment.ts';
import { Moment } from '../parts/Moment.tsx';
import { SidePanel } from '../parts/SidePanel.tsx';
import { Refusal } from '../parts/Refusal.tsx';
import { usePost } from './device-queries.ts';
import form from '../parts/form.module.css';

/** The panel's place among the requests' addresses. */
export const codePanelKey = 'code';

/** For somebody at a machine without a network: they read a code out, IT reads one back. */
export function CodePanel({ onClose }: { onClose: () => void }) {
  const [machineId, setMachineId] = useState('');
  const [deviceCode, setDeviceCode] = useState('');
  const [minutes, setMinutes] = useState<(typeof codeMinutes)[number]>(60);
  const [reason, setReason] = useState('');
  const post = usePost<CreateCode, typeof codeAnswer>(devicePaths.codes, codeAnswer);
  return (
    <SidePanel kind="Without a network" title="A code to read out" onClose={onClose}>
      <p>
        On the machine, the person chooses <strong>I have a code</strong> in the notice about their device and reads out
        the eight letters there. The code you read back works once, for that device on that machine.
      </p>
      <form
        className={form['form']}
        onSubmit={(event) => {
          event.preventDefault();
          post.mutate({ machineId, deviceCode, minutes, reason: reason.trim() });
        }}
      >
        <MachineSelect
          id={machineId === '' ? null : machineId}
          placeholder="Choose …"
          required
          onChange={(id) => {
            setMachineId(id ?? '');
          }}
        />
        <TextInput
          label="The letters they read out"
          placeholder="K7QF-2M4D"
          value={deviceCode}
          maxLength={40}
          required
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => {
            setDeviceCode(event.currentTarget.value);
          }}
        />
        <NativeSelect
          label="For how long"
          value={String(minutes)}
          data={codeMinutes.map((value) => ({ value: String(value), label: durationWords(value * 60) }))}
          onChange={(event) => {
            setMinutes(codeMinutes.find((value) => String(value) === event.currentTarget.value) ?? 60);
          }}
        />
        <TextInput
          label="Who rang, and what it is for"
          value={reason}
          maxLength={500}
          required
          onChange={(event) => {
            setReason(event.currentTarget.value);
          }}
        />
        <Refusal error={post.error} />
        <div className={form['formFoot']}>
          <Button type="submit" loading={post.isPending}>
            Make the code
          </Button>
        </div>
      </form>
      {post.data === undefined ? null : (
        <section aria-live="polite">
          <h3>Read this out</h3>
          <p className={form['code']}>{post.data.code}</p>
          <p className={form['soft']}>
            It has to be entered before <Moment at={post.data.enterBefore} />.
          </p>
        </section>
      )}
    </SidePanel>
  );
}
