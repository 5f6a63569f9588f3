import { Fragment } from 'react';
import { segmentsOf, type TextSegment } from './text-segments.ts';

export interface RichTextProps {
  /** Plain text in which `**words**` are strong; everything else is shown as typed. */
  text: string;
  /** Marks where this stands in the text. */
  query?: string;
  /** Number of this text's first match among all matches on the page. */
  firstMatch?: number;
  /** The match the person is at, among all matches on the page. */
  currentMatch?: number;
}

/** A policy's words, with strong emphasis and search marks. */
export function RichText({ text, query = '', firstMatch = 0, currentMatch = -1 }: RichTextProps) {
  return segmentsOf(text, query).map((segment, index) => (
    <Fragment key={index}>{shown(segment, firstMatch, currentMatch)}</Fragment>
  ));
}

function shown(segment: TextSegment, firstMatch: number, currentMatch: number) {
  const words = segment.strong ? <strong>{segment.text}</strong> : segment.text;
  if (segment.match === null) return words;
  const number = firstMatch + segment.match;
  return (
    <mark className="search-match" data-match={number} data-current={number === currentMatch ? true : undefined}>
      {words}
    </mark>
  );
}
