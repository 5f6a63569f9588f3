import type { HeadingRank } from './headings.ts';
import type { Paragraph } from './paragraphs.ts';

/** A heading and what stands under it; `heading` is null for text before the first heading. */
export interface OutlineSection {
  readonly heading: Paragraph | null;
  readonly rank: HeadingRank;
  readonly points: Paragraph[];
  readonly sections: OutlineSection[];
}

/**
 * Nests sections: a heading stands under the last heading before it that ranks further out.
 * @param ranks for each paragraph its rank as a heading, or null for text; `skip` leaves a paragraph out of the outline
 */
export function outlineOf(
  paragraphs: readonly Paragraph[],
  ranks: readonly (HeadingRank | null | 'skip')[],
): OutlineSection[] {
  const top: OutlineSection[] = [];
  const open: OutlineSection[] = [];
  paragraphs.forEach((paragraph, index) => {
    const rank = ranks[index] ?? null;
    if (rank === 'skip') return;
    if (rank === null) {
      const current = open.at(-1);
      if (current !== undefined) current.points.push(paragraph);
      else {
        const opening: OutlineSection = {
          heading: null,
          rank: Number.MAX_SAFE_INTEGER,
          points: [paragraph],
          sections: [],
        };
        top.push(opening);
        open.push(opening);
      }
      return;
    }
    while ((open.at(-1)?.rank ?? 0) >= rank) open.pop();
    const section: OutlineSection = { heading: paragraph, rank, points: [], sections: [] };
    (open.at(-1)?.sections ?? top).push(section);
    open.push(section);
  });
  return top;
}
