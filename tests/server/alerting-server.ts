import type { z } from 'zod';
import {
  alertList,
  alertPaths,
  channelList,
  feedList,
  madeAnswer,
  type RuleInput,
} from '../../src/contract/console-alerts.ts';
import type { ServerOptions } from '../../src/server/index.ts';
import { postJson } from '../support/test-device.ts';
import { ask, runningServer, signIn } from './running.ts';

export const ruleOf = (change: Partial<RuleInput>): RuleInput => ({
  name: 'Screens that do not lock',
  what: ['event:lock.failed'],
  schoolId: null,
  machineNames: [],
  threshold: { count: 1, minutes: 1 },
  quietMinutes: 0,
  channels: [],
  includeNames: false,
  enabled: true,
  ...change,
});

export const lockFailed = {
  type: 'lock.failed',
  data: { action: 'lock', reason: 'idle', why: 'No screen locker is installed', covered: true },
  account: 'robin.example',
} as const;

/** A server whose alerts may go to this computer and that looks often, with a signed-in administrator. */
export async function alertingServer(options: Partial<ServerOptions> = {}) {
  const server = await runningServer({ alertNetworks: 'private', alertEverySeconds: 0.05, ...options });
  const cookie = await signIn(server);
  const send = async (path: string, body: unknown): Promise<Response> =>
    await postJson(`${server.origin}${path}`, body, { cookie, origin: server.origin });
  const made = async (path: string, body: unknown) => {
    const answer = await send(path, body);
    if (!answer.ok) throw new Error(await answer.text());
    return madeAnswer.partial({ secret: true }).parse(await answer.json());
  };
  const read = async <S extends z.ZodType>(path: string, schema: S): Promise<z.output<S>> =>
    schema.parse(await (await ask(server, cookie, path)).json());
  return {
    server,
    send,
    made,
    read,
    alerts: async () => (await read(alertPaths.alerts, alertList)).items,
    channels: async () => (await read(alertPaths.channels, channelList)).items,
    feeds: async () => (await read(alertPaths.feeds, feedList)).items,
  };
}
