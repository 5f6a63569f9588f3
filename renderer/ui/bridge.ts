import { useEffect, useState } from 'react';
import type { Outcome } from '../../src/contract/problem.ts';
import type { PageBridge, PageView } from '../../src/contract/shell.ts';
import { uiWords } from './words.ts';

declare global {
  interface Window {
    /** Put there by the shell's preload script; main has checked everything that passes, both ways. */
    readonly usher?: PageBridge;
  }
}

/** The shell behind this page; null when the page was opened by itself in a browser. */
export const bridge = (): PageBridge | null => window.usher ?? null;

/** Makes a call that cannot throw: a shell that goes away is a refusal that says what to do. */
export async function ask<T>(call: (shell: PageBridge) => Promise<Outcome<T>>): Promise<Outcome<T>> {
  const shell = bridge();
  try {
    if (shell !== null) return await call(shell);
  } catch {
    // Falls through to the same answer as no shell at all.
  }
  return { ok: false, problem: { code: 'page.noAnswer', detail: uiWords.noAnswer } };
}

/** What the page shows, kept up to date; null until the first answer. While the service is away, its last view stays. */
export function usePageView(): PageView | null {
  const [pageView, setPageView] = useState<PageView | null>(null);
  useEffect(() => {
    const shell = bridge();
    if (shell === null) return;
    let newerCame = false;
    const stop = shell.onViewChanged((changed) => {
      newerCame = true;
      setPageView((before) => ({ ...changed, view: changed.view ?? before?.view ?? null }));
    });
    shell.view({}).then(
      (first) => {
        if (!newerCame) setPageView(first);
      },
      () => {
        if (!newerCame) setPageView({ service: 'reconnecting', view: null });
      },
    );
    return stop;
  }, []);
  return pageView;
}
