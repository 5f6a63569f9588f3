import { Button, MultiSelect, NumberInput, Switch, TagsInput, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { z } from 'zod';
import { alertPaths, isAlertSubject, type RuleInput, type RuleRow } from '../../../src/contract/console-alerts.ts';
import { address } from '../api/address.ts';
import { Refusal } from '../parts/Refusal.tsx';
import { SidePanel } from '../parts/SidePanel.tsx';
import { channelsQuery, rulesQuery, usePost } from './alert-queries.ts';
import { ruleSentence, subjectChoices } from './alert-sentences.ts';
import { SchoolSelect } from './SchoolSelect.tsx';
import { RemoveButton } from './SendingFacts.tsx';
import form from '../parts/form.module.css';

export interface RulePanelProps {
  rule: RuleRow | null;
  mayManage: boolean;
  onClose: () => void;
}

/** What is alerted on: one rule, or a new one, with the sentence it makes. */
export function RulePanel({ rule, mayManage, onClose }: RulePanelProps) {
  return (
    <SidePanel kind="Rule" title={rule?.name ?? 'A new rule'} onClose={onClose}>
      {mayManage || rule === null ? <RuleForm rule={rule} /> : <Sentence rule={rule} />}
      {rule === null || !mayManage ? null : (
        <RemoveButton path={address(alertPaths.removeRule, { id: rule.id })} what="rule" onDone={onClose} />
      )}
    </SidePanel>
  );
}

function Sentence({ rule }: { rule: Parameters<typeof ruleSentence>[0] & { schoolId: string | null } }) {
  const channels = useQuery(channelsQuery).data?.items ?? [];
  const schools = useQuery(rulesQuery).data?.schools ?? [];
  const school = schools.find(({ id }) => id === rule.schoolId)?.name ?? null;
  const channelOf = (wanted: string) => channels.find(({ id }) => id === wanted)?.name;
  return (
    <p className={form['quote']} aria-live="polite">
      {ruleSentence(rule, { school, channelOf })}
    </p>
  );
}

function RuleForm({ rule }: { rule: RuleRow | null }) {
  const channels = useQuery(channelsQuery).data?.items ?? [];
  const [name, setName] = useState(rule?.name ?? '');
  const [what, setWhat] = useState<string[]>(rule?.what ?? []);
  const [schoolId, setSchoolId] = useState(rule?.schoolId ?? null);
  const [machineNames, setMachineNames] = useState<string[]>(rule?.machineNames ?? []);
  const [count, setCount] = useState(rule?.threshold.count ?? 1);
  const [minutes, setMinutes] = useState(rule?.threshold.minutes ?? 15);
  const [quietMinutes, setQuietMinutes] = useState(rule?.quietMinutes ?? 60);
  const [chosen, setChosen] = useState<string[]>(rule?.channels ?? []);
  const [includeNames, setIncludeNames] = useState(rule?.includeNames ?? false);
  const [enabled, setEnabled] = useState(rule?.enabled ?? true);
  const path = rule === null ? alertPaths.rules : address(alertPaths.rule, { id: rule.id });
  const save = usePost<RuleInput, z.ZodType>(path, z.object({}));
  const given = {
    name,
    what: what.filter(isAlertSubject),
    schoolId,
    machineNames,
    threshold: { count, minutes },
    quietMinutes,
    channels: chosen.filter((id) => channels.some((one) => one.id === id)),
    includeNames,
    enabled,
  };
  return (
    <form
      className={form['form']}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(given);
      }}
    >
      <Sentence rule={given} />
      <TextInput
        label="Name"
        placeholder="Screens that do not lock"
        value={name}
        maxLength={100}
        required
        onChange={(event) => {
          setName(event.currentTarget.value);
        }}
      />
      <MultiSelect
        label="Tell when"
        placeholder={what.length === 0 ? 'Search …' : undefined}
        data={subjectChoices}
        value={what}
        searchable
        onChange={setWhat}
      />
      <SchoolSelect value={schoolId} onChange={setSchoolId} />
      <TagsInput
        label="Only machines whose name begins with"
        description="Empty: every machine."
        placeholder="room-"
        value={machineNames}
        onChange={setMachineNames}
      />
      <div className={form['pair']}>
        <NumberInput
          label="From how many times"
          value={count}
          min={1}
          max={1_000}
          onChange={(value) => {
            setCount(Number(value));
          }}
        />
        <NumberInput
          label="Within minutes"
          value={minutes}
          min={1}
          max={10_080}
          onChange={(value) => {
            setMinutes(Number(value));
          }}
        />
      </div>
      <NumberInput
        label="Then hold others back for minutes"
        description="What was held back is summed up in one alert afterwards."
        value={quietMinutes}
        min={0}
        max={10_080}
        onChange={(value) => {
          setQuietMinutes(Number(value));
        }}
      />
      <MultiSelect
        label="Tell by"
        description={channels.length === 0 ? 'There is no channel yet: it is shown on this page only.' : undefined}
        data={channels.map(({ id, name: label }) => ({ value: id, label }))}
        value={given.channels}
        onChange={setChosen}
      />
      <Switch
        label="The message may name the person"
        checked={includeNames}
        onChange={(event) => {
          setIncludeNames(event.currentTarget.checked);
        }}
      />
      <Switch
        label="On"
        checked={enabled}
        onChange={(event) => {
          setEnabled(event.currentTarget.checked);
        }}
      />
      <Refusal error={save.error} />
      <div className={form['formFoot']}>
        <Button type="submit" loading={save.isPending} disabled={rule === null && save.isSuccess}>
          {rule === null ? 'Add the rule' : 'Save'}
        </Button>
        {save.isSuccess ? <span role="status">Saved.</span> : null}
      </div>
    </form>
  );
}
