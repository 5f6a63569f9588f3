import { X } from 'lucide-react';
import { useEffect, useEffectEvent, useId, useRef, type ReactNode } from 'react';
import { usePanelCovers } from './Workspace.tsx';
import styles from './workspace.module.css';

export interface SidePanelProps {
  /** What kind of thing it is, above the title. */
  kind: string;
  title: ReactNode;
  onClose: () => void;
  children: ReactNode;
}

/**
 * A detail beside the list. It takes the focus when it opens, Escape closes it, and where it covers the page it is
 * a modal dialog. Give it a `key` so that another row's detail is another panel.
 */
export function SidePanel({ kind, title, onClose, children }: SidePanelProps) {
  const titleId = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  const covers = usePanelCovers();
  const close = useEffectEvent(onClose);
  useEffect(() => {
    heading.current?.focus();
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      if (event.target instanceof HTMLInputElement && event.target.value !== '') return;
      close();
    };
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('keydown', onKey);
    };
  }, []);
  return (
    <section className={styles['panel']} role="dialog" aria-modal={covers} aria-labelledby={titleId}>
      <header className={styles['panelHeader']}>
        <div>
          <p className={styles['panelKind']}>{kind}</p>
          <h2 id={titleId} ref={heading} tabIndex={-1}>
            {title}
          </h2>
        </div>
        <button type="button" className={styles['close']} aria-label="Close" title="Close (Escape)" onClick={onClose}>
          <X size={18} aria-hidden />
        </button>
      </header>
      {/* A scrolling region has to be reachable by keyboard even when nothing in it is. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={styles['panelBody']} tabIndex={0} role="group" aria-labelledby={titleId}>
        {children}
      </div>
    </section>
  );
}

/** A titled part of a side panel. */
export function PanelPart({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={styles['part']}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}
