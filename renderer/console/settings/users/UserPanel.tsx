import { Button } from '@mantine/core';
import { useState } from 'react';
import type { z } from 'zod';
import {
  accessPaths,
  done,
  userLink,
  type setRoles as setRolesBody,
  type UserRow,
} from '../../../../src/contract/console-access.ts';
import type { RoleGrant } from '../../../../src/contract/roles.ts';
import { useAccessChange } from '../../access/access-queries.ts';
import { address } from '../../api/address.ts';
import { Fact, Facts } from '../../parts/Facts.tsx';
import { Moment } from '../../parts/Moment.tsx';
import { Refusal } from '../../parts/Refusal.tsx';
import { PanelPart, SidePanel } from '../../parts/SidePanel.tsx';
import { LoadingLines } from '../../parts/States.tsx';
import form from '../../parts/form.module.css';
import { grantWords } from '../role-words.ts';
import { OneTimeLink } from './OneTimeLink.tsx';
import { RoleFields } from './RoleFields.tsx';
import { UserChip, waysWords } from './user-columns.tsx';

export interface UserPanelProps {
  user: UserRow | undefined;
  loading: boolean;
  mayChange: boolean;
  onClose: () => void;
}

/** One user: roles, how they sign in, and what can be done when a phone is lost or somebody leaves. */
export function UserPanel({ user, loading, mayChange, onClose }: UserPanelProps) {
  return (
    <SidePanel kind="User" title={user?.name ?? 'User'} onClose={onClose}>
      {user !== undefined ? (
        <>
          <Facts>
            <Fact label="State">
              <UserChip state={user.state} />
            </Fact>
            <Fact label="E-mail">{user.email}</Fact>
            <Fact label="Roles">{user.roles.map(grantWords).join('; ') || 'none'}</Fact>
            <Fact label="Signs in by">{waysWords(user)}</Fact>
            <Fact label="Invited">
              <Moment at={user.createdAt} as="full" />
            </Fact>
            <Fact label="Last sign-in">
              {user.lastSignInAt === null ? 'never' : <Moment at={user.lastSignInAt} as="full" />}
            </Fact>
            <Fact label="Signed in now">
              {user.sessions === 0
                ? 'no'
                : user.sessions === 1
                  ? 'in one browser'
                  : `in ${String(user.sessions)} browsers`}
            </Fact>
          </Facts>
          {mayChange && user.manageable ? (
            <>
              <Roles user={user} />
              <Deeds user={user} />
            </>
          ) : mayChange ? (
            <p className={form['soft']}>
              You cannot change yourself, nor somebody with roles at schools you do not manage.
            </p>
          ) : null}
        </>
      ) : loading ? (
        <LoadingLines lines={6} label="this user" />
      ) : (
        <p>There is no user with this id.</p>
      )}
    </SidePanel>
  );
}

function Roles({ user }: { user: UserRow }) {
  const [roles, setRoles] = useState<RoleGrant[]>([...user.roles]);
  const save = useAccessChange<z.input<typeof setRolesBody>, typeof done>(
    address(accessPaths.userRoles, { id: user.id }),
    done,
    'PUT',
  );
  return (
    <PanelPart title="Change the roles">
      <form
        className={form['form']}
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate({ roles });
        }}
      >
        <RoleFields titled roles={roles} onChange={setRoles} />
        <Refusal error={save.error} />
        <div className={form['formFoot']}>
          <Button type="submit" variant="default" loading={save.isPending}>
            Save the roles
          </Button>
        </div>
        <p className={form['soft']}>Saving ends their sessions; they sign in again with the new roles.</p>
      </form>
    </PanelPart>
  );
}

function Deeds({ user }: { user: UserRow }) {
  const at = (path: string): string => address(path, { id: user.id });
  const end = useAccessChange<object, typeof done>(at(accessPaths.userEndSessions), done);
  const disable = useAccessChange<object, typeof done>(at(accessPaths.userDisable), done);
  const enable = useAccessChange<object, typeof done>(at(accessPaths.userEnable), done);
  const reset = useAccessChange<object, typeof userLink>(at(accessPaths.userReset), userLink);
  return (
    <PanelPart title="When something changes">
      <div className={form['form']}>
        <Refusal error={end.error ?? disable.error ?? enable.error ?? reset.error} />
        {reset.data === undefined ? null : <OneTimeLink link={reset.data} />}
        <div className={form['formFoot']}>
          {user.state === 'disabled' ? (
            <Button
              variant="default"
              loading={enable.isPending}
              onClick={() => {
                enable.mutate({});
              }}
            >
              Let them in again
            </Button>
          ) : (
            <Button
              variant="default"
              loading={disable.isPending}
              onClick={() => {
                disable.mutate({});
              }}
            >
              Disable
            </Button>
          )}
          <Button
            variant="default"
            loading={reset.isPending}
            onClick={() => {
              reset.mutate({});
            }}
          >
            Reset how they sign in
          </Button>
          <Button
            variant="default"
            disabled={user.sessions === 0}
            loading={end.isPending}
            onClick={() => {
              end.mutate({});
            }}
          >
            End their sessions
          </Button>
        </div>
        <p className={form['soft']}>
          Reset when a phone or key is lost: password, app and passkeys go, and a new link is made for them.
        </p>
      </div>
    </PanelPart>
  );
}
