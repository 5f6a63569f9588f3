import { Button, MultiSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { standingPaths, type Offices, type SetOffice } from '../../../src/contract/console-standing.ts';
import { Notice } from '../../ui/index.ts';
import { meQuery } from '../api/queries.ts';
import { Refusal } from '../parts/Refusal.tsx';
import { ErrorState, LoadingLines } from '../parts/States.tsx';
import { Workspace } from '../parts/Workspace.tsx';
import { officeWords } from '../people/signature-words.tsx';
import { officesQuery, useStanding } from '../people/standing-queries.ts';
import form from '../parts/form.module.css';

/** Who is headteacher and business manager of each school: they give second signatures. */
export function OfficesPage({ lead, toolbar }: { lead: string; toolbar: ReactNode }) {
  const query = useQuery(officesQuery);
  return (
    <Workspace title="Settings" lead={lead} toolbar={toolbar}>
      {query.isPending ? (
        <LoadingLines label="offices" />
      ) : query.data === undefined ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <div className={form['stack']}>
          {query.data.items.map((item) => (
            <OfficeForm key={`${item.schoolId}.${item.office}`} item={item} users={query.data.users} />
          ))}
        </div>
      )}
    </Workspace>
  );
}

function OfficeForm({ item, users }: { item: Offices['items'][number]; users: Offices['users'] }) {
  const mayManage = useQuery(meQuery).data?.permissions.includes('users.manage') ?? false;
  const [userIds, setUserIds] = useState(item.userIds);
  const put = useStanding<SetOffice>(standingPaths.offices, 'PUT');
  const office = officeWords[item.office];
  return (
    <form
      className={form['card']}
      onSubmit={(event) => {
        event.preventDefault();
        put.mutate({ schoolId: item.schoolId, office: item.office, userIds });
      }}
    >
      <h2>{`${office.charAt(0).toUpperCase()}${office.slice(1)} of ${item.school}`}</h2>
      <MultiSelect
        label="Signs here"
        description="Users of this console. Several may hold an office; each signs in their own name."
        data={users.map(({ id, name }) => ({ value: id, label: name }))}
        value={userIds}
        disabled={!mayManage}
        searchable
        onChange={(chosen) => {
          setUserIds(chosen);
          put.reset();
        }}
      />
      <Refusal error={put.error} />
      {put.isSuccess ? (
        <Notice tone="good" role="status">
          Saved.
        </Notice>
      ) : null}
      {mayManage ? (
        <div className={form['formFoot']}>
          <Button type="submit" loading={put.isPending}>
            Save
          </Button>
        </div>
      ) : null}
    </form>
  );
}
