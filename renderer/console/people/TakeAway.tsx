import { Button, TextInput } from '@mantine/core';
import { FileArchive, PackageCheck } from 'lucide-react';
import { useState } from 'react';
import { Notice } from '../../ui/index.ts';
import { useEverythingAbout, usePersonPack } from '../access/export-person.ts';
import { Refusal } from '../parts/Refusal.tsx';
import { PanelPart } from '../parts/SidePanel.tsx';
import form from '../parts/form.module.css';

/** What is held about a person, as a file: to read, or to prove something with. */
export function TakeAway({ personId }: { personId: string }) {
  const [reason, setReason] = useState('');
  const everything = useEverythingAbout(personId);
  const pack = usePersonPack(personId);
  const made = everything.data ?? pack.data;
  const ready = reason.trim().length >= 5;
  const make = (one: typeof pack): void => {
    everything.reset();
    pack.reset();
    one.mutate(reason.trim());
  };
  return (
    <PanelPart title="Take it along">
      <form
        className={form['form']}
        onSubmit={(event) => {
          event.preventDefault();
        }}
      >
        <p className={form['soft']}>
          Everything about them is an archive to read and to hand over. An evidence pack holds their records with
          signatures and proofs, for anybody to check. Who made it and why is kept.
        </p>
        <TextInput
          label="Who asked for it, and why"
          value={reason}
          minLength={5}
          maxLength={500}
          required
          onChange={(event) => {
            setReason(event.currentTarget.value);
          }}
        />
        <Refusal error={everything.error ?? pack.error} />
        {made === undefined ? null : (
          <Notice tone="good" role="status">
            {made} was made.
            {pack.data === undefined
              ? ' Read it before you hand it over: free text may name others.'
              : ' Anybody can check it with Usher’s verifier.'}
          </Notice>
        )}
        <div className={form['formFoot']}>
          <Button
            variant="default"
            disabled={!ready || pack.isPending}
            loading={everything.isPending}
            leftSection={<FileArchive size={16} aria-hidden />}
            onClick={() => {
              make(everything);
            }}
          >
            Everything about them
          </Button>
          <Button
            variant="default"
            disabled={!ready || everything.isPending}
            loading={pack.isPending}
            leftSection={<PackageCheck size={16} aria-hidden />}
            onClick={() => {
              make(pack);
            }}
          >
            An evidence pack
          </Button>
        </div>
      </form>
    </PanelPart>
  );
}
