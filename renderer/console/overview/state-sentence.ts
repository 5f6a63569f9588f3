import type { Overview } from '../../../src/contract/console.ts';

/** A run of the sentence; `href` where it counts something one can look at. */
export interface SentenceRun {
  text: string;
  href?: string;
}

function needsYou(count: number): SentenceRun[] {
  if (count === 0) return [{ text: 'nothing needs you.' }];
  return [
    { text: count === 1 ? '1 thing needs you' : `${String(count)} things need you`, href: '#needs-you' },
    { text: '.' },
  ];
}

function coverage(people: number, accepted: number): { who: string; verb: string } {
  if (accepted === 0)
    return {
      who: people === 1 ? 'The 1 person seen' : `None of ${String(people)} people`,
      verb: people === 1 ? 'has not accepted' : 'has accepted',
    };
  if (accepted === people)
    return {
      who: people === 1 ? 'The 1 person seen' : `All ${String(people)} people`,
      verb: people === 1 ? 'has accepted' : 'have accepted',
    };
  return {
    who: `${String(accepted)} of ${String(people)} people`,
    verb: accepted === 1 ? 'has accepted' : 'have accepted',
  };
}

/** How things stand, in one sentence whose numbers lead to what they count. */
export function stateSentence(overview: Overview): SentenceRun[] {
  const { people, accepted, machines, policy, attention } = overview;
  const end = [{ text: '; ' }, ...needsYou(attention.length)];
  if (policy === null)
    return [{ text: 'No ' }, { text: 'policy', href: '/policies' }, { text: ' is published yet' }, ...end];
  if (machines === 0)
    return [{ text: 'No ' }, { text: 'machine', href: '/machines' }, { text: ' is enrolled yet' }, ...end];
  if (people === 0) return [{ text: 'Nobody has signed in on an enrolled machine yet' }, ...end];
  const { who, verb } = coverage(people, accepted);
  return [
    { text: who, href: '/people' },
    { text: ` ${verb} ` },
    { text: `version ${String(policy.version)}`, href: `/policies/${policy.hash}` },
    ...end,
  ];
}
