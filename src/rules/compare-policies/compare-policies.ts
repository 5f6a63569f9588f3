import type { Policy } from '../../contract/policy.ts';
import { compareLines, type ComparedLine } from './compare-lines.ts';
import { policyLines, type LineReader } from './policy-lines.ts';

/** Something a policy says beside its document: `['rules', 'idleLock']`, with what it was and what it is. */
export interface FactChange {
  path: readonly [string] | readonly [string, string];
  /** Undefined where the older version did not have it. */
  older: unknown;
  /** Undefined where the newer version does not have it. */
  newer: unknown;
}

/** Everything that differs between two versions of a policy, and what stayed, for reading the one beside the other. */
export interface PolicyComparison {
  /** The whole document in one order of reading, what stayed the same included. */
  lines: readonly ComparedLine[];
  /** Title, form, rules, contacts, renewal, lifecycle and whatever else a policy carries. */
  facts: readonly FactChange[];
}

/** In which order they are told; what is not named here comes after. */
const toldFirst = ['title', 'schoolName', 'form', 'rules', 'contacts', 'renewal', 'decline', 'check', 'reading'];
/** Parts of a policy that are told member by member. */
const toldByMember = new Set(['form', 'rules', 'lifecycle']);

/**
 * Compares two versions of a policy.
 * @param reader leaves out clauses that are for others; absent: the whole document
 */
export function comparePolicies(older: Policy, newer: Policy, reader: LineReader = null): PolicyComparison {
  return {
    lines: compareLines(policyLines(older, reader), policyLines(newer, reader)),
    facts: factChanges(older, newer),
  };
}

/** Do the two versions say the same in everything? */
export const saysTheSame = ({ lines, facts }: PolicyComparison): boolean =>
  facts.length === 0 && lines.every(({ changes, place }) => changes.length === 0 && place === 'both');

function factChanges(older: Policy, newer: Policy): FactChange[] {
  const before = membersOf(older);
  const after = membersOf(newer);
  const changes: FactChange[] = [];
  for (const name of new Set([...toldFirst, ...before.keys(), ...after.keys()])) {
    if (name === 'sections') continue;
    const [was, is] = [before.get(name), after.get(name)];
    if (!toldByMember.has(name)) {
      if (!alike(was, is)) changes.push({ path: [name], older: was, newer: is });
      continue;
    }
    const [membersBefore, membersAfter] = [membersOf(was), membersOf(is)];
    for (const member of new Set([...membersBefore.keys(), ...membersAfter.keys()])) {
      const [one, other] = [membersBefore.get(member), membersAfter.get(member)];
      if (!alike(one, other)) changes.push({ path: [name, member], older: one, newer: other });
    }
  }
  return changes;
}

const membersOf = (value: unknown): Map<string, unknown> =>
  new Map(
    typeof value === 'object' && value !== null ? Object.entries(value).filter(([, one]) => one !== undefined) : [],
  );

/** The same JSON, whatever the order of an object's members. */
function alike(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const [members, others] = [membersOf(one), membersOf(other)];
  return members.size === others.size && [...members].every(([name, value]) => alike(value, others.get(name)));
}
