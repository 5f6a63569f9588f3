import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Views } from '../parts/Views.tsx';
import { counterSignaturesQuery, leaversQuery } from './standing-queries.ts';

export type PeopleView = 'people' | 'second-signatures' | 'leavers';

export const hrefOfPeopleView = (view: PeopleView): string => (view === 'people' ? '/people' : `/people/${view}`);

/** The views of people: everybody, what waits for a second signature, and who left. */
export function PeopleViews({ view, children }: { view: PeopleView; children?: ReactNode }) {
  const signatures = useQuery(counterSignaturesQuery).data?.items ?? [];
  const left = useQuery(leaversQuery).data?.items ?? [];
  const waiting: Record<PeopleView, number> = {
    people: 0,
    'second-signatures': signatures.filter(({ state }) => state === 'waiting').length,
    leavers: left.filter(
      ({ equipment, seenAfterLeavingAt }) =>
        seenAfterLeavingAt !== null || equipment.some(({ returnedAt }) => returnedAt === null),
    ).length,
  };
  const words: Record<PeopleView, string> = {
    people: 'Everybody',
    'second-signatures': 'Second signatures',
    leavers: 'Leavers',
  };
  return (
    <>
      <Views
        label="People"
        views={(['people', 'second-signatures', 'leavers'] as const).map((one) => ({
          href: hrefOfPeopleView(one),
          word: words[one],
          here: one === view,
          waiting: waiting[one],
        }))}
      />
      {children}
    </>
  );
}
