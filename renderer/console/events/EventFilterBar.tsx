import { NativeSelect, Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { eventTypes } from '../../../src/contract/event.ts';
import { peopleQuery, personQuery, type EventFilters } from '../api/queries.ts';
import { MachineSelect } from '../machines/MachineSelect.tsx';
import type { ChangeEntries } from '../parts/address-entry.ts';
import { Search } from '../parts/Search.tsx';
import { eventWords } from './event-words.ts';

export interface EventFilterBarProps {
  filters: EventFilters;
  onChange: ChangeEntries;
}

/** Narrows the list by type, person, machine and words; all of it is kept in the address. */
export function EventFilterBar({ filters, onChange }: EventFilterBarProps) {
  return (
    <>
      <Search
        label="Search"
        placeholder="Words in the sentence"
        value={filters.search}
        onChange={(search) => {
          onChange({ search });
        }}
      />
      <NativeSelect
        label="What"
        w={190}
        value={filters.type ?? ''}
        onChange={(event) => {
          onChange({ type: event.currentTarget.value === '' ? null : event.currentTarget.value });
        }}
        data={[
          { value: '', label: 'Everything' },
          ...eventTypes.map((type) => ({ value: type, label: eventWords[type].word })),
        ]}
      />
      <PersonFilter id={filters.person} onChange={onChange} />
      <MachineSelect
        id={filters.machine}
        placeholder="Any"
        width={190}
        onChange={(machine) => {
          onChange({ machine });
        }}
      />
    </>
  );
}

function PersonFilter({ id, onChange }: { id: string | null; onChange: ChangeEntries }) {
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed, 250);
  const chosen = useQuery({ ...personQuery(id ?? ''), enabled: id !== null });
  const chosenLabel = chosen.data?.name ?? id;
  const found = useInfiniteQuery(
    peopleQuery({ search: search === '' || search === chosenLabel ? null : search, status: null }),
  );
  const options = (found.data?.pages[0]?.items ?? []).map((person) => ({
    value: person.id,
    label: person.printedName === null ? person.name : `${person.name} (${person.printedName})`,
  }));
  if (id !== null && !options.some((one) => one.value === id)) options.unshift({ value: id, label: chosenLabel ?? id });
  return (
    <Select
      label="Person"
      placeholder="Anyone"
      w={210}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': 'Anyone' }}
      nothingFoundMessage="Nobody matches"
      data={options}
      filter={({ options: all }) => all}
      value={id}
      onSearchChange={setTyped}
      onChange={(value) => {
        onChange({ person: value });
      }}
    />
  );
}
