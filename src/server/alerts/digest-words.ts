import type { DigestFacts } from '../../contract/console-alerts.ts';
import type { WrittenMessage } from './message.ts';

const counted = (count: number, one: string, many: string): string => (count === 1 ? `1 ${one}` : `${count} ${many}`);

/** The week of one school, for its head: counts, and nobody by name. */
export function writeDigest(facts: DigestFacts, origin: string): WrittenMessage {
  const { people, policy, machines, silentMachines, alerts } = facts;
  const accepted = people.accepted;
  const all = Object.values(people).reduce((sum, count) => sum + count, 0);
  const open = all - accepted;
  const percent = all === 0 ? 0 : Math.floor((100 * accepted) / all);
  return {
    subject: `Usher: the week of ${facts.school}, ${facts.from} to ${facts.to}`,
    paragraphs: [
      policy === null
        ? 'No policy is published yet, so nobody was asked to accept one.'
        : `${accepted} of ${counted(all, 'person has', 'people have')} accepted version ${policy.version} of “${policy.title}” (${percent} %).`,
      ...(policy === null || open === 0
        ? []
        : [
            `${counted(open, 'person has', 'people have')} not: ${people.declined} declined, ${people.outdated} accepted an earlier version only, ${people.notAccepted} never accepted one.`,
          ]),
      silentMachines === 0
        ? `All ${counted(machines, 'machine has', 'machines have')} been heard of in the last seven days.`
        : `${silentMachines} of ${counted(machines, 'machine has', 'machines have')} not been heard of for a week.`,
      alerts.length === 0
        ? 'There were no alerts.'
        : `Alerts: ${alerts.map(({ rule, count }) => `${rule} (${count})`).join(', ')}.`,
    ],
    facts: [
      { label: 'School', value: facts.school },
      { label: 'Week', value: `${facts.from} to ${facts.to}` },
    ],
    link: { words: 'Open the overview in the console', href: `${origin}/` },
  };
}
