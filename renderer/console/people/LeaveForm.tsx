import { Button, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { standingPaths, type Leave } from '../../../src/contract/console-standing.ts';
import { address } from '../api/address.ts';
import { Refusal } from '../parts/Refusal.tsx';
import { PanelPart } from '../parts/SidePanel.tsx';
import { useStanding } from './standing-queries.ts';
import form from '../parts/form.module.css';

/** Marks somebody as having left, with what they still have. */
export function LeaveForm({ personId }: { personId: string }) {
  const [on, setOn] = useState('');
  const [note, setNote] = useState('');
  const [equipment, setEquipment] = useState('');
  const post = useStanding<Leave>(address(standingPaths.leave, { id: personId }));
  return (
    <PanelPart title="This person has left">
      <form
        className={form['form']}
        onSubmit={(event) => {
          event.preventDefault();
          const lines = equipment.split('\n').map((line) => line.trim());
          post.mutate({
            ...(on === '' ? {} : { on }),
            note: note.trim(),
            equipment: lines.filter((line) => line !== ''),
          });
        }}
      >
        <p className={form['soft']}>
          What they accepted is closed, they are no longer counted, and IT is told if their account is used again. Usher
          does not disable the account itself.
        </p>
        <TextInput
          label="Last day"
          description="Today, when left empty."
          type="date"
          value={on}
          onChange={(event) => {
            setOn(event.currentTarget.value);
          }}
        />
        <Textarea
          label="What they still have of the school’s"
          description="One thing in each line."
          value={equipment}
          autosize
          minRows={2}
          onChange={(event) => {
            setEquipment(event.currentTarget.value);
          }}
        />
        <TextInput
          label="Note"
          value={note}
          maxLength={500}
          onChange={(event) => {
            setNote(event.currentTarget.value);
          }}
        />
        <Refusal error={post.error} />
        <div className={form['formFoot']}>
          <Button type="submit" variant="default" loading={post.isPending}>
            Mark as having left
          </Button>
        </div>
      </form>
    </PanelPart>
  );
}
