import { useMediaQuery } from '@mantine/hooks';
import { Square, Volume2 } from 'lucide-react';
import { useLayoutEffect, useRef, useState, type ReactNode, type Ref } from 'react';
import { AppearanceTools, ToolButton } from '../AppearanceTools.tsx';
import { readingWords, uiWords } from '../words.ts';
import type { ReadAloud } from './use-read-aloud.ts';
import './reading.css';

export interface ReadingPageProps {
  school: string;
  title: string;
  /** `Version 4 · about 6 min to read`. */
  meta: string;
  readAloud: ReadAloud;
  /** Where reading aloud begins. */
  currentSection: string | null;
  /** Above everything else: a banner when something is wrong. */
  banner?: ReactNode;
  search: ReactNode;
  contents: ReactNode;
  footer?: ReactNode;
  footerRef?: Ref<HTMLElement>;
  children: ReactNode;
}

/** A policy on screen: a bar above, contents at the side, one sheet to read, and what to do below. */
export function ReadingPage(props: ReadingPageProps) {
  const { school, title, meta, readAloud, currentSection, banner, search, contents, footer, footerRef, children } =
    props;
  const head = useRef<HTMLElement>(null);
  const narrow = useMediaQuery('(max-width: 62em)', false, { getInitialValueInEffect: false });
  const [listOpen, setListOpen] = useState(false);

  useLayoutEffect(() => {
    const bar = head.current;
    if (bar === null) return;
    const sizes = new ResizeObserver(() => {
      document.documentElement.style.setProperty('--head-height', `${bar.offsetHeight}px`);
    });
    sizes.observe(bar);
    return () => sizes.disconnect();
  }, []);

  return (
    <div className="reading-page">
      <a className="skip-link" href="#policy-title">
        {readingWords.skip}
      </a>
      <header className="reading-head" ref={head}>
        <div className="reading-head-line">
          <div className="reading-head-names">
            <p className="reading-school">{school}</p>
            <p className="reading-title">
              {title} <span className="reading-meta">{meta}</span>
            </p>
          </div>
          <AppearanceTools>
            {readAloud.available && (
              <ToolButton
                name={readAloud.speaking ? uiWords.appearance.stopReading : uiWords.appearance.readAloud}
                onPress={() => (readAloud.speaking ? readAloud.stop() : readAloud.start(currentSection))}
              >
                {readAloud.speaking ? <Square aria-hidden /> : <Volume2 aria-hidden />}
              </ToolButton>
            )}
          </AppearanceTools>
        </div>
        {banner}
      </header>
      <div className="reading-body">
        <nav className="reading-rail" aria-label={readingWords.contents}>
          {search}
          {narrow ? (
            <details
              className="rail-details"
              open={listOpen}
              onToggle={(event) => setListOpen(event.currentTarget.open)}
            >
              <summary>{readingWords.contents}</summary>
              {contents}
            </details>
          ) : (
            <>
              <p className="rail-title">{readingWords.contents}</p>
              {contents}
            </>
          )}
        </nav>
        <main className="reading-sheet">{children}</main>
      </div>
      {footer !== undefined && (
        <footer className="reading-foot" ref={footerRef}>
          <div className="reading-foot-line">{footer}</div>
        </footer>
      )}
    </div>
  );
}
