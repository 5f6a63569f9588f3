import type { Audience, Policy, Section } from '../../contract/policy.ts';
import { fillVariables, sectionsFor } from '../policy-for-person.ts';

/** A heading or a clause of a policy, in its place in the order of reading. */
export interface PolicyLine {
  kind: 'section' | 'clause';
  id: string;
  /** Id of the section it stands in; null for an outermost section. */
  parent: string | null;
  /** Sections it stands in: 0 for an outermost section, 1 for its clauses and inner sections, and so on. */
  depth: number;
  number: string | undefined;
  /** As a person reads it: with the school's own words in the blanks. */
  text: string;
  /** As it was written, blanks and all. */
  written: string;
  audience: readonly Audience[] | undefined;
  teachingOnly: boolean | undefined;
}

/** Who reads; null for nobody in particular, who sees every clause. */
export type LineReader = { audience: Audience; teaching: boolean } | null;

/** Everything a policy says, from the first heading to the last clause. */
export function policyLines(policy: Policy, reader: LineReader = null): PolicyLine[] {
  const sections = reader === null ? policy.sections : sectionsFor(policy, reader.audience, reader.teaching);
  const lines: PolicyLine[] = [];
  const line = (text: string) => ({ text: fillVariables(text, policy.variables), written: text });
  const visit = (from: readonly Section[], parent: string | null, depth: number): void => {
    for (const { id, number, title, clauses, sections: inner } of from) {
      lines.push({
        kind: 'section',
        id,
        parent,
        depth,
        number,
        ...line(title),
        audience: undefined,
        teachingOnly: undefined,
      });
      for (const { id: clauseId, number: clauseNumber, text, audience, teachingOnly } of clauses) {
        lines.push({
          kind: 'clause',
          id: clauseId,
          parent: id,
          depth: depth + 1,
          number: clauseNumber,
          ...line(text),
          audience,
          teachingOnly,
        });
      }
      visit(inner ?? [], id, depth + 1);
    }
  };
  visit(sections, null, 0);
  return lines;
}
