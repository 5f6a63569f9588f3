import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { rulesQuery } from './alert-queries.ts';

/** Which school something is for; null for every one. Not offered where there is one school only. */
export function SchoolSelect({
  value,
  onChange,
}: {
  value: string | null;
  onChange: (schoolId: string | null) => void;
}) {
  const schools = useQuery(rulesQuery).data?.schools ?? [];
  if (schools.length < 2 && value === null) return null;
  return (
    <NativeSelect
      label="School"
      value={value ?? ''}
      data={[{ value: '', label: 'Every school' }, ...schools.map(({ id, name }) => ({ value: id, label: name }))]}
      onChange={(event) => {
        onChange(event.currentTarget.value === '' ? null : event.currentTarget.value);
      }}
    />
  );
}
