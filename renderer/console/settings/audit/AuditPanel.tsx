import type { AuditRow } from '../../../../src/contract/console-access.ts';
import { Fact, Facts } from '../../parts/Facts.tsx';
import { Hash } from '../../parts/Hash.tsx';
import { Moment } from '../../parts/Moment.tsx';
import { PanelPart, SidePanel } from '../../parts/SidePanel.tsx';
import { LoadingLines } from '../../parts/States.tsx';
import { actionWords } from './action-words.ts';

export interface AuditPanelProps {
  row: AuditRow | undefined;
  loading: boolean;
  onClose: () => void;
}

/** One thing that was done, whole. */
export function AuditPanel({ row, loading, onClose }: AuditPanelProps) {
  return (
    <SidePanel kind="Audit trail" title={row === undefined ? 'Entry' : actionWords(row.body.action)} onClose={onClose}>
      {row !== undefined ? (
        <>
          <p>{row.sentence}</p>
          <Facts>
            <Fact label="When">
              <Moment at={row.body.at} as="full" />
            </Fact>
            <Fact label="Who">{row.body.actor.name}</Fact>
            <Fact label="School">{row.body.schoolId ?? 'the whole trust'}</Fact>
            {row.body.subject === null ? null : <Fact label="Done to">{row.body.subject}</Fact>}
            {Object.entries(row.body.detail).map(([name, value]) => (
              <Fact key={name} label={name}>
                {typeof value === 'string' ? value : JSON.stringify(value)}
              </Fact>
            ))}
          </Facts>
          <PanelPart title="Its place in the chain">
            <Facts>
              <Fact label="Number">{row.body.number}</Fact>
              <Fact label="Hash">
                <Hash value={row.hash} what="this entry’s hash" />
              </Fact>
              <Fact label="Before it">
                <Hash value={row.prev} what="the hash before it" />
              </Fact>
            </Facts>
          </PanelPart>
        </>
      ) : loading ? (
        <LoadingLines lines={6} label="this entry" />
      ) : (
        <p>This entry is not among those shown. Load more, or take a filter away.</p>
      )}
    </SidePanel>
  );
}
