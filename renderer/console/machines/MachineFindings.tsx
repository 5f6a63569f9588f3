import { queryOptions, useQuery } from '@tanstack/react-query';
import { machinePaths, findingList } from '../../../src/contract/console-machines.ts';
import { address } from '../api/address.ts';
import { get } from '../api/client.ts';
import { Moment } from '../parts/Moment.tsx';
import { PanelPart } from '../parts/SidePanel.tsx';
import { TextLink } from '../parts/TextLink.tsx';
import { FindingChip } from './standing-words.tsx';
import styles from './machines.module.css';

const findingsOf = (machine: string) =>
  queryOptions({
    queryKey: ['machines', 'findings', 'of', machine],
    queryFn: ({ signal }) => get(address(machinePaths.findings, {}, { machine }), findingList, signal),
  });

/** What was found about one machine and is not resolved, each with what to do. */
export function MachineFindings({ id }: { id: string }) {
  const findings = useQuery(findingsOf(id)).data?.items ?? [];
  if (findings.length === 0) return null;
  return (
    <PanelPart title="Found about it">
      <ul className={styles['troubles']}>
        {findings.map((finding) => (
          <li key={finding.id}>
            <span>
              <FindingChip kind={finding.kind} /> <Moment at={finding.lastAt} />
            </span>
            <p className={styles['detail']}>{finding.detail}</p>
            <p>{finding.whatToDo}</p>
            <TextLink href={address('/machines/findings/:id', { id: finding.id })}>
              {finding.owner === null ? 'Take it on or resolve it' : `${finding.owner} looks after it`}
            </TextLink>
          </li>
        ))}
      </ul>
    </PanelPart>
  );
}
