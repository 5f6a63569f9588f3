import { alertSubjects, isAlertSubject, type RuleInput } from '../../../src/contract/console-alerts.ts';
import { subjectPhrase } from '../../../src/words/alert-words.ts';
import { counted } from '../parts/counted.ts';

/** Everything a rule can be about, with its words, in the order it is offered. */
export const subjectChoices = [
  { group: 'Found by the server', prefix: 'finding:' },
  { group: 'On a machine', prefix: 'event:' },
  { group: 'In the console', prefix: 'action:' },
].map(({ group, prefix }) => ({
  group,
  items: alertSubjects
    .filter((subject) => subject.startsWith(prefix))
    .map((subject) => ({ value: String(subject), label: subjectPhrase(subject) })),
}));

export const phraseOf = (subject: string): string => (isAlertSubject(subject) ? subjectPhrase(subject) : subject);

const lowered = (phrase: string): string => phrase.charAt(0).toLowerCase() + phrase.slice(1);
const listed = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} or ${parts.at(-1) ?? ''}`;

function spanWords(minutes: number): string {
  if (minutes % 1_440 === 0) return counted(minutes / 1_440, 'day');
  return minutes % 60 === 0 ? counted(minutes / 60, 'hour') : counted(minutes, 'minute');
}

/** A rule as a sentence: "When a screen could not be locked, tell On call at once, and not again for 1 hour." */
export function ruleSentence(
  rule: Pick<RuleInput, 'machineNames' | 'threshold' | 'quietMinutes' | 'channels'> & { what: readonly string[] },
  names: { school: string | null; channelOf: (id: string) => string | undefined },
): string {
  if (rule.what.length === 0) return 'Choose what it is about.';
  const { count, minutes } = rule.threshold;
  const often = count === 1 ? '' : ` ${String(count)} times within ${spanWords(minutes)}`;
  const machines = rule.machineNames.length === 0 ? '' : ` on machines named ${listed(rule.machineNames)}…`;
  const where = names.school === null ? '' : ` at ${names.school}`;
  const channels = rule.channels.flatMap((id) => names.channelOf(id) ?? []);
  const tell =
    channels.length === 0 ? 'show it on this page only' : `tell ${listed(channels).replace(' or ', ' and ')}`;
  const quiet =
    rule.quietMinutes === 0 ? '' : `, then hold others back for ${spanWords(rule.quietMinutes)} and sum them up`;
  return `When ${listed(rule.what.map((subject) => lowered(phraseOf(subject))))}${often}${machines}${where}, ${tell}${quiet}.`;
}
