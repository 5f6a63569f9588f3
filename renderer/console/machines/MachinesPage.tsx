import { useQuery } from '@tanstack/react-query';
import { Monitor } from 'lucide-react';
import { useMemo } from 'react';
import { useLocation } from 'wouter';
import { address } from '../api/address.ts';
import { machinesQuery, policiesQuery } from '../api/queries.ts';
import { usePageTitle } from '../frame/page-title.ts';
import { DataTable } from '../parts/DataTable.tsx';
import { EmptyState, ErrorState, LoadingLines } from '../parts/States.tsx';
import { Workspace } from '../parts/Workspace.tsx';
import { machineColumns } from './machine-columns.tsx';
import { MachinePanel } from './MachinePanel.tsx';

/** Every enrolled machine and how it is. */
export function MachinesPage({ openId }: { openId: string | null }) {
  usePageTitle('Machines');
  const [, navigate] = useLocation();
  const machines = useQuery(machinesQuery);
  const policies = useQuery(policiesQuery);
  const known = policies.data?.items;
  const columns = useMemo(() => machineColumns(known ?? []), [known]);
  const panel =
    openId === null ? null : (
      <MachinePanel
        key={openId}
        machine={machines.data?.items.find((one) => one.deviceId === openId)}
        loading={machines.isPending}
        policies={known ?? []}
        onClose={() => {
          navigate('/machines');
        }}
      />
    );
  return (
    <Workspace
      title="Machines"
      lead="Every machine that is enrolled with this server."
      panel={openId === null ? null : { rowKey: openId, content: panel }}
    >
      {machines.isPending ? (
        <LoadingLines label="machines" />
      ) : machines.data === undefined ? (
        <ErrorState error={machines.error} onRetry={() => void machines.refetch()} />
      ) : machines.data.items.length === 0 ? (
        <NoMachines />
      ) : (
        <DataTable
          label="Machines"
          columns={columns}
          rows={machines.data.items}
          keyOf={(machine) => machine.deviceId}
          hrefOf={(machine) => address('/machines/:id', { id: machine.deviceId })}
          openKey={openId}
        />
      )}
    </Workspace>
  );
}

function NoMachines() {
  return (
    <EmptyState icon={Monitor} title="No machine is enrolled yet">
      <p>
        <code>npm start</code> enrols the machine it runs on by itself. To enrol another, start Usher there with this
        school’s enrolment token in <code>USHER_ENROLMENT_TOKEN</code>; the token is kept where the server runs.
      </p>
    </EmptyState>
  );
}
