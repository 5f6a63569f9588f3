import { Checkbox, MultiSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { role, type Role, type RoleGrant } from '../../../../src/contract/roles.ts';
import { schoolsQuery } from '../../access/access-queries.ts';
import form from '../../parts/form.module.css';
import { roleMeans, roleWords } from '../role-words.ts';

/** Which roles somebody has, each for every school or for some. */
export function RoleFields({
  roles,
  titled = false,
  onChange,
}: {
  roles: readonly RoleGrant[];
  /** A title above says already what these are. */
  titled?: boolean;
  onChange: (roles: RoleGrant[]) => void;
}) {
  const schools = useQuery(schoolsQuery).data?.items ?? [];
  const set = (name: Role, grant: RoleGrant | null): void => {
    const others = roles.filter((one) => one.role !== name);
    onChange(grant === null ? others : [...others, grant]);
  };
  return (
    <fieldset className={form['fields']}>
      <legend className={titled ? 'visually-hidden' : undefined}>Roles</legend>
      {role.options.map((name) => {
        const grant = roles.find((one) => one.role === name);
        return (
          <div key={name} className={form['form']}>
            <Checkbox
              label={roleWords[name]}
              description={roleMeans[name]}
              checked={grant !== undefined}
              onChange={(event) => {
                set(name, event.currentTarget.checked ? { role: name, schools: 'all' } : null);
              }}
            />
            {grant === undefined || schools.length < 2 ? null : (
              <MultiSelect
                label={`Schools for ${roleWords[name].toLowerCase()}`}
                placeholder={grant.schools === 'all' ? 'Every school' : ''}
                data={schools.map(({ id, name: label }) => ({ value: id, label }))}
                value={grant.schools === 'all' ? [] : [...grant.schools]}
                clearable
                onChange={(chosen) => {
                  set(name, { role: name, schools: chosen.length === 0 ? 'all' : chosen });
                }}
              />
            )}
          </div>
        );
      })}
    </fieldset>
  );
}
