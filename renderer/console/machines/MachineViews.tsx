import { useQuery } from '@tanstack/react-query';
import { meQuery } from '../api/queries.ts';
import { Views } from '../parts/Views.tsx';
import { countsQuery } from './machine-queries.ts';

export type MachineView = 'list' | 'findings' | 'add';

/** The three views of the page about machines. */
export function MachineViews({ here }: { here: MachineView }) {
  const counts = useQuery(countsQuery(null)).data;
  const mayManage = useQuery(meQuery).data?.permissions.includes('machines.manage') ?? false;
  const found = counts === undefined ? 0 : Object.values(counts.findings).reduce((sum, count) => sum + count, 0);
  return (
    <Views
      label="Machines"
      views={[
        { href: '/machines', word: 'Machines', here: here === 'list', waiting: counts?.standings.waiting ?? 0 },
        { href: '/machines/findings', word: 'Findings', here: here === 'findings', waiting: found },
        ...(mayManage ? [{ href: '/machines/add', word: 'Add machines', here: here === 'add' }] : []),
      ]}
    />
  );
}
