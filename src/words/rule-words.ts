import { everySection, type Policy } from '../contract/policy.ts';
import type { PolicyRules } from '../contract/policy-rules.ts';
import type { UsbRule } from '../contract/usb.ts';
import { checkWords } from './check-words.ts';
import { actionWords, kindWords } from './device-words.ts';
import { categoryWords } from './recorded-data.ts';
import { durationWords } from './state-words.ts';

const days = ['', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const signs = { fullScreen: 'a full screen on a second display', videoCall: 'a call', mediaPlayback: 'a player' };

export interface RuleLine {
  key: string;
  /** The rule it says: a member of the policy's `rules`. */
  rule: keyof PolicyRules;
  /** What machines do. */
  sentence: string;
  /** The number of the clause that says so, or its id where it has none. */
  clause: string;
}

/** What machines enforce because of this policy, one line for each rule. */
export function ruleLines(policy: Policy): RuleLine[] {
  const rules: PolicyRules = policy.rules ?? {};
  const numbers = new Map(
    [...everySection(policy.sections)].flatMap(({ clauses }) => clauses.map(({ id, number }) => [id, number ?? id])),
  );
  const lines: RuleLine[] = [];
  const add = (key: string, clause: string, sentence: string, rule: keyof PolicyRules): void => {
    lines.push({ key, rule, sentence, clause: numbers.get(clause) ?? clause });
  };
  const { idleLock, presentation, concurrentSignIn, passwordAge, endOfDay, posture, usb, sharedAccounts, retention } =
    rules;
  if (idleLock !== undefined) {
    const { warnAfterSeconds, lockAfterSeconds, sharedMachines } = idleLock;
    add(
      'idleLock',
      idleLock.clause,
      `Screens lock after ${durationWords(lockAfterSeconds)} without use, with a countdown from ${durationWords(warnAfterSeconds)} on.`,
      'idleLock',
    );
    if (sharedMachines !== undefined) {
      const more =
        sharedMachines.extendOnceSeconds === undefined
          ? ''
          : ` ${durationWords(sharedMachines.extendOnceSeconds)} more can be had once.`;
      add(
        'sharedMachines',
        sharedMachines.clause,
        `Shared computers sign out instead, with ${durationWords(sharedMachines.saveWorkSeconds)} to save.${more}`,
        'idleLock',
      );
    }
  }
  if (presentation !== undefined) {
    const recognised = (presentation.recognise ?? []).map((sign) => signs[sign]);
    const from =
      recognised.length === 0 ? 'from the Usher menu' : `from the Usher menu, or by ${recognised.join(', ')}`;
    add(
      'presentation',
      presentation.clause,
      `Presenting keeps the screen open for at most ${durationWords(presentation.maximumMinutes * 60)}: ${from}.`,
      'presentation',
    );
  }
  if (concurrentSignIn !== undefined) {
    add(
      'concurrentSignIn',
      concurrentSignIn.clause,
      'An account that is signed in on two computers is told so.',
      'concurrentSignIn',
    );
  }
  if (passwordAge !== undefined) {
    add(
      'passwordAge',
      passwordAge.clause,
      `Passwords are to be changed every ${passwordAge.maximumDays} days.`,
      'passwordAge',
    );
  }
  if (endOfDay !== undefined) {
    const on = endOfDay.weekdays.map((day) => days[day] ?? '').join(', ');
    add(
      'endOfDay',
      endOfDay.clause,
      `At ${endOfDay.remindAt} people are reminded to sign out or shut down (${on}).`,
      'endOfDay',
    );
  }
  for (const line of usb?.rules ?? []) {
    add(`usb.${line.id}`, line.clause ?? usb?.clause ?? '', usbSentence(line, usb?.reportOnly === true), 'usb');
  }
  if (posture !== undefined) {
    const wanted = posture.require.map((check) => checkWords[check]).join(', ');
    add('posture', posture.clause, `Computers without one of these are reported: ${wanted}.`, 'posture');
  }
  if (sharedAccounts !== undefined) {
    const also = sharedAccounts.ask.map((question) => visitorWords[question]);
    add(
      'sharedAccounts',
      sharedAccounts.clause,
      `Whoever signs in as ${sharedAccounts.accounts.join(' or ')} says their name${also.length === 0 ? '' : `, ${also.join(', ')}`}, and accepts for themselves.`,
      'sharedAccounts',
    );
  }
  if (retention !== undefined) {
    const what = retention.categories.map((category) => categoryWords[category].word.toLowerCase()).join(', ');
    add(
      'retention',
      retention.clause,
      `Records are kept for ${String(retention.months)} months unless the school or trust decides otherwise or they are held for an investigation: ${what}.`,
      'retention',
    );
  }
  return lines;
}

const visitorWords = {
  organisation: 'where they come from',
  purpose: 'what they are here for',
  host: 'whom they are here to see',
};

const conditionWords = { antivirus: 'with current antivirus', encrypted: 'when encrypted' };

/** "USB stick, CD or DVD drive: held until IT agrees, when encrypted." */
function usbSentence(line: UsbRule, reportOnly: boolean): string {
  const what = [
    ...(line.kinds ?? []).map((kind) => kindWords[kind]),
    ...(line.devices === undefined
      ? []
      : [line.devices.length === 1 ? '1 named device' : `${line.devices.length} named devices`]),
  ].join(', ');
  const limits = [
    ...(line.require ?? []).map((condition) => conditionWords[condition]),
    ...(line.accounts === undefined ? [] : [`for ${line.accounts.join(', ')}`]),
    ...(line.machineGroups === undefined ? [] : [`on machines of ${line.machineGroups.join(', ')}`]),
    ...(line.lockScreen === true ? ['and the screen locks'] : []),
    ...(line.noExceptions === true ? ['without exception'] : []),
    ...(reportOnly ? ['reported only'] : []),
  ];
  const first = what.charAt(0).toUpperCase() + what.slice(1);
  return `${first}: ${[actionWords[line.action].toLowerCase(), ...limits].join(', ')}.`;
}
