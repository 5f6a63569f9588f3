import { useEffect, useRef, useState, type RefObject } from 'react';
import type { Section } from '../../../src/contract/policy.ts';

/** Where the person is in the document right now. */
export interface Place {
  /** Id of the section at the top of the screen. */
  section: string | null;
  /** How far down the document the screen reaches, 0 to 100. */
  depthPercent: number;
}

export interface PlaceWatch extends Place {
  /** Section ends that came on screen since this was last called. */
  takeSeen(): string[];
  /** Measured this moment, without waiting for a scroll. */
  depthNow(): number;
}

/**
 * Watches how far a document is scrolled. `footer` covers the bottom of the screen while it sticks there.
 * A section counts as seen when its end comes on screen; jumping over it does not count.
 */
export function usePlace(
  article: RefObject<HTMLElement | null>,
  footer: RefObject<HTMLElement | null>,
  sections: readonly Section[],
): PlaceWatch {
  const [place, setPlace] = useState<Place>({ section: null, depthPercent: 0 });
  const seen = useRef(new Set<string>());

  useEffect(() => {
    const text = article.current;
    if (text === null) return;
    let frame = 0;
    const look = () => {
      frame = 0;
      setPlace((before) => {
        const now = { section: sectionAtTop(text), depthPercent: depthOf(text, footer.current) };
        return now.section === before.section && now.depthPercent === before.depthPercent ? before : now;
      });
    };
    const lookSoon = () => {
      if (frame === 0) frame = requestAnimationFrame(look);
    };
    const sizes = new ResizeObserver(lookSoon);
    sizes.observe(text);
    if (footer.current !== null) sizes.observe(footer.current);
    window.addEventListener('scroll', lookSoon, { passive: true });
    window.addEventListener('resize', lookSoon);
    return () => {
      cancelAnimationFrame(frame);
      sizes.disconnect();
      window.removeEventListener('scroll', lookSoon);
      window.removeEventListener('resize', lookSoon);
    };
  }, [article, footer, sections]);

  useEffect(() => {
    const text = article.current;
    if (text === null) return;
    const ends = new IntersectionObserver(
      (entries) => {
        for (const { isIntersecting, target } of entries) {
          const id = target.getAttribute('data-section-end');
          if (isIntersecting && id !== null) seen.current.add(id);
        }
      },
      { rootMargin: `0px 0px -${coveredBy(footer.current)}px 0px` },
    );
    for (const end of text.querySelectorAll('[data-section-end]')) ends.observe(end);
    return () => ends.disconnect();
  }, [article, footer, sections]);

  return {
    ...place,
    takeSeen: () => {
      const taken = [...seen.current];
      seen.current.clear();
      return taken;
    },
    depthNow: () => (article.current === null ? 0 : depthOf(article.current, footer.current)),
  };
}

function coveredBy(footer: HTMLElement | null): number {
  if (footer === null || getComputedStyle(footer).position !== 'sticky') return 0;
  return footer.offsetHeight;
}

/** How far down a part of the page the screen reaches. Whole percent; the last two pixels count as the end, because scaled screens stop short of it. */
export function depthOf(text: HTMLElement, footer: HTMLElement | null): number {
  const { top, bottom, height } = text.getBoundingClientRect();
  const screenEnd = window.innerHeight - coveredBy(footer);
  if (height === 0) return 0;
  if (bottom <= screenEnd + 2) return 100;
  return Math.min(99, Math.max(0, Math.floor(((screenEnd - top) / height) * 100)));
}

/** The last section that begins in the upper third of the screen. */
function sectionAtTop(text: HTMLElement): string | null {
  const line = window.innerHeight / 3;
  let found: string | null = null;
  for (const section of text.querySelectorAll('[data-section]')) {
    if (found !== null && section.getBoundingClientRect().top > line) break;
    found = section.getAttribute('data-section');
  }
  return found;
}
