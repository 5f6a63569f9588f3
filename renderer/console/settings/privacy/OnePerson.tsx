import { Button, Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';
import { created, privacyPaths, type ErasePerson } from '../../../../src/contract/console-privacy.ts';
import { Notice } from '../../../ui/index.ts';
import { useEverythingAbout } from '../../access/export-person.ts';
import { address } from '../../api/address.ts';
import { Refusal } from '../../parts/Refusal.tsx';
import { PersonChoice } from './PersonChoice.tsx';
import { usePost } from './privacy-queries.ts';
import form from '../../parts/form.module.css';
import styles from './privacy.module.css';

/** What somebody has a right to: a copy of everything, and, where nothing stands against it, that it is removed. */
export function OnePerson({ mayExport, mayErase }: { mayExport: boolean; mayErase: boolean }) {
  const [person, setPerson] = useState('');
  const [reason, setReason] = useState('');
  const [keepAcceptances, setKeepAcceptances] = useState(true);
  const [sure, setSure] = useState(false);
  const save = useEverythingAbout(person);
  const erase = usePost<ErasePerson, typeof created>(address(privacyPaths.erase, { id: person }), created);
  const ready = person !== '' && reason.trim().length >= 5;
  const forget = () => {
    save.reset();
    erase.reset();
    setSure(false);
  };
  return (
    <section className={styles['part']} aria-labelledby="one-person">
      <h2 id="one-person">Everything about one person</h2>
      <p>
        One archive: a document to read and print, and the same for programs. That it was made, by whom and why, is kept
        and told to the person.
      </p>
      <form
        className={form['form']}
        onSubmit={(event) => {
          event.preventDefault();
          if (mayExport) save.mutate(reason.trim());
        }}
      >
        <PersonChoice
          value={person}
          onChange={(id) => {
            setPerson(id);
            forget();
          }}
        />
        <TextInput
          label="Why"
          placeholder="Subject access request of 2 November"
          value={reason}
          minLength={5}
          maxLength={500}
          required
          onChange={(event) => {
            setReason(event.currentTarget.value);
            forget();
          }}
        />
        <Refusal error={save.error} />
        {save.isSuccess ? (
          <Notice tone="good" role="status">
            Saved. Read it before you hand it over: free text may name others.
          </Notice>
        ) : null}
        {mayExport ? (
          <div className={form['formFoot']}>
            <Button type="submit" loading={save.isPending} disabled={!ready}>
              Save everything about them
            </Button>
          </div>
        ) : null}
      </form>
      {mayErase ? (
        <div className={form['form']}>
          <h2>Remove it</h2>
          <p>Refused while they are on legal hold. What was removed cannot be brought back.</p>
          <Checkbox
            label="Leave what they accepted or declined, for legal claims"
            checked={keepAcceptances}
            onChange={(event) => {
              setKeepAcceptances(event.currentTarget.checked);
            }}
          />
          <Checkbox
            label="I have checked that nothing has to be kept"
            checked={sure}
            onChange={(event) => {
              setSure(event.currentTarget.checked);
            }}
          />
          <Refusal error={erase.error} />
          {erase.isSuccess ? (
            <Notice tone="good" role="status">
              It is being removed. See under Removed how much it was.
            </Notice>
          ) : null}
          <div className={form['formFoot']}>
            <Button
              color="red"
              loading={erase.isPending}
              disabled={!ready || !sure || erase.isSuccess}
              onClick={() => {
                erase.mutate({ reason: reason.trim(), keepAcceptances });
              }}
            >
              Remove what is held about them
            </Button>
          </div>
        </div>
      ) : null}
    </section>
  );
}
