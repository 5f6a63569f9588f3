import { Command } from 'commander';
import type { SessionView } from '../contract/session.ts';
import { settingsFromEnvironment } from '../contract/settings.ts';
import { usherVersion } from '../contract/version.ts';
import { connectSession, socketPathFor } from '../wire/index.ts';
import { stateLines } from '../words/state-words.ts';

/** `usher status`: how this machine stands for whoever asks, and what happens next. */
export function statusCommand(): Command {
  return new Command('status')
    .description('Show how Usher stands on this machine for you, and what happens next.')
    .option('--state <folder>', 'the state folder (USHER_STATE)')
    .option('--json', 'print everything the service tells, as JSON')
    .action(async (options: { state?: string; json?: true }) => {
      const given = settingsFromEnvironment(process.env);
      const elsewhere = options.state === undefined ? given : { stateFolder: options.state };
      const socketPath = socketPathFor(elsewhere);
      const view = await viewOf(socketPath);
      if (options.json === true) return console.log(JSON.stringify(view));
      for (const line of statusLines(view, new Date())) console.log(line);
    });
}

/** The same lines as the tray's, under who and where. */
export function statusLines(view: SessionView, now: Date): string[] {
  const { locale, timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  const locksInSeconds =
    view.lock.phase === 'watching'
      ? Math.max(0, Math.round((Date.parse(view.lock.locksAt) - now.getTime()) / 1_000))
      : view.lock.phase === 'warning'
        ? Math.max(0, Math.round((Date.parse(view.lock.endsAt) - now.getTime()) / 1_000))
        : null;
  const asks =
    view.gate.phase === 'asking'
      ? ['Waits for you to accept the policy']
      : view.gate.phase === 'identifying'
        ? ['Waits for you to say who you are']
        : view.gate.phase === 'leaving'
          ? ['Signs you out, because the policy was not accepted']
          : [];
  const lines = stateLines(view, now, { language: locale, timeZone }, locksInSeconds);
  const notices = view.notices.map(({ title }) => title);
  return [`${view.account.name} on ${view.hostname}`, ...[...lines, ...asks, ...notices].map((line) => `  ${line}`)];
}

/** @throws SessionConnectError with a sentence when no service answers. */
async function viewOf(socketPath: string): Promise<SessionView> {
  let first: SessionView | null = null;
  const connection = await connectSession(socketPath, {
    role: 'status',
    agentVersion: usherVersion,
    onView: (view) => (first ??= view),
    onClosed: () => undefined,
  });
  connection.close();
  if (first === null) throw new Error('The Usher service said nothing. Try again.');
  return first;
}
