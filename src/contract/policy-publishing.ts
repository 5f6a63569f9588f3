import { everySection, policy, type Policy, type Variable } from './policy.ts';

/** A blank as it is written in a pack: `{{headteacher}}`. */
const blank = /\{\{[^{}]*\}\}/g;

export interface PublishingFault {
  path: (string | number)[];
  message: string;
}

/** Everything a person reads, with where it stands. */
function* everyText(value: Policy): Generator<{ path: (string | number)[]; place: string; text: string }> {
  yield { path: ['title'], place: 'the title', text: value.title };
  for (const section of everySection(value.sections)) {
    yield {
      path: ['sections', section.id, 'title'],
      place: `the title of section "${section.id}"`,
      text: section.title,
    };
    for (const { id, text } of section.clauses) {
      yield { path: ['sections', section.id, 'clauses', id, 'text'], place: `clause "${id}"`, text };
    }
  }
  for (const { id, text } of value.form.statements) {
    yield { path: ['form', 'statements', id, 'text'], place: `the form's statement "${id}"`, text };
  }
  for (const [index, { label, how }] of value.contacts.entries()) {
    yield { path: ['contacts', index, 'label'], place: `the contact "${label}"`, text: label };
    yield { path: ['contacts', index, 'how'], place: `the contact "${label}"`, text: how };
  }
  for (const { id, text, options } of value.check?.questions ?? []) {
    yield { path: ['check', 'questions', id, 'text'], place: `question "${id}"`, text };
    for (const option of options) {
      const path = ['check', 'questions', id, 'options', option.id];
      yield { path, place: `option "${option.id}" of question "${id}"`, text: option.text };
    }
  }
}

/** What keeps a valid policy from being published: blanks that nobody fills. Each names the place and the fix. */
export function* publishingFaults(value: Policy): Generator<PublishingFault> {
  const { variables } = value;
  const texts = [...everyText(value)];
  for (const { path, place, text } of texts) {
    for (const [written] of text.matchAll(blank)) {
      if (variables.some(({ placeholder }) => placeholder === written)) continue;
      yield {
        path,
        message: `${place} has the blank ${written}, which is none of this policy's variables; add it to "variables" or correct its spelling`,
      };
    }
  }
  for (const [index, variable] of variables.entries()) {
    const { name, label, placeholder, value: filled, required } = variable;
    const twice = variables.findIndex((other) => other.name === name);
    if (twice < index) yield { path: ['variables', index, 'name'], message: `the name "${name}" is used twice` };
    if (filled === undefined) {
      if (required !== true) continue;
      const places = texts.filter(({ text }) => text.includes(placeholder)).map(({ place }) => place);
      const where = places.length === 0 ? '' : `; it stands in ${places.slice(0, 5).join(', ')}`;
      yield {
        path: ['variables', name, 'value'],
        message: `"${label}" has to be filled in before this policy is published${where}`,
      };
      continue;
    }
    const loop = loopFrom(variable, variables);
    const nested = variables.find((other) => filled.includes(other.placeholder));
    if (loop !== null) {
      yield {
        path: ['variables', name, 'value'],
        message: `stands for itself: ${loop.join(' → ')}; give it plain words`,
      };
    } else if (nested !== undefined) {
      yield {
        path: ['variables', name, 'value'],
        message: `has the blank ${nested.placeholder} of "${nested.name}" in it; give it plain words`,
      };
    }
  }
}

/** The names that lead from a variable's value back to itself; null where none do. */
function loopFrom(start: Variable, variables: readonly Variable[]): string[] | null {
  const seen = new Set<string>();
  const follow = (from: Variable, way: string[]): string[] | null => {
    for (const next of variables) {
      if (from.value?.includes(next.placeholder) !== true) continue;
      if (next.name === start.name) return [...way, next.name];
      if (seen.has(next.name)) continue;
      seen.add(next.name);
      const found = follow(next, [...way, next.name]);
      if (found !== null) return found;
    }
    return null;
  };
  return follow(start, [start.name]);
}

/** A policy that may come into force: stricter than `policy`, which also reads what was published before. */
export const publishablePolicy = policy.superRefine((value, context) => {
  for (const fault of publishingFaults(value)) context.addIssue({ code: 'custom', ...fault });
});
