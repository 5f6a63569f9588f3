import type { PresentationSignal } from '../../contract/policy-rules.ts';
import { signalOfWords } from '../awake-words.ts';
import type { OsSession, SessionControl } from '../machine.ts';
import { pollSessions } from '../polled-sessions.ts';
import { runSystem } from '../run-system.ts';

/** Often enough that a lock is confirmed well inside three seconds. */
const lookEveryMs = 1_000;
/** The launch agent that the installer puts into every sign-in. */
const shellAgent = 'school.usher.shell';

/** Runs a command and gives what it printed; null when it could not. */
type Run = (program: string, parameters: readonly string[]) => Promise<string | null>;

/** Sessions through the window server's own list. Written from Apple's manual pages; it has not been run on a Mac yet. */
export function macSessions(nameOf: (uid: number) => string, run: Run = runSystem): SessionControl {
  const list = async (): Promise<OsSession[]> => {
    const printed = await run('/usr/sbin/ioreg', ['-n', 'Root', '-d1', '-w0']);
    if (printed === null) throw new Error('macOS did not list its sessions');
    return consoleUsers(printed, nameOf);
  };
  const uidOf = async (session: string): Promise<number> => {
    const found = (await list()).find((one) => one.session === session);
    if (found === undefined) throw new Error('macOS does not list this session any more');
    return Number(found.account.id);
  };
  const must = async (program: string, parameters: readonly string[], what: string): Promise<void> => {
    if ((await run(program, parameters)) === null) throw new Error(`macOS refused to ${what}`);
  };
  return {
    watch: (onEvent) => pollSessions(list, lookEveryMs, onEvent),
    async lock() {
      // Turning the display off locks where "Require password immediately" is set (pmset(1)); posture checks that it is.
      await must('/usr/bin/pmset', ['displaysleepnow'], 'turn the display off');
      return 'asked';
    },
    async signOut(session) {
      await must('/bin/launchctl', ['bootout', `user/${await uidOf(session)}`], 'end the session');
    },
    shutDown: () => must('/sbin/shutdown', ['-h', 'now'], 'shut down'),
    async idleMs() {
      return hidIdleMs((await run('/usr/sbin/ioreg', ['-c', 'IOHIDSystem', '-d4', '-w0'])) ?? '');
    },
    async presentationSignals() {
      return assertionSignals((await run('/usr/bin/pmset', ['-g', 'assertions'])) ?? '');
    },
    // The window server tells only programs inside a session which windows are open in it.
    openPrograms: () => Promise.resolve([]),
    startShell: (_program, { accountId }) =>
      must('/bin/launchctl', ['kickstart', `gui/${accountId}/${shellAgent}`], 'start the screen staff see'),
  };
}

/** The people signed in at the screen, out of `ioreg -n Root -d1`: `IOConsoleUsers`, one `{…}` for each. */
export function consoleUsers(text: string, nameOf: (uid: number) => string): OsSession[] {
  const list = /"IOConsoleUsers" = \((.*)\)/.exec(text)?.[1] ?? '';
  return [...list.matchAll(/\{([^{}]*)\}/g)].flatMap(([, entry = '']): OsSession[] => {
    const field = (name: string) => new RegExp(`"${name}"=("([^"]*)"|[^,]*)`).exec(entry);
    const uid = Number(field('kCGSSessionUserIDKey')?.[1] ?? Number.NaN);
    const name = field('kCGSSessionUserNameKey')?.[2] ?? '';
    if (!Number.isInteger(uid) || uid < 500 || name === '') return [];
    return [
      {
        session: nameOf(uid),
        account: { id: String(uid), name },
        active: field('kCGSSessionOnConsoleKey')?.[1] === 'Yes',
        locked: field('CGSSessionScreenIsLocked')?.[1] === 'Yes',
        remote: false,
      },
    ];
  });
}

/** `HIDIdleTime` is in nanoseconds. */
export function hidIdleMs(text: string): number | null {
  const found = /"HIDIdleTime" = (\d+)/.exec(text)?.[1];
  return found === undefined ? null : Math.floor(Number(found) / 1e6);
}

/** Programs that keep the display on, out of `pmset -g assertions`. */
export function assertionSignals(text: string): PresentationSignal[] {
  const lines = text
    .split('\n')
    .filter((line) => /pid \d+\(.*(PreventUserIdleDisplaySleep|NoDisplaySleepAssertion) named:/.test(line));
  return [...new Set(lines.map(signalOfWords))];
}
