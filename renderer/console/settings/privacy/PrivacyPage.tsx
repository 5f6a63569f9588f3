import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import { meQuery } from '../../api/queries.ts';
import { ActionLink } from '../../parts/ActionLink.tsx';
import { Workspace } from '../../parts/Workspace.tsx';
import { Views } from '../../parts/Views.tsx';
import { Assessment } from './Assessment.tsx';
import { HoldPanel, HoldsPart, newHoldKey } from './Holds.tsx';
import { OnePerson } from './OnePerson.tsx';
import { PurgesPart } from './Purges.tsx';
import { RetentionPanel, RetentionPart } from './Retention.tsx';
import { holdsQuery } from './privacy-queries.ts';

const parts = ['kept', 'holds', 'removed', 'person', 'assessment'] as const;
type Part = (typeof parts)[number];
const partWords: Record<Part, string> = {
  kept: 'How long',
  holds: 'Legal holds',
  removed: 'Removed',
  person: 'One person',
  assessment: 'Impact assessment',
};

const home = '/settings/privacy';
export const hrefOf = (part: Part, open?: string): string =>
  open === undefined ? `${home}/${part}` : `${home}/${part}:${open}`;

/** `kept:sessions` is the detail `sessions` of the part `kept`. */
function placeIn(openId: string | null): { part: Part; open: string | null } {
  const [name = '', open = null] = (openId ?? 'kept').split(':');
  return { part: parts.find((one) => one === name) ?? 'kept', open };
}

/** Privacy: how long things are kept, what is held, what was removed, people's rights, the impact assessment. */
export function PrivacyPage({ openId, lead, toolbar }: { openId: string | null; lead: string; toolbar: ReactNode }) {
  const { part, open } = placeIn(openId);
  const [, navigate] = useLocation();
  const waiting = useQuery(holdsQuery).data?.items.filter(
    ({ endedAt, reviewOn }) => endedAt === null && reviewOn < new Date().toISOString().slice(0, 10),
  ).length;
  const allowed = useQuery(meQuery).data?.permissions ?? [];
  const mayManage = allowed.includes('retention.manage');
  const close = () => {
    navigate(hrefOf(part));
  };
  const panel =
    open === null
      ? null
      : part === 'kept'
        ? { rowKey: open, content: <RetentionPanel key={open} row={open} mayManage={mayManage} onClose={close} /> }
        : part === 'holds'
          ? { rowKey: open, content: <HoldPanel key={open} id={open} mayManage={mayManage} onClose={close} /> }
          : null;
  return (
    <Workspace
      title="Settings"
      lead={lead}
      actions={
        part === 'holds' && mayManage ? (
          <ActionLink href={hrefOf('holds', newHoldKey)} word="Place a legal hold" />
        ) : null
      }
      toolbar={
        <>
          {toolbar}
          <Views
            label="Privacy"
            within
            views={parts
              .filter((one) => one !== 'person' || mayManage || allowed.includes('rights.export'))
              .map((one) => ({
                href: hrefOf(one),
                word: partWords[one],
                here: one === part,
                ...(one === 'holds' && waiting !== undefined ? { waiting } : {}),
              }))}
          />
        </>
      }
      panel={panel}
    >
      {part === 'kept' ? (
        <RetentionPart open={open} />
      ) : part === 'holds' ? (
        <HoldsPart open={open} />
      ) : part === 'removed' ? (
        <PurgesPart mayManage={mayManage} />
      ) : part === 'person' ? (
        <OnePerson mayErase={mayManage} mayExport={allowed.includes('rights.export')} />
      ) : (
        <Assessment />
      )}
    </Workspace>
  );
}
