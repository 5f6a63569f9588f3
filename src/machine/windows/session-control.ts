import type { PresentationSignal } from '../../contract/policy-rules.ts';
import { signalOfWords } from '../awake-words.ts';
import type { OsSession, SessionControl } from '../machine.ts';
import { pollSessions } from '../polled-sessions.ts';
import { runSystem } from '../run-system.ts';
import { loadSessionFunctions, type SessionFunctions, type WindowsSession } from './session-functions.ts';

/** A service outside the session has no news of it without a window of its own; asking is a few system calls. */
const lookEveryMs = 2_000;

/** The task that starts the shell at logon; the installer makes it. */
const shellTask = String.raw`\Usher\Shell`;

/** Sessions through Terminal Services. Written from Microsoft's documentation; it has not been run on Windows yet. */
export function windowsSessions(
  nameOf: (number: number) => string,
  load: () => Promise<SessionFunctions> = loadSessionFunctions,
): SessionControl {
  let loaded: Promise<SessionFunctions> | null = null;
  const functions = (): Promise<SessionFunctions> => (loaded ??= load());
  const persons = async (): Promise<WindowsSession[]> =>
    (await functions()).list().filter(({ name, sid, state }) => name !== '' && sid !== '' && state !== 'other');
  const one = async (session: string): Promise<WindowsSession | null> =>
    (await persons().catch(() => [])).find(({ number }) => nameOf(number) === session) ?? null;
  const need = async (session: string): Promise<WindowsSession> => {
    const found = await one(session);
    if (found === null) throw new Error('Windows does not list this session any more');
    return found;
  };

  return {
    watch: (onEvent) =>
      pollSessions(async () => (await persons()).map((found) => asOsSession(found, nameOf)), lookEveryMs, onEvent),
    async lock(session, hasShell) {
      // LockWorkStation works only from inside the session; from outside, disconnecting shows the sign-in screen.
      if (hasShell) return 'inSession';
      (await functions()).disconnect((await need(session)).number);
      return 'asked';
    },
    async signOut(session) {
      (await functions()).logOff((await need(session)).number);
    },
    async shutDown() {
      const printed = await runSystem('shutdown.exe', ['/s', '/t', '0']);
      if (printed === null) throw new Error('Windows refused to shut down');
    },
    idleMs: async (session) => (await one(session))?.idleMs ?? null,
    async presentationSignals() {
      return powerRequestSignals((await runSystem('powercfg.exe', ['/requests'])) ?? '');
    },
    // Windows tells only programs inside a session which windows are open in it.
    openPrograms: () => Promise.resolve([]),
    async startShell() {
      const printed = await runSystem('schtasks.exe', ['/Run', '/TN', shellTask]);
      if (printed === null)
        throw new Error(`The scheduled task ${shellTask} could not be started; install Usher again`);
    },
  };
}

export function asOsSession(found: WindowsSession, nameOf: (number: number) => string): OsSession {
  return {
    session: nameOf(found.number),
    account: { id: found.sid, name: found.name },
    active: found.state === 'active',
    // A disconnected session shows the sign-in screen: nobody can use it without signing in again.
    locked: found.state === 'disconnected' ? true : found.locked,
    remote: found.remote,
  };
}

/**
 * What keeps the display on, out of `powercfg /requests`: the part under `DISPLAY:`, one `[PROCESS] …` with its reason on
 * the next line (https://learn.microsoft.com/windows-hardware/design/device-experiences/powercfg-command-line-options).
 */
export function powerRequestSignals(text: string): PresentationSignal[] {
  const display = /^DISPLAY:\s*$([\s\S]*?)(?=^[A-Z]+:\s*$|(?![\s\S]))/m.exec(text)?.[1] ?? '';
  const requests = display.split(/^(?=\[)/m).filter((part) => part.startsWith('['));
  return [...new Set(requests.map(signalOfWords))];
}
