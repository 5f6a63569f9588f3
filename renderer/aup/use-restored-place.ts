import { useEffect, useRef, type RefObject } from 'react';

/** Scrolls back to where somebody stopped reading, once the text has its final size. */
export function useRestoredPlace(article: RefObject<HTMLElement | null>, depthPercent: number): void {
  const done = useRef(false);
  useEffect(() => {
    if (done.current || depthPercent === 0) return;
    let left = false;
    void document.fonts.ready.then(() => {
      const text = article.current;
      if (left || text === null) return;
      done.current = true;
      const { top, height } = text.getBoundingClientRect();
      const footer = document.querySelector('.reading-foot');
      const reached = top + window.scrollY + (height * depthPercent) / 100;
      window.scrollTo({ top: Math.max(0, reached - window.innerHeight + (footer?.clientHeight ?? 0)) });
    });
    return () => {
      left = true;
    };
  }, [article, depthPercent]);
}
