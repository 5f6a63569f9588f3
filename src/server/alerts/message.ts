import { z } from 'zod';
import { alertSubject, digestFacts, type AlertSubject } from '../../contract/console-alerts.ts';
import { instant } from '../../contract/primitives.ts';
import { subjectAdvice, subjectPhrase } from '../../words/alert-words.ts';

/** One thing that matched a rule. */
export const alertMatch = z.strictObject({
  subject: alertSubject,
  at: instant,
  machineId: z.string().nullable(),
  machine: z.string().nullable(),
  /** Sign-in name; kept only where the rule may name the person. */
  person: z.string().nullable(),
  /** A sentence that may name the person; kept only where the rule may. */
  detail: z.string().nullable(),
  /** Page of the console. */
  href: z.string(),
});
export type AlertMatch = z.infer<typeof alertMatch>;

/** An alert as it is kept: enough to write it in any form, and nothing else. */
export const keptMessage = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.enum(['alert', 'summary']),
    match: alertMatch,
    /** How many matches it tells of. */
    count: z.int().min(1),
    withinMinutes: z.int().min(1),
  }),
  z.strictObject({ kind: z.literal('digest'), facts: digestFacts }),
]);
export type KeptMessage = z.infer<typeof keptMessage>;

/** Where somebody is told: names of the rule and the school, and the console's address. */
export interface MessagePlace {
  rule: string;
  school: string | null;
  origin: string;
}

/** `The screen could not be locked on room-12` */
export const matchSentence = ({ subject, machine, detail }: AlertMatch): string =>
  detail ?? `${subjectPhrase(subject)}${machine === null ? '' : ` (${machine})`}`;

/** The alert in one sentence, as the console lists it. */
export function messageSentence(message: KeptMessage): string {
  if (message.kind === 'digest') return `Weekly digest of ${message.facts.school}`;
  const sentence = withoutStop(matchSentence(message.match));
  if (message.kind === 'summary') return `${message.count} more since the last alert, the newest: ${sentence}.`;
  return message.count === 1 ? `${sentence}.` : `${sentence}, and ${message.count - 1} more like it.`;
}

const withoutStop = (sentence: string): string => sentence.replace(/\.$/, '');

export interface WrittenMessage {
  subject: string;
  /** Paragraphs of plain text. */
  paragraphs: string[];
  /** What is known, as label and value. */
  facts: { label: string; value: string }[];
  link: { words: string; href: string };
}

/** An alert in plain British English: what happened, where, what to do. */
export function writeAlert(
  message: Extract<KeptMessage, { kind: 'alert' | 'summary' }>,
  place: MessagePlace,
): WrittenMessage {
  const { match, count, withinMinutes } = message;
  return {
    subject: `Usher: ${withoutStop(matchSentence({ ...match, detail: null }))}${count > 1 ? ` (${count} times)` : ''}`,
    paragraphs: [
      messageSentence(message),
      ...(message.kind === 'alert' && count > 1 && withinMinutes > 1
        ? [`It happened ${count} times; the rule speaks from a number of times within ${withinMinutes} minutes.`]
        : []),
      subjectAdvice(match.subject),
    ],
    facts: [
      ...(place.school === null ? [] : [{ label: 'School', value: place.school }]),
      ...(match.machine === null ? [] : [{ label: 'Machine', value: match.machine }]),
      ...(match.person === null ? [] : [{ label: 'Signed in', value: match.person }]),
      { label: 'When', value: `${match.at.slice(0, 16).replace('T', ' ')} UTC` },
      { label: 'Rule', value: place.rule },
    ],
    link: { words: 'Open it in the console', href: `${place.origin}${match.href}` },
  };
}

/** What a test says. */
export const writeTest = (channel: string, origin: string): WrittenMessage => ({
  subject: `Usher: a test of “${channel}”`,
  paragraphs: ['This is a test. Somebody tries in the console whether alerts arrive here. Nothing happened.'],
  facts: [{ label: 'Channel', value: channel }],
  link: { words: 'Open the alerts in the console', href: `${origin}/settings/alerts` },
});

/** The body of a `standard` webhook. Its fields are described in docs/alerts.md. */
export function alertJson(id: string, message: KeptMessage, place: MessagePlace, at: string): Record<string, unknown> {
  const base = { timestamp: at, id, rule: place.rule, school: place.school, sentence: messageSentence(message) };
  if (message.kind === 'digest') return { type: 'usher.digest', data: { ...base, digest: message.facts } };
  const { match, count, kind } = message;
  const subject: AlertSubject = match.subject;
  return {
    type: `usher.${kind}`,
    data: {
      ...base,
      subject,
      count,
      happenedAt: match.at,
      machine: match.machine,
      machineId: match.machineId,
      person: match.person,
      advice: subjectAdvice(subject),
      link: `${place.origin}${match.href}`,
    },
  };
}
