import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import './Notice.css';

export interface NoticeProps {
  tone: 'plain' | 'good' | 'warning' | 'refusal';
  title?: ReactNode;
  children?: ReactNode;
  /** `alert` is read out at once, `status` when the reader is free. */
  role?: 'alert' | 'status';
  id?: string;
}

const icons = { plain: Info, good: CircleCheck, warning: TriangleAlert, refusal: CircleAlert };

/** A sentence that needs noticing: always an icon and words, colour only besides. */
export function Notice({ tone, title, children, role, id }: NoticeProps) {
  const Icon = icons[tone];
  return (
    <div className="notice" data-tone={tone} role={role} id={id}>
      <Icon aria-hidden className="notice-icon" />
      <div>
        {title !== undefined && <p className="notice-title">{title}</p>}
        {children !== undefined && <div className="notice-text">{children}</div>}
      </div>
    </div>
  );
}
