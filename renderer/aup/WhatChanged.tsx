import { useMemo, type RefObject } from 'react';
import type { Policy } from '../../src/contract/policy.ts';
import { comparePolicies } from '../../src/rules/compare-policies/compare-policies.ts';
import { sayComparison, type SaidComparison } from '../../src/words/change-items.ts';
import { ChangeList, MarkedText } from '../ui/changes/index.ts';
import { dateOf, Notice } from '../ui/index.ts';
import { placeOf, type Reader } from '../ui/reading/index.ts';
import type { EarlierVersion } from './use-earlier-version.ts';
import { words } from './words.ts';

/** What differs for this reader, without what only who looks after the policy wants to know; null before it is there. */
export function useChanges(earlier: EarlierVersion, policy: Policy, reader: Reader): SaidComparison | null {
  return useMemo(() => {
    if (earlier.kind !== 'here') return null;
    const said = sayComparison(comparePolicies(earlier.policy, policy, reader), earlier.policy, policy);
    return { ...said, items: said.items.filter(({ concerns }) => concerns === 'person') };
  }, [earlier, policy, reader]);
}

export interface WhatChangedProps {
  earlier: EarlierVersion;
  changes: SaidComparison | null;
  policy: Policy;
  /** When the earlier version was accepted. */
  acceptedAt: string;
  ref: RefObject<HTMLElement | null>;
}

/** What changed since the person last accepted the policy, clause by clause, before the whole of it. */
export function WhatChanged({ earlier, changes, policy, acceptedAt, ref }: WhatChangedProps) {
  const said = words.changes;
  if (earlier.kind === 'none' || earlier.kind === 'coming') return null;
  if (earlier.kind !== 'here' || changes === null) {
    const { title, text } = earlier.kind === 'awaited' ? said.awaited : said.gone;
    return (
      <Notice tone="warning" title={title} role="status">
        {text}
      </Notice>
    );
  }
  const { items, renumbered } = changes;
  return (
    <section className="what-changed" aria-labelledby="what-changed" ref={ref}>
      <h2 id="what-changed" tabIndex={-1}>
        {said.title(dateOf(acceptedAt))} <span className="what-changed-count">{said.count(items.length)}</span>
      </h2>
      {items.length === 0 ? (
        <p>{said.nothing}</p>
      ) : (
        <>
          <p className="policy-small">
            <MarkedText runs={said.legend} />
          </p>
          <ChangeList
            items={items}
            language={policy.language}
            action={({ at }) => (
              <a className="change-go" href={`#${placeOf(at)}`} onClick={(event) => goTo(event, at)}>
                {said.inPlace}
              </a>
            )}
          />
        </>
      )}
      {renumbered > 0 && <p className="policy-small">{said.renumbered(renumbered)}</p>}
      <p className="policy-small">
        {policy.reading.changesSuffice === undefined ? said.wholeFollows : said.changesSuffice}
      </p>
    </section>
  );
}

function goTo(event: React.MouseEvent, id: string): void {
  const place = document.getElementById(placeOf(id));
  if (place === null) return;
  event.preventDefault();
  place.scrollIntoView({ block: 'center' });
  place.setAttribute('tabindex', '-1');
  place.focus({ preventScroll: true });
}
