import { SegmentedControl, Switch } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useMemo, useState } from 'react';
import type { Policy } from '../../../src/contract/policy.ts';
import { comparePolicies } from '../../../src/rules/compare-policies/compare-policies.ts';
import { changeKindWords, sayComparison, type ChangeItem, type ChangeKind } from '../../../src/words/change-items.ts';
import { ChangeList } from '../../ui/changes/index.ts';
import { InOneColumn, SideBySide } from './ComparedDocument.tsx';
import { comparedRows } from './compared-rows.ts';
import styles from './compare.module.css';

export interface ComparisonProps {
  older: Policy;
  newer: Policy;
  names: { older: string; newer: string };
  /** Where there is no room for two. */
  oneColumn?: boolean;
}

/** Below this width two columns are too narrow to read. */
const narrow = '(max-width: 899px)';

/** Everything that differs between two versions, and on request everything that does not. */
export function Comparison({ older, newer, names, oneColumn = false }: ComparisonProps) {
  const isNarrow = useMediaQuery(narrow, false, { getInitialValueInEffect: false });
  const oneColumnOnly = oneColumn || isNarrow;
  const [view, setView] = useState<'sides' | 'column'>('sides');
  const [onlyChanged, setOnlyChanged] = useState(true);
  const { lines, said } = useMemo(() => {
    const comparison = comparePolicies(older, newer);
    return { lines: comparison.lines, said: sayComparison(comparison, older, newer) };
  }, [older, newer]);
  const rows = useMemo(() => comparedRows(lines, said.items, onlyChanged), [lines, said, onlyChanged]);
  const beside = said.items.filter(({ part }) => part === 'beside');

  return (
    <div className={styles['comparison']}>
      <p role="status" className={styles['summary']}>
        {summaryOf(said.items, said.renumbered)}
      </p>
      <div className={styles['tools']}>
        {oneColumnOnly ? null : (
          <SegmentedControl
            value={view}
            onChange={(value) => {
              setView(value === 'sides' ? 'sides' : 'column');
            }}
            data={[
              { value: 'sides', label: 'Side by side' },
              { value: 'column', label: 'In one column' },
            ]}
            aria-label="How to show both versions"
          />
        )}
        <Switch
          label="Only what changed"
          checked={onlyChanged}
          onChange={(event) => {
            setOnlyChanged(event.currentTarget.checked);
          }}
        />
      </div>
      {rows.length === 0 ? (
        <p>The document itself reads the same in both.</p>
      ) : view === 'column' || oneColumnOnly ? (
        <InOneColumn rows={rows} language={newer.language} />
      ) : (
        <SideBySide rows={rows} language={newer.language} names={names} />
      )}
      {beside.length === 0 ? null : (
        <section className={styles['beside']} aria-labelledby="beside-the-document">
          <h2 id="beside-the-document">Beside the document</h2>
          <ChangeList items={beside} language="en-GB" />
        </section>
      )}
    </div>
  );
}

/** "2 reworded, 1 added, 1 taken out · 3 changes beside the document · 4 clauses only have another number". */
function summaryOf(items: readonly ChangeItem[], renumbered: number): string {
  const counts = new Map<ChangeKind, number>();
  for (const { kind, part } of items) if (part === 'document') counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const beside = items.filter(({ part }) => part === 'beside').length;
  const parts = [
    [...counts].map(([kind, count]) => `${String(count)} ${changeKindWords[kind].toLowerCase()}`).join(', '),
    beside === 0 ? '' : `${String(beside)} ${beside === 1 ? 'change' : 'changes'} beside the document`,
    renumbered === 0
      ? ''
      : renumbered === 1
        ? '1 clause only has another number'
        : `${String(renumbered)} clauses only have another number`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'The two versions say the same.' : `${parts.join(' · ')}.`;
}
