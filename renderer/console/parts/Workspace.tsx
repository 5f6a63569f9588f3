import { useMediaQuery } from '@mantine/hooks';
import { useEffect, useRef, type ReactNode } from 'react';
import styles from './workspace.module.css';

export interface WorkspaceProps {
  title: string;
  /** One sentence under the title. */
  lead?: ReactNode;
  /** At the right of the title. */
  actions?: ReactNode;
  /** Filters above the list. */
  toolbar?: ReactNode;
  children: ReactNode;
  /** The open detail, if any, and the row it belongs to. */
  panel?: { rowKey: string; content: ReactNode } | null;
}

/** Below this width an open panel covers the page instead of standing beside it. */
const panelCovers = '(max-width: 1079px)';

export const usePanelCovers = (): boolean => useMediaQuery(panelCovers, false, { getInitialValueInEffect: false });

/** A page with a list and room for a detail beside it. Closing the detail puts the focus back on its row. */
export function Workspace({ title, lead, actions, toolbar, children, panel = null }: WorkspaceProps) {
  const covers = usePanelCovers();
  const list = useRef<HTMLDivElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const rowKey = panel?.rowKey ?? null;
  const shownRow = useRef(rowKey);
  useEffect(() => {
    const closed = shownRow.current;
    shownRow.current = rowKey;
    if (closed === null || rowKey !== null) return;
    const rows = list.current?.querySelectorAll<HTMLElement>('[data-row-key]') ?? [];
    const row = [...rows].find((one) => one.dataset['rowKey'] === closed);
    (row?.querySelector<HTMLElement>('a') ?? heading.current)?.focus();
  }, [rowKey]);
  return (
    <div className={styles['workspace']} data-panel={panel === null ? undefined : 'open'}>
      <div className={styles['list']} ref={list} inert={panel !== null && covers}>
        <header className={styles['header']}>
          <div>
            <h1 ref={heading} tabIndex={-1}>
              {title}
            </h1>
            {lead === undefined ? null : <p className={styles['lead']}>{lead}</p>}
          </div>
          {actions}
        </header>
        {toolbar === undefined ? null : <div className={styles['toolbar']}>{toolbar}</div>}
        <div className={styles['body']}>{children}</div>
      </div>
      {panel?.content}
    </div>
  );
}
