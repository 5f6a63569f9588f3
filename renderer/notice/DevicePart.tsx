import { Button, TextInput, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { DeviceNotice } from '../../src/contract/usb.ts';
import { focusOnMount } from '../ui/focus-on-mount.ts';
import { Notice } from '../ui/index.ts';
import { useCall } from '../ui/use-call.ts';
import { words } from './words.ts';

/** What is open below a notice about a device. */
export type DeviceStep = 'ask' | 'code';

/** Asks IT with a reason, or takes a code that IT read out. */
export function DevicePart({ device, step, onBack }: { device: DeviceNotice; step: DeviceStep; onBack: () => void }) {
  const [text, setText] = useState('');
  const call = useCall();
  const { plug } = device;
  const send = () =>
    void call
      .run((shell) =>
        step === 'ask'
          ? shell.askForDevice({ plug, reason: text.trim() })
          : shell.enterDeviceCode({ plug, code: text }),
      )
      .then((done) => {
        if (done) onBack();
      });
  return (
    <form
      className="notice-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== '') send();
      }}
    >
      {step === 'ask' ? (
        <Textarea
          ref={focusOnMount}
          label={words.device.reason}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          maxLength={500}
          rows={2}
          required
        />
      ) : (
        <>
          <p>
            {words.device.readOut} <strong className="notice-code">{device.deviceCode}</strong>
          </p>
          <TextInput
            ref={focusOnMount}
            label={words.device.code}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            maxLength={60}
            autoComplete="off"
            spellCheck={false}
            required
          />
        </>
      )}
      {call.problem !== null && (
        <Notice tone="refusal" role="alert">
          {call.problem.detail}
        </Notice>
      )}
      <div className="notice-form-foot">
        <Button variant="default" onClick={onBack}>
          {words.back}
        </Button>
        <Button type="submit" loading={call.busy} disabled={text.trim() === ''}>
          {words.device.send[step]}
        </Button>
      </div>
    </form>
  );
}
