import { events, type EventRow } from '../../../src/contract/console.ts';
import type { EventType } from '../../../src/contract/event.ts';
import type { RunningMachine } from '../../../tools/launch/machine.ts';

const cookies = new WeakMap<RunningMachine, Promise<string>>();

/** The newest events of a type that the server holds, oldest first, asked for as the console does. */
export async function schoolEvents(machine: RunningMachine, type: EventType): Promise<EventRow[]> {
  const cookie = cookies.get(machine) ?? signIn(machine);
  cookies.set(machine, cookie);
  const answer = await fetch(`${machine.origin}/v1/console/events?limit=200&type=${type}`, {
    headers: { cookie: await cookie },
  });
  return events.parse(await answer.json()).items.reverse();
}

/** The one-time link works once, so this is asked once for each machine. */
async function signIn(machine: RunningMachine): Promise<string> {
  const answer = await fetch(machine.signInLink, { redirect: 'manual' });
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0] ?? '')
    .join('; ');
}
