import type { ReactNode } from 'react';
import './CalmPage.css';

export interface CalmPageProps {
  /** Above the card: the school's name. */
  over?: ReactNode;
  icon?: ReactNode;
  tone?: 'plain' | 'good' | 'refusal';
  title: string;
  children?: ReactNode;
  /** Text size, contrast and the like, above the card. */
  tools?: ReactNode;
  /** Takes the focus when the page comes up, so that it is read out. */
  focusTitle?: boolean;
}

/** One thing to know or to do: a single card in the middle of the screen. */
export function CalmPage({ over, icon, tone = 'plain', title, children, tools, focusTitle = false }: CalmPageProps) {
  return (
    <div className="calm-page">
      {tools !== undefined && <header className="calm-tools">{tools}</header>}
      <main className="calm-middle">
        {over !== undefined && <p className="calm-over">{over}</p>}
        <div className="calm-card" data-tone={tone}>
          {icon !== undefined && (
            <div className="calm-icon" aria-hidden>
              {icon}
            </div>
          )}
          <h1 tabIndex={-1} ref={focusTitle ? takeFocus : undefined}>
            {title}
          </h1>
          {children}
        </div>
      </main>
    </div>
  );
}

const takeFocus = (heading: HTMLHeadingElement | null): void => heading?.focus({ preventScroll: true });
