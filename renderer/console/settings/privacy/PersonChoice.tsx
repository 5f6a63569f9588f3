import { NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { foundPeopleQuery } from './privacy-queries.ts';

/** Choosing somebody: part of their name, then who of those who have it. */
export function PersonChoice({ value, onChange }: { value: string; onChange: (id: string) => void }) {
  const [search, setSearch] = useState('');
  const found = useQuery(foundPeopleQuery(search)).data?.items ?? [];
  return (
    <>
      <TextInput
        label="Find somebody"
        placeholder="Account or printed name"
        value={search}
        maxLength={200}
        autoComplete="off"
        onChange={(event) => {
          setSearch(event.currentTarget.value);
        }}
      />
      <NativeSelect
        label="Person"
        value={value}
        required
        data={[
          { value: '', label: found.length === 0 ? 'Nobody has this name' : 'Choose …' },
          ...found.map(({ id, name, printedName }) => ({
            value: id,
            label: printedName === null ? name : `${name} (${printedName})`,
          })),
        ]}
        onChange={(event) => {
          onChange(event.currentTarget.value);
        }}
      />
    </>
  );
}
