import type { CheckAnswers } from '../contract/acceptance.ts';
import type { EventData } from '../contract/event.ts';
import type { ComprehensionCheck } from '../contract/policy-asking.ts';

export interface MarkedCheck {
  passed: boolean;
  answers: EventData<'policy.checked'>['answers'];
}

/** Marks what somebody chose, question by question: right is each right option and no other. */
export function markCheck({ questions }: ComprehensionCheck, chosenBy: CheckAnswers['answers']): MarkedCheck {
  const answers = questions.map(({ id, options, right }) => {
    const offered = new Set(options.map((option) => option.id));
    const given = new Set(chosenBy[id] ?? []);
    const chosen = [...given].filter((one) => offered.has(one));
    const same = given.size === new Set(right).size && right.every((one) => given.has(one));
    return { question: id, chosen, right: same };
  });
  return { passed: answers.every(({ right }) => right), answers };
}
