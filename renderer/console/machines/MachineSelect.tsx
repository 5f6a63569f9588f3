import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { machineQuery } from '../api/queries.ts';
import { machinesQuery } from './machine-queries.ts';

export interface MachineSelectProps {
  /** The chosen machine's id; null for none. */
  id: string | null;
  placeholder: string;
  required?: boolean;
  width?: number;
  onChange: (id: string | null) => void;
}

/** Chooses one machine out of any number: what is typed is looked for on the server. */
export function MachineSelect({ id, placeholder, required = false, width, onChange }: MachineSelectProps) {
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed, 250);
  const chosen = useQuery({ ...machineQuery(id ?? ''), enabled: id !== null });
  const chosenLabel = chosen.data?.name ?? id;
  const found = useInfiniteQuery(
    machinesQuery({
      search: search === '' || search === chosenLabel ? null : search,
      school: null,
      standing: null,
      finding: null,
    }),
  );
  const options = (found.data?.pages[0]?.items ?? []).map(({ deviceId, name, school }) => ({
    value: deviceId,
    label: name,
    school,
  }));
  if (id !== null && !options.some((one) => one.value === id)) {
    options.unshift({ value: id, label: chosenLabel ?? id, school: chosen.data?.school ?? '' });
  }
  const severalSchools = new Set(options.map(({ school }) => school)).size > 1;
  return (
    <Select
      label="Machine"
      placeholder={placeholder}
      w={width}
      required={required}
      searchable
      clearable={!required}
      clearButtonProps={{ 'aria-label': placeholder }}
      nothingFoundMessage="No machine matches"
      data={options.map(({ value, label, school }) => ({
        value,
        label: severalSchools ? `${label} (${school})` : label,
      }))}
      filter={({ options: all }) => all}
      value={id}
      onSearchChange={setTyped}
      onChange={onChange}
    />
  );
}
