import type { ReactNode } from 'react';
import { AppearanceTools } from './AppearanceTools.tsx';
import './OrdinaryPage.css';

/** A page in an ordinary window: a title, what it is for, and the tools for how it looks. */
export function OrdinaryPage({ title, lead, children }: { title: string; lead?: string; children: ReactNode }) {
  return (
    <div className="ordinary-page">
      <header className="ordinary-head">
        <h1>{title}</h1>
        <AppearanceTools />
      </header>
      <main className="ordinary-main">
        {lead !== undefined && <p className="ordinary-lead">{lead}</p>}
        {children}
      </main>
    </div>
  );
}
