import type { EventDraft } from '../../contract/event.ts';
import type { SignedPolicy } from '../../contract/policy.ts';
import type { SessionNotice } from '../../contract/lock.ts';
import type { SyncAnswer } from '../../contract/sync.ts';
import { endOfDayDue, type LocalTime } from '../../rules/end-of-day.ts';
import { isSharedAccount } from '../../rules/shared-account.ts';
import { passwordAgeing, passwordSentence } from '../../rules/password-age.ts';
import type { Seat } from './seat.ts';

type Elsewhere = NonNullable<SyncAnswer['elsewhere']>;
type Recorder = (draft: EventDraft) => void;

const ruleOf = (policy: SignedPolicy, clause: string) => ({ policyVersion: policy.version, clause });
const ofSeat = ({ account, session }: Seat) => ({ account, session, subject: null });

/** Puts a notice up unless it is there, or was dismissed before under the same name. @returns whether it is new. */
function putUp(seat: Seat, notice: SessionNotice, dismissed: ReadonlySet<string>): boolean {
  if (seat.notices.has(notice.id) || dismissed.has(noticeKey(seat, notice.id))) return false;
  seat.notices.set(notice.id, notice);
  return true;
}

/** Names a notice of a session among those of all. */
export const noticeKey = (seat: Seat, id: string): string => `${seat.session} ${id}`;

/**
 * Tells people whose account is signed in on other machines too, where the policy says one at a time. The notice goes by
 * itself when the other sign-in is gone. @returns whether anything on screen changed.
 */
export function tellOfElsewhere(
  seat: Seat,
  policy: SignedPolicy | null,
  elsewhere: Elsewhere,
  dismissed: ReadonlySet<string>,
  record: Recorder,
): boolean {
  const rule = policy?.policy.rules?.concurrentSignIn;
  const name = seat.account.name.toLowerCase();
  const ignored =
    isSharedAccount(policy?.policy.rules?.sharedAccounts, name) ||
    (rule?.ignoreAccounts?.some((one) => one.toLowerCase() === name) ?? false);
  const found = elsewhere.find((one) => one.accountName.toLowerCase() === name);
  const machines = policy === null || rule === undefined || ignored ? [] : (found?.machines ?? []);
  const id = `same-account:${[...machines].sort().join(',')}`.slice(0, 100);
  let changed = false;
  for (const [key, { kind }] of seat.notices) {
    if (kind === 'sameAccount' && (machines.length === 0 || key !== id)) changed = seat.notices.delete(key) || changed;
  }
  if (policy === null || rule === undefined || machines.length === 0) return changed;
  const notice: SessionNotice = {
    id,
    kind: 'sameAccount',
    title: 'Your account is signed in somewhere else too',
    text: `It is also signed in on ${machines.join(', ')}. If that is you, sign out there. If it is not, change your password and tell IT.`,
    clause: seat.clauseOf(rule.clause),
    actions: ['signOut'],
  };
  if (!putUp(seat, notice, dismissed)) return changed;
  record({ ...ofSeat(seat), type: 'session.elsewhere', data: { machines }, rule: ruleOf(policy, rule.clause) });
  return true;
}

/** Reminds of an old password, once a day. @returns whether anything on screen changed. */
export function tellOfPassword(
  seat: Seat,
  policy: SignedPolicy,
  ageDays: number,
  today: string,
  dismissed: ReadonlySet<string>,
  record: Recorder,
): boolean {
  const rule = policy.policy.rules?.passwordAge;
  const ageing = rule === undefined ? null : passwordAgeing(rule, ageDays);
  if (rule === undefined || ageing === null) return false;
  const notice: SessionNotice = {
    id: `password-age:${today}`,
    kind: 'passwordAge',
    title: ageing.dueInDays < 0 ? 'Your password is overdue for a change' : 'Your password is due for a change',
    text: passwordSentence(ageing.dueInDays, rule.maximumDays),
    clause: seat.clauseOf(rule.clause),
    actions: [],
  };
  if (!putUp(seat, notice, dismissed)) return false;
  const data = { ageDays, maximumDays: rule.maximumDays };
  record({ ...ofSeat(seat), type: 'password.ageing', data, rule: ruleOf(policy, rule.clause) });
  return true;
}

/** Reminds to sign out or shut down at the end of the day. @returns whether anything on screen changed. */
export function tellOfEndOfDay(
  seat: Seat,
  policy: SignedPolicy,
  now: LocalTime,
  dismissed: ReadonlySet<string>,
  record: Recorder,
): boolean {
  const rule = policy.policy.rules?.endOfDay;
  if (rule === undefined || !endOfDayDue(rule, now, null)) return false;
  const notice: SessionNotice = {
    id: `end-of-day:${now.date}`,
    kind: 'endOfDay',
    title: 'Before you go home',
    text: 'Save your work, then sign out or shut this computer down when you leave.',
    clause: seat.clauseOf(rule.clause),
    actions: ['signOut', 'shutDown'],
  };
  if (!putUp(seat, notice, dismissed)) return false;
  record({
    ...ofSeat(seat),
    type: 'endOfDay.reminded',
    data: { answer: 'none' },
    rule: ruleOf(policy, rule.clause),
  });
  return true;
}
