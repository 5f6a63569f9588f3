import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import type { z } from 'zod';
import {
  accessPaths,
  schoolRow,
  type addSchool,
  type renameSchool,
  type SchoolRow,
} from '../../../src/contract/console-access.ts';
import { schoolsQuery, useAccessChange } from '../access/access-queries.ts';
import { address } from '../api/address.ts';
import { meQuery } from '../api/queries.ts';
import { Refusal } from '../parts/Refusal.tsx';
import { ErrorState, LoadingLines } from '../parts/States.tsx';
import { Workspace } from '../parts/Workspace.tsx';
import form from '../parts/form.module.css';

/** The schools of the trust. */
export function SchoolsPage({ lead, toolbar }: { lead: string; toolbar: ReactNode }) {
  const query = useQuery(schoolsQuery);
  const mayChange = useQuery(meQuery).data?.permissions.includes('server.manage') === true;
  return (
    <Workspace title="Settings" lead={lead} toolbar={toolbar}>
      {query.isPending ? (
        <LoadingLines label="schools" />
      ) : query.data === undefined ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <div className={form['stack']}>
          <section className={form['card']}>
            <h2>Schools</h2>
            <ul className={form['rows']}>
              {query.data.items.map((school) => (
                <School key={school.id} school={school} mayChange={mayChange} />
              ))}
            </ul>
          </section>
          {mayChange ? <AddSchool /> : null}
        </div>
      )}
    </Workspace>
  );
}

function School({ school, mayChange }: { school: SchoolRow; mayChange: boolean }) {
  const [editing, setEditing] = useState(false);
  const [name, setName] = useState(school.name);
  const rename = useAccessChange<z.input<typeof renameSchool>, typeof schoolRow>(
    address(accessPaths.school, { id: school.id }),
    schoolRow,
    'PUT',
  );
  if (editing) {
    return (
      <li className={form['row']}>
        <form
          className={form['form']}
          onSubmit={(event) => {
            event.preventDefault();
            rename.mutate(
              { name: name.trim() },
              {
                onSuccess: () => {
                  setEditing(false);
                },
              },
            );
          }}
        >
          <TextInput
            label={`New name of ${school.name}`}
            value={name}
            required
            maxLength={200}
            onChange={(event) => {
              setName(event.currentTarget.value);
            }}
          />
          <Refusal error={rename.error} />
          <div className={form['formFoot']}>
            <Button type="submit" size="xs" loading={rename.isPending}>
              Save
            </Button>
            <Button
              size="xs"
              variant="default"
              onClick={() => {
                setEditing(false);
              }}
            >
              Leave it
            </Button>
          </div>
        </form>
      </li>
    );
  }
  return (
    <li className={form['row']}>
      <div>
        <strong>{school.name}</strong>
        <div className={form['soft']}>
          <code>{school.id}</code> · {school.machines === 1 ? '1 machine' : `${String(school.machines)} machines`} ·{' '}
          {school.people === 1 ? '1 person seen' : `${String(school.people)} people seen`}
        </div>
      </div>
      {mayChange ? (
        <Button
          size="xs"
          variant="default"
          aria-label={`Rename ${school.name}`}
          onClick={() => {
            setEditing(true);
          }}
        >
          Rename
        </Button>
      ) : null}
    </li>
  );
}

function AddSchool() {
  const [name, setName] = useState('');
  const add = useAccessChange<z.input<typeof addSchool>, typeof schoolRow>(accessPaths.schools, schoolRow);
  return (
    <section className={form['card']}>
      <h2>Add a school</h2>
      <form
        className={form['form']}
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate(
            { name: name.trim() },
            {
              onSuccess: () => {
                setName('');
              },
            },
          );
        }}
      >
        <TextInput
          label="Name"
          description="Machines join it with a token made for it, under Machines."
          required
          maxLength={200}
          value={name}
          onChange={(event) => {
            setName(event.currentTarget.value);
          }}
        />
        <Refusal error={add.error} />
        <div className={form['formFoot']}>
          <Button type="submit" loading={add.isPending}>
            Add the school
          </Button>
        </div>
      </form>
    </section>
  );
}
