import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { accessPaths, userLink, type InviteUser } from '../../../../src/contract/console-access.ts';
import type { RoleGrant } from '../../../../src/contract/roles.ts';
import { useAccessChange } from '../../access/access-queries.ts';
import { Refusal } from '../../parts/Refusal.tsx';
import { SidePanel } from '../../parts/SidePanel.tsx';
import form from '../../parts/form.module.css';
import { OneTimeLink } from './OneTimeLink.tsx';
import { RoleFields } from './RoleFields.tsx';

/** Invites somebody: who, and what for. The answer is a link to hand over. */
export function InvitePanel({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [roles, setRoles] = useState<RoleGrant[]>([]);
  const invite = useAccessChange<InviteUser, typeof userLink>(accessPaths.users, userLink);
  return (
    <SidePanel kind="User" title="Invite somebody" onClose={onClose}>
      {invite.data !== undefined ? (
        <OneTimeLink link={invite.data} />
      ) : (
        <form
          className={form['form']}
          onSubmit={(event) => {
            event.preventDefault();
            invite.mutate({ name: name.trim(), email: email.trim(), roles });
          }}
        >
          <TextInput
            label="Name"
            required
            maxLength={200}
            autoComplete="off"
            value={name}
            onChange={(event) => {
              setName(event.currentTarget.value);
            }}
          />
          <TextInput
            label="E-mail address"
            description="The one they have in the school's own sign-in, if they use that."
            type="email"
            required
            maxLength={200}
            autoComplete="off"
            value={email}
            onChange={(event) => {
              setEmail(event.currentTarget.value);
            }}
          />
          <RoleFields roles={roles} onChange={setRoles} />
          <Refusal error={invite.error} />
          <div className={form['formFoot']}>
            <Button type="submit" loading={invite.isPending} disabled={roles.length === 0}>
              Make the invitation
            </Button>
          </div>
        </form>
      )}
    </SidePanel>
  );
}
