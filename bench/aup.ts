import { comparePolicies } from '../src/rules/compare-policies/compare-policies.ts';
import { wordsIn } from '../src/rules/reading-time.ts';
import { sayComparison } from '../src/words/change-items.ts';
import { percentile, rounded, type Figures } from './figure.ts';
import { longPolicy } from './long-policy.ts';

const pages = 60;
const rounds = 30;

/** What a long policy costs. Each part is a function of its own. */
export async function measureAup(tell: (line: string) => void): Promise<Figures> {
  return await Promise.resolve({ ...measureComparison(tell) });
}

/**
 * Comparing two versions of 60 pages and saying what differs, as the gate and the console do before they show it. The
 * first time in a process is what a person waits for at the gate, where the page has just been opened.
 */
export function measureComparison(tell: (line: string) => void): Figures {
  const [older, newer] = [longPolicy(pages), longPolicy(pages, 1)];
  const times: number[] = [];
  let changes = 0;
  for (let round = 0; round < rounds; round += 1) {
    const from = performance.now();
    const said = sayComparison(comparePolicies(older, newer), older, newer);
    times.push(performance.now() - from);
    changes = said.items.length;
  }
  tell(`  ${wordsIn(older.sections)} words against ${wordsIn(newer.sections)}: ${changes} changes`);
  if (changes < 100) throw new Error('The two versions hardly differ, so the figure would say nothing');
  const [first = Number.NaN, ...others] = times;
  return {
    diffMs: { value: rounded(percentile(others, 50)), unit: 'ms', goal: '≤ 200' },
    diffFirstMs: { value: rounded(first), unit: 'ms', goal: '≤ 200' },
    diffP99Ms: { value: rounded(percentile(others, 99)), unit: 'ms' },
    diffChanges: { value: changes, unit: 'changes' },
  };
}
