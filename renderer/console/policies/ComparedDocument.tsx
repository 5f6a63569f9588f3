import type { ReactNode } from 'react';
import type { PolicyLine } from '../../../src/rules/compare-policies/policy-lines.ts';
import { ChangeMark, MarkedText } from '../../ui/changes/index.ts';
import { RichText } from '../../ui/index.ts';
import type { ComparedRow } from './compared-rows.ts';
import styles from './compare.module.css';

export interface ComparedDocumentProps {
  rows: readonly ComparedRow[];
  /** BCP 47 tag of the policy's language. */
  language: string;
  /** What the two columns are called: "Version 1". */
  names: { older: string; newer: string };
}

/** Both versions in two columns, line beside line. */
export function SideBySide({ rows, language, names }: ComparedDocumentProps) {
  return (
    <table className={styles['sides']} aria-label="Both versions, line beside line">
      <thead>
        <tr>
          <th scope="col" className={styles['markColumn']}>
            Change
          </th>
          <th scope="col">{names.older}</th>
          <th scope="col">{names.newer}</th>
        </tr>
      </thead>
      <tbody lang={language}>
        {rows.map((row) => {
          const { line, kind, note } = row;
          const { older, newer, place } = line;
          return (
            <tr key={row.key} data-line={line.kind} data-kind={kind ?? undefined}>
              <td className={styles['markColumn']} lang="en-GB">
                <Mark row={row} />
              </td>
              <td data-side={names.older}>
                {older !== null && place !== 'newer' ? (
                  <Line line={older}>
                    <SideText row={row} side="older" />
                  </Line>
                ) : (
                  <Nothing />
                )}
              </td>
              <td data-side={names.newer}>
                {newer !== null && place !== 'older' ? (
                  <Line line={newer}>
                    <SideText row={row} side="newer" />
                  </Line>
                ) : (
                  <Nothing />
                )}
                {note === null || place === 'older' ? null : (
                  <p className={styles['note']} lang="en-GB">
                    {note}
                  </p>
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** Both versions in one column, with the words marked. */
export function InOneColumn({ rows, language }: Omit<ComparedDocumentProps, 'names'>) {
  return (
    <ol className={styles['lines']} aria-label="Both versions in one column">
      {rows.map((row) => {
        const { line, kind, note } = row;
        const shown = line.place === 'older' ? line.older : (line.newer ?? line.older);
        if (shown === null) return null;
        return (
          <li key={row.key} className={styles['line']} data-line={line.kind} data-kind={kind ?? undefined}>
            <Mark row={row} />
            <div lang={language}>
              <Line line={shown}>
                <WholeText row={row} />
              </Line>
              {note === null ? null : (
                <p className={styles['note']} lang="en-GB">
                  {note}
                </p>
              )}
            </div>
          </li>
        );
      })}
    </ol>
  );
}

function Mark({ row: { kind, line } }: { row: ComparedRow }) {
  if (kind !== null) return <ChangeMark kind={kind} />;
  const renumbered = line.changes.includes('renumbered') && line.older !== null && line.newer !== null;
  return renumbered ? (
    <span className={styles['renumbered']}>was {line.older?.number ?? 'without a number'}</span>
  ) : null;
}

function Line({ line, children }: { line: PolicyLine; children: ReactNode }) {
  const Text = line.kind === 'section' ? 'strong' : 'span';
  return (
    <p className={styles['text']} data-line={line.kind}>
      {line.number === undefined ? null : <span className={styles['number']}>{line.number}</span>}
      <Text>{children}</Text>
    </p>
  );
}

const Nothing = () => <span className={styles['nothing']}>–</span>;

/** What one version says, with what the other does not have marked. */
function SideText({ row: { line, kind }, side }: { row: ComparedRow; side: 'older' | 'newer' }) {
  const text = line[side]?.text ?? '';
  const own = side === 'older' ? 'removed' : 'added';
  if (line.words !== null && line.place === 'both') {
    return <MarkedText runs={line.words.filter(({ kind: run }) => run === 'same' || run === own)} />;
  }
  if (kind === 'added' || kind === 'removed') return <MarkedText runs={[{ kind: own, text }]} />;
  return <RichText text={text} />;
}

function WholeText({ row: { line, kind } }: { row: ComparedRow }) {
  const { older, newer, place, words } = line;
  if (kind === 'added') return <MarkedText runs={[{ kind: 'added', text: newer?.text ?? '' }]} />;
  if (kind === 'removed') return <MarkedText runs={[{ kind: 'removed', text: older?.text ?? '' }]} />;
  if (place === 'older') return <RichText text={older?.text ?? ''} />;
  return words === null ? <RichText text={newer?.text ?? ''} /> : <MarkedText runs={words} />;
}
